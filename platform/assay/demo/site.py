"""The real server under the demonstration: the same processes that ``assay up`` runs for everybody."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from assay.processes.ports import check_port

HOST = "127.0.0.1"
START_SECONDS = 240  # setting up the database on a busy machine; one that fails says so at once
STOP_SECONDS = 15
LOOK_EVERY = 0.5


class SiteNotStarted(Exception):
    """The server did not come up; the message says why and where to look."""


@contextlib.contextmanager
def running_site(port: int, log: Path) -> Iterator[str]:
    """The site's address, while its processes run. Raises PortTaken, SiteNotStarted."""
    check_port(HOST, port)
    log.write_bytes(b"")  # of this run alone; starts after a kill go on in it
    server = _start(port, log)
    try:
        _wait_until_up(server, port, log)
    except BaseException:
        _stop(server)
        raise
    with _kept_running(server, port, log):
        yield f"http://{HOST}:{port}"


@contextlib.contextmanager
def _kept_running(server: subprocess.Popen[bytes], port: int, log: Path) -> Iterator[None]:
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(server, port, log, ended), name="site")
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(server: subprocess.Popen[bytes], port: int, log: Path, ended: threading.Event) -> None:
    """Start the site again should it be killed. The thread also stops it: on Linux it is the parent."""
    while not ended.wait(LOOK_EVERY):
        if server.poll() is not None:
            server = _start(port, log)
    _stop(server)


def _start(port: int, log: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "ASSAY_PORT": str(port), "ASSAY_BIND": HOST}
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603  (our own words only)
            [sys.executable, "-m", "assay", "up", "--parent", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,  # Ctrl-C is for us; we stop the site in our own time
        )


def _wait_until_up(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        if _answers(port):
            return
        time.sleep(0.1)
    raise SiteNotStarted(_why_not(server, log))


def _why_not(server: subprocess.Popen[bytes], log: Path) -> str:
    code = server.poll()
    ending = f"in {START_SECONDS} s" if code is None else f"and ended with exit code {code}"
    return f"The server did not start {ending}. {end_of(log)}"


def end_of(log: Path) -> str:
    """What the site said last, to show beside an error."""
    tail = log.read_text(errors="replace")[-1500:].strip() or "(nothing)"
    return f"The end of {log}:\n{tail}"


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
