"""The real server under the demonstration: the same processes that ``assay up`` runs for everybody."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 60


class SiteNotStarted(Exception):
    """The server did not come up; the message says why and where to look."""


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def port_in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


@contextlib.contextmanager
def running_site(port: int, log: Path) -> Iterator[str]:
    """The site's address, while its processes run. Raises SiteNotStarted."""
    if port_in_use(port):
        raise SiteNotStarted(
            f"Port {port} is in use by another program. Stop that program, or choose another port: --port {port + 1}"
        )
    with log.open("ab") as output:
        command = [sys.executable, "-m", "assay", "up", "--port", str(port)]
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=os.environ)
    try:
        _wait_until_up(server, port, log)
        yield f"http://{HOST}:{port}"
    finally:
        _stop(server)


def _wait_until_up(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        if _answers(port):
            return
        time.sleep(0.1)
    tail = log.read_text(errors="replace")[-1500:]
    raise SiteNotStarted(f"The server did not start within {START_SECONDS} s. The end of {log}:\n{tail}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
