"""Messages are hints. Whatever one starts is also found by a sweep, so losing it costs only time.

``nudge`` is the one way to send a message; tests that throw every message away replace ``send``.
"""

import threading
import time
from typing import Any, Protocol

import structlog
from celery import signature
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

# After a failure nothing is sent for a while, the longer the more time it took: a broker that is away or
# hangs delays one request, not all.
SILENCE = 5.0
SILENCE_PER_SECOND_LOST = 5.0


class Sendable(Protocol):
    """A Celery task or signature."""

    def delay(self, *arguments: Any) -> object: ...


class _Line:
    """What this process knows about the way to a worker."""

    worker_is_here = False
    silent_until = 0.0


def nudge(task: Sendable, *ids: int | str) -> None:
    """Send the task with the ids once the current transaction is stored. Never raises."""
    if _reaches_somebody():
        transaction.on_commit(lambda: send(task, ids), robust=True)


def nudge_soon(task: Sendable, *ids: int | str) -> None:
    """Like ``nudge``, off the caller's path and put together with its like.

    For what many requests ask for: a thread sends the same message at most once each
    ``HINT_REST_SECONDS``, the first at once, and one after the last that asked.
    """
    if _reaches_somebody():
        transaction.on_commit(lambda: _send_soon(task, ids), robust=True)


def nudge_by_name(task: str, *ids: int | str) -> None:
    """The same for a task of a higher layer, which the caller may not import."""
    nudge(signature(task), *ids)


def send(task: Sendable, ids: tuple[int | str, ...]) -> None:
    """Hand one message to the broker, or say that it could not be done."""
    began = time.monotonic()
    if began < _Line.silent_until:
        return
    try:
        task.delay(*ids)
    except OperationalError as error:
        _be_silent(time.monotonic() - began)
        log.warning("hint_not_sent", because=type(error).__name__)


def _send_soon(task: Sendable, ids: tuple[int | str, ...]) -> None:
    if settings.HINT_REST_SECONDS:
        _collector.ask(task, ids)
    else:
        send(task, ids)


class _Collector:
    """Messages that were asked for, each once, and the thread that sends them."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._asked: dict[tuple[int, tuple[int | str, ...]], Sendable] = {}
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def ask(self, task: Sendable, ids: tuple[int | str, ...]) -> None:
        with self._guard:
            self._asked[id(task), ids] = task
            if self._thread is None or not self._thread.is_alive():  # not alive: after a fork
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            with self._guard:
                asked, self._asked = self._asked, {}
            for (_, ids), task in asked.items():
                self._send(task, ids)
            time.sleep(settings.HINT_REST_SECONDS)

    def _send(self, task: Sendable, ids: tuple[int | str, ...]) -> None:
        try:
            send(task, ids)
        except Exception as error:  # the thread must live on: the next message may get through
            log.warning("hint_not_sent", because=type(error).__name__)


_collector = _Collector()


def _be_silent(lost: float) -> None:
    _Line.silent_until = time.monotonic() + SILENCE + SILENCE_PER_SECOND_LOST * lost


def worker_is_here() -> None:
    """Said by the process that runs the embedded worker: ``memory://`` reaches it and nobody else."""
    _Line.worker_is_here = True


def _reaches_somebody() -> bool:
    return _Line.worker_is_here or not settings.EMBEDDED_JOBS
