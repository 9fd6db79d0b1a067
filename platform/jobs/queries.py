"""Reads of job rows that more than one place needs."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from jobs.clock import in_future
from jobs.limits import HINT_AGAIN
from jobs.models import LIVE, Job, State


def live_job(kind: str, key: str) -> Job | None:
    """The waiting or running job with this kind and key, if there is one."""
    return Job.objects.filter(kind=kind, key=key, state__in=LIVE).first()


def due_jobs() -> QuerySet[Job]:
    """Waiting jobs whose time has come (index jobs_waiting)."""
    return Job.objects.filter(state=State.WAITING, due_at__lte=Now())


def jobs_without_hint() -> QuerySet[Job]:
    """Due jobs that nobody was told about, or so long ago that the message is taken for lost."""
    told_long_ago = Q(hinted_at__lt=in_future(-HINT_AGAIN))
    return due_jobs().filter(Q(hinted_at=None) | told_long_ago).order_by("due_at", "pk")


def lapsed_jobs() -> QuerySet[Job]:
    """Running jobs whose process has been silent for longer than their lease (index jobs_running)."""
    return Job.objects.filter(state=State.RUNNING, lease_until__lt=Now())


def held_job(job_id: int, token: int) -> QuerySet[Job]:
    """The job, as long as the attempt with this token is the one that runs it."""
    return Job.objects.filter(pk=job_id, token=token, state=State.RUNNING)


def newest_jobs() -> QuerySet[Job]:
    """All jobs, newest first."""
    return Job.objects.order_by("-pk")


def live_jobs() -> QuerySet[Job]:
    """What is waiting or running, newest first."""
    return newest_jobs().filter(state__in=LIVE)


def jobs_of_tenants(tenants: Collection[int]) -> QuerySet[Job]:
    """Jobs of these tenants and of nobody else, newest first (index jobs_of_tenant)."""
    return newest_jobs().filter(tenant__in=tenants)
