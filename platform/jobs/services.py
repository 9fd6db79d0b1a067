"""Every change of a job's state from outside its run: ask for work, stop it, ask again."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from jobs.events import job_ended
from jobs.hints import nudge_by_name
from jobs.models import LIVE, Job, State
from jobs.queries import live_job
from jobs.registry import kind_named

RUN_JOB = "jobs.run_job"


class JobBusy(Exception):
    """The job cannot be tried again: it, or another one with its key, is still waiting or running."""


def enqueue(
    kind: str,
    arguments: dict[str, Any],
    *,
    key: str = "",
    tenant: int | None = None,
    subject: str = "",
    due_at: datetime | None = None,
) -> Job:
    """The job that will do this: a new row in the caller's transaction, hinted at on commit.

    With a ``key`` that a live job of this kind has, that job is returned and nothing is written. It may
    be running and have read its input already, so the cause must be visible in rows to a later run.
    """
    wanted = Job(
        kind=kind,
        arguments=arguments,
        key=key,
        tenant=tenant,
        subject=subject,
        max_attempts=kind_named(kind).max_attempts,
    )
    if due_at is not None:
        wanted.due_at = due_at
    if key:
        return _insert_or_join(wanted)
    return _insert(wanted)


def cancel(job: Job) -> bool:
    """Stop the job; whether it was still live. A running attempt notices at its next write."""
    with transaction.atomic():
        live = Job.objects.filter(pk=job.pk, state__in=LIVE)
        cancelled = live.update(state=State.CANCELLED, finished_at=Now(), lease_until=None) == 1
        job.refresh_from_db()
        if cancelled:
            job_ended.send(Job, job=job)
    return cancelled


def retry(job: Job) -> Job:
    """Let a failed or cancelled job try anew, with all its attempts. Raises JobBusy."""
    ended = Job.objects.filter(pk=job.pk, state__in=[State.FAILED, State.CANCELLED])
    try:
        with transaction.atomic():
            _start_over(ended)
    except IntegrityError:
        raise JobBusy(job.public_id) from None
    job.refresh_from_db()
    nudge_by_name(RUN_JOB, job.pk)
    return job


def _start_over(jobs: QuerySet[Job]) -> None:
    fresh = jobs.update(
        state=State.WAITING, attempts=0, error="", due_at=Now(), hinted_at=None, finished_at=None
    )
    if fresh != 1:
        raise IntegrityError("not ended")


def _insert_or_join(wanted: Job) -> Job:
    """Look first: an insert that conflicts would wait for whoever holds the live row."""
    for _ in range(10):
        if live := live_job(wanted.kind, wanted.key):
            return live
        try:
            with transaction.atomic():
                return _insert(wanted)
        except IntegrityError:
            continue  # somebody was first, and may even have ended by the time we look
    raise JobBusy(wanted.key)


def _insert(job: Job) -> Job:
    job.save(force_insert=True)
    nudge_by_name(RUN_JOB, job.pk)  # of no use when it is due later: then the sweep finds it
    return job
