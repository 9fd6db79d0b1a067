"""Run all of Assay on this machine: database set-up, web, jobs."""

import argparse
import signal
import subprocess

from assay.commands import _process
from assay.logs import configure
from assay.processes.ports import PortTaken, check_port
from assay.processes.supervisor import Supervisor, command_line
from assay.settings.environment import Environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    _process.add_arguments(parser)
    parser.add_argument(
        "--port", type=_process.port, help="port to listen on (default: ASSAY_PORT)"
    )


def run(options: argparse.Namespace) -> int:
    environment = _process.begin(options)
    port = options.port or environment.port
    configure(environment.log_level)
    try:
        check_port(environment.bind, port, patience=1.0)
    except PortTaken as problem:
        return _process.explain(problem)
    if _migrate() != 0:
        return _process.explain("The database could not be prepared (see above).")
    ended_by = Supervisor(site_commands(environment, port)).run()
    return 128 + ended_by if ended_by == signal.SIGINT else 0


def _migrate() -> int:
    signal.signal(signal.SIGTERM, _leave)
    command = command_line("migrate", "--no-input", "--verbosity=0")
    return subprocess.run(command, check=False).returncode  # noqa: S603  (our own words only)


def _leave(number: int, _frame: object) -> None:
    """An exception: ``subprocess.run`` then takes its child along, which SIGTERM alone would leave behind."""
    raise SystemExit(128 + number)


def site_commands(environment: Environment, port: int) -> list[list[str]]:
    """The commands that make up the site: with Redis, workers can be on any machine."""
    web = ["web", "--port", str(port)]
    return [web, ["worker"], ["scheduler"]] if environment.redis_url else [web, ["jobs"]]
