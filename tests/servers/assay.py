"""Real processes of Assay, as a user runs them, for tests that kill them."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 180.0  # never a measure of speed: only the end of a test that would hang

NOT_OURS = {
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DJANGO_SETTINGS_MODULE",
    "PYTHONDONTWRITEBYTECODE",  # compiling everything anew doubles the time of every start
}


def environment(home: Path, **variables: str) -> dict[str, str]:
    """What a fresh user has: none of our own variables but these."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ASSAY_") and name not in NOT_OURS
    }
    return {**clean, "ASSAY_HOME": str(home), **variables}


@contextmanager
def running(
    *arguments: str, environ: Mapping[str, str], log: Path, program: str = "-m assay"
) -> Iterator["subprocess.Popen[bytes]"]:
    """``assay <arguments>`` as a process that is killed at the end, with all that it started."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *program.split(maxsplit=2), *arguments, "--parent", str(os.getpid())],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(ready: Callable[[], object], *, log: Path) -> None:
    """Return as soon as ``ready()`` is true; fail with the log when that never comes."""
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise AssertionError(
                f"it never came. The log says:\n{log.read_text(errors='replace')[-3000:]}"
            )
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether a web server there says that it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def descendants(pid: int) -> list[int]:
    """Every process below this one, nearest first."""
    children = [child for child, parent in _parents().items() if parent == pid]
    return [*children, *(grand for child in children for grand in descendants(child))]


def alive(pids: list[int]) -> list[int]:
    """Those that still run; what is only not yet buried does not count."""
    return [pid for pid in pids if _state(pid) not in ("", "Z")]


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def _parents() -> dict[int, int]:
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return {pid: int(fields[1]) for pid in numbers if (fields := _stat(pid))}


def _state(pid: int) -> str:
    fields = _stat(pid)
    return fields[0] if fields else ""


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def run(*arguments: str, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """One command, from its start to its end."""
    return subprocess.run(
        [sys.executable, "-m", "assay", *arguments],
        env=dict(environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
