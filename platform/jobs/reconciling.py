"""Finds what lost messages and dead processes left behind. Idempotent; two at once are harmless."""

import structlog
from django.db import transaction
from django.db.models.functions import Now

from jobs import limits
from jobs.clock import in_future
from jobs.events import job_ended
from jobs.hints import nudge_by_name
from jobs.models import Job, State
from jobs.queries import jobs_without_hint, lapsed_jobs
from jobs.running import retry_delay
from jobs.services import RUN_JOB

log = structlog.get_logger(__name__)

DIED = "The process that ran this job died, {attempts} times. It is not tried again."


@transaction.atomic
def hint_waiting_jobs() -> int:
    """Send a hint for each due job that still waits; how many."""
    waiting = jobs_without_hint().select_for_update(skip_locked=True, no_key=True)
    ids = list(waiting.values_list("pk", flat=True)[: limits.HINTS_PER_SWEEP])
    Job.objects.filter(pk__in=ids).update(hinted_at=Now())
    for job_id in ids:
        nudge_by_name(RUN_JOB, job_id)
    return len(ids)


@transaction.atomic
def release_lapsed_jobs() -> int:
    """Give jobs of silent processes back to the line, or fail those that died too often; how many.

    A row that is locked belongs to an attempt inside its fence: it lives, whatever its lease says.
    """
    lapsed = lapsed_jobs().select_for_update(skip_locked=True, no_key=True).order_by("pk")
    jobs = list(lapsed[: limits.RELEASED_PER_SWEEP])
    for job in jobs:
        _release(job)
    return len(jobs)


def adopt_orphans() -> None:
    """Said by a process that is certain to be the only runner: all that was begun or hinted is lost."""
    Job.objects.filter(state=State.RUNNING).update(lease_until=in_future(-limits.HINT_AGAIN))
    Job.objects.filter(state=State.WAITING).update(hinted_at=None)
    release_lapsed_jobs()


def _release(job: Job) -> None:
    log.warning("job_lapsed", job=job.pk, kind=job.kind, attempts=job.attempts)
    if job.attempts >= job.max_attempts:
        _fail(job)
    else:
        _back_to_waiting(job)


def _back_to_waiting(job: Job) -> None:
    """At once after the first death; a job that kills its process again waits a little."""
    job.state, job.lease_until, job.hinted_at = State.WAITING, None, None
    job.error = "The process that ran it died."
    job.save(update_fields=["state", "lease_until", "hinted_at", "error"])
    if job.attempts > 1:
        Job.objects.filter(pk=job.pk).update(due_at=in_future(retry_delay(job.attempts)))


def _fail(job: Job) -> None:
    job.state, job.lease_until = State.FAILED, None
    job.error = DIED.format(attempts=job.attempts)
    job.save(update_fields=["state", "lease_until", "error"])
    Job.objects.filter(pk=job.pk).update(finished_at=Now())
    job_ended.send(Job, job=job)
