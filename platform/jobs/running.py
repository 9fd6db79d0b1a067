"""One attempt at a job: take it, keep the lease alive, let it write only while it holds the fence.

Any process may die or sleep at any instant. A sleeper that wakes up after its lease was given away
still believes that it runs the job; so each attempt carries a token, every effect is written inside
``Run.fenced()``, and there the row itself says whose turn it is.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models.functions import Now

from jobs import limits
from jobs.clock import in_future
from jobs.connections import drop_dead_connections
from jobs.events import job_ended
from jobs.leases import LeaseKeeper
from jobs.models import Job, State
from jobs.queries import due_jobs, held_job
from jobs.registry import Kind, Result, UnknownKind, kind_named
from jobs.text import in_short, storable

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """The job was cancelled, or another attempt has it: stop, and write nothing more."""


class JobFailed(Exception):
    """Raised by a handler when trying again is useless; the message is for people."""


class Stopped(BaseException):
    """This process is about to end; the attempt is given back. Not for handlers to catch."""


_stopping = threading.Event()


def stop_runs() -> None:
    """Said once, when the process ends: every run stops at its next report of progress or write."""
    _stopping.set()


class Run:
    """What a handler gets: its arguments, a way to report progress, and the fence."""

    def __init__(self, job: Job) -> None:
        self.job_id = job.pk
        self.token = job.token
        self.attempt = job.attempts
        self.arguments: dict[str, Any] = job.arguments
        self.tenant = job.tenant
        self.subject = job.subject
        self._written_at = -limits.PROGRESS_EVERY

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Report how far the work is. Cheap: most calls write nothing. Raises LeaseLost."""
        _stop_if_asked()
        if time.monotonic() - self._written_at < limits.PROGRESS_EVERY and done != total:
            return
        self._written_at = time.monotonic()
        text = storable(message, limits.MESSAGE_LENGTH)
        if held_job(self.job_id, self.token).update(done=done, total=total, message=text) != 1:
            raise LeaseLost(self.job_id)

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction in which this attempt is certainly the one that holds the job.

        The job's row stays locked until the block ends, so nobody can take the job away meanwhile.
        Raises LeaseLost before anything is written.
        """
        _stop_if_asked()
        with _fence(self):
            yield


def _stop_if_asked() -> None:
    if _stopping.is_set():
        raise Stopped


@contextmanager
def _fence(run: Run) -> Iterator[None]:
    with transaction.atomic():
        held = held_job(run.job_id, run.token).select_for_update(no_key=True)
        if not held.values_list("pk").first():
            raise LeaseLost(run.job_id)
        yield


def run_job(job_id: int) -> None:
    """Run the job now if it is waiting and due; otherwise somebody else has seen to it."""
    try:
        run, kind = _take(job_id)
    except (Job.DoesNotExist, UnknownKind) as reason:
        log.debug("job_not_taken", job=job_id, because=str(reason))
        return
    with structlog.contextvars.bound_contextvars(job=run.job_id, kind=kind.name):
        log.info("job_started", attempt=run.attempt)
        try:
            _attempt(run, kind)
        except LeaseLost:
            log.warning("job_lease_lost", token=run.token)
        except Stopped:
            pass


@transaction.atomic
def _take(job_id: int) -> tuple[Run, Kind]:
    """Under the row's lock, so that the token in our hand is certainly our own."""
    job = due_jobs().select_for_update(no_key=True).get(pk=job_id)
    kind = kind_named(job.kind)
    job.token += 1
    job.attempts += 1
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING,
        token=job.token,
        attempts=job.attempts,
        lease_until=in_future(kind.lease),
        started_at=Now(),
        done=0,
        total=None,
        message="",
    )
    return Run(job), kind


def _attempt(run: Run, kind: Kind) -> None:
    try:
        with LeaseKeeper(run.job_id, run.token, kind.lease):
            result = kind.handler(run)
        _finish(run, result)
    except LeaseLost:
        raise
    except JobFailed as failure:
        _fail(run, str(failure))
    except Exception as error:
        log.exception("job_attempt_failed", attempt=run.attempt)
        drop_dead_connections()  # the database may be what failed
        _try_again(run, in_short(error))
    except BaseException:  # the process is told to go: the attempt is given back at once
        _give_back(run)
        raise


def _finish(run: Run, result: Result) -> None:
    _end(run, state=State.DONE, result=result, error="")
    log.info("job_done")


def _fail(run: Run, message: str) -> None:
    _end(run, state=State.FAILED, error=storable(message, limits.ERROR_LENGTH))
    log.warning("job_failed", attempt=run.attempt)


def _end(run: Run, **changes: Any) -> None:
    with _fence(run):
        Job.objects.filter(pk=run.job_id).update(lease_until=None, finished_at=Now(), **changes)
        job_ended.send(Job, job=Job.objects.get(pk=run.job_id))


def _try_again(run: Run, error: str) -> None:
    job = Job.objects.get(pk=run.job_id)
    if job.attempts >= job.max_attempts:
        return _fail(run, error)
    _back_to_waiting(run, retry_delay(job.attempts), storable(error, limits.ERROR_LENGTH))
    return None


def _give_back(run: Run) -> None:
    """It does not count: the job has done nothing wrong."""
    _back_to_waiting(run, timedelta(0), "Its process was stopped.", attempts=run.attempt - 1)
    log.info("job_given_back")


def _back_to_waiting(run: Run, delay: timedelta, error: str, **changes: Any) -> None:
    with _fence(run):
        Job.objects.filter(pk=run.job_id).update(
            state=State.WAITING,
            lease_until=None,
            due_at=in_future(delay),
            hinted_at=None,
            error=error,
            **changes,
        )


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after this many attempts failed."""
    return timedelta(seconds=min(limits.RETRY_FIRST * 2 ** (attempts - 1), limits.RETRY_LONGEST))
