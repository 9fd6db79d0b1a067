"""The web server: granian calling the WSGI application from a few threads of one or more processes."""

import multiprocessing
import signal
from collections.abc import Callable
from typing import Any

import structlog
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from assay.lifeline import die_with_parent
from assay.logs import configure, logging_configuration
from assay.processes.ports import check_port
from assay.settings.environment import Environment

log = structlog.get_logger(__name__)

STOP_SECONDS = 8  # for requests that are under way, before their process is killed
GRANIANS_PATIENCE, CANNOT_START = 5.5, 3.0  # seconds
THREAD_REST_SECONDS = 600  # a thread keeps its database connection; do not end it early


def serve(environment: Environment, port: int) -> None:
    """Serve until told to stop. Raises PortTaken."""
    check_port(environment.bind, port)
    configure(environment.log_level)
    log.info("web_starting", url=f"http://{environment.bind}:{port}/")
    server = Server(
        "assay.wsgi:application",
        address=environment.bind,
        port=port,
        interface=Interfaces.WSGI,
        workers=process_count(environment),
        blocking_threads=environment.web_threads,
        blocking_threads_idle_timeout=THREAD_REST_SECONDS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig=logging_configuration(environment.log_level),
    )
    server.respawned_wrks = StartedAgain()
    server.serve(target_loader=load_application, wrap_loader=False)


class StartedAgain(dict[int, float]):
    """When each process of the server was last started again.

    Granian gives up, and ends all of them, when one dies within 5.5 s of that. One that cannot start dies
    within three, and then giving up is right; one that was killed again after that is to be started again.
    """

    def __setitem__(self, process: int, moment: float) -> None:
        super().__setitem__(process, moment - (GRANIANS_PATIENCE - CANNOT_START))


def process_count(environment: Environment) -> int:
    """SQLite has one writer: more processes would only wait for each other."""
    return 1 if environment.database["ENGINE"] == "assay.sqlite" else environment.web_processes


def load_application() -> Callable[..., Any]:
    """Runs inside granian's worker process."""
    # Until granian sets its own, the handlers of the parent are in place, and they would swallow this.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        die_with_parent(parent.pid)
    from assay.wsgi import application

    return application
