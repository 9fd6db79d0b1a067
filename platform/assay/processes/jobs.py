"""The jobs process of one machine: a Celery worker on ``memory://`` and the scheduler that feeds it.

Nothing outside this process can send it a message, and nothing needs to: the sweeps, several a second,
find what the web process wrote.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.processes.worker import work
from assay.settings.environment import Environment


class AlreadyRunning(Exception):
    """Another jobs process uses the same home."""


def run_jobs(environment: Environment) -> None:
    """Run sweeps and jobs until told to stop. Raises AlreadyRunning."""
    with _the_only_one(environment.home / "jobs.lock"):
        _take_over()
        stop = threading.Event()
        thread = _start_scheduler(stop)
        try:
            work(pool="threads", slots=environment.job_slots)
        finally:
            stop.set()
            thread.join(timeout=5)


@contextmanager
def _the_only_one(path: Path) -> Iterator[None]:
    """The lock goes with the process, so after any death the next one can be sure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise AlreadyRunning(
            f"Another `assay jobs` runs for {path.parent}. One is enough: stop it first."
        ) from None
    try:
        yield
    finally:
        os.close(lock)


def _take_over() -> None:
    """Whatever the last jobs process was doing, nobody is doing it any more."""
    from jobs.hints import worker_is_here
    from jobs.reconciling import adopt_orphans

    worker_is_here()
    adopt_orphans()


def _start_scheduler(stop: threading.Event) -> threading.Thread:
    from jobs.scheduler import Scheduler

    scheduler = Scheduler(embedded=True)
    thread = threading.Thread(target=scheduler.run, args=(stop,), name="scheduler", daemon=True)
    thread.start()
    return thread
