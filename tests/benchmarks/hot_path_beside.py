"""What may go on beside the load that ``hot_path.py`` measures: exports, and web processes that are killed."""

import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import assay

KILL_EVERY = 5  # seconds


@contextmanager
def nothing(_project: str, _web: int) -> Iterator[None]:
    yield


@contextmanager
def exports(public_id: str, _web: int) -> Iterator[None]:
    """All answers of the project so far, again and again."""
    with _meanwhile(lambda: _export(public_id), every=0.0):
        yield


@contextmanager
def kills(_project: str, web: int) -> Iterator[None]:
    """One of the web processes, without a word of warning."""
    with _meanwhile(lambda: _kill_one(web), every=KILL_EVERY):
        yield


@contextmanager
def _meanwhile(act: Callable[[], None], every: float) -> Iterator[None]:
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(every):
            act()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _export(public_id: str) -> None:
    from django.db import connection

    from labeling.models import Project
    from labeling.services.exporting import export_answers

    for _ in export_answers(Project.objects.get(public_id=public_id), "csv"):
        pass
    connection.close()


def _kill_one(web: int) -> None:
    serving = [pid for pid in assay.descendants(web) if _command(pid) == _command(web)]
    if serving:
        os.kill(secrets.choice(serving), signal.SIGKILL)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
