"""Messages are hints. Whatever one starts is also found by a sweep, so losing it costs only time.

``nudge`` is the one way to send a message; tests that throw every message away replace ``send``.
"""

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


def _be_silent(lost: float) -> None:
    _Line.silent_until = time.monotonic() + SILENCE + SILENCE_PER_SECOND_LOST * lost


def worker_is_here() -> None:
    """Said by the process that runs the embedded worker: ``memory://`` reaches it and nobody else."""
    _Line.worker_is_here = True


def _reaches_somebody() -> bool:
    return _Line.worker_is_here or not settings.EMBEDDED_JOBS
