"""Long work as rows. The row is the truth; a Celery message about it is a hint that may be lost or doubled."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from jobs.identifiers import job_id


class State(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = (State.WAITING, State.RUNNING)


class Job(models.Model):
    """One piece of long work: what, for whom, how far, who runs it until when.

    ``token`` is the fence: each attempt gets a higher one, and what an older attempt wants to write is
    refused. ``key`` names work of which one live job is enough (``retrain:12``); empty means any number.
    ``tenant`` and ``subject`` are ids on the wire: this app knows nothing of what they name.
    """

    public_id = models.CharField(max_length=32, unique=True, default=job_id, editable=False)
    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=120, blank=True)
    tenant = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    message = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=3)
    token = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_default=Now())  # by the database's clock, as leases are
    hinted_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=LIVE) & ~Q(key=""),
                name="one_live_job_per_key",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | Q(lease_until__isnull=False),
                name="running_job_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(done__gte=0) & (Q(total__isnull=True) | Q(total__gte=0)),
                name="job_progress_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=State.WAITING), name="jobs_waiting"),
            models.Index(
                fields=["lease_until"], condition=Q(state=State.RUNNING), name="jobs_running"
            ),
            models.Index(fields=["tenant", "-id"], name="jobs_of_tenant"),
            models.Index(fields=["subject", "-id"], name="jobs_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id} ({self.state})"


class ScheduleSlot(models.Model):
    """A schedule's turn that somebody took. Unique, so two schedulers do its work once."""

    schedule = models.CharField(max_length=60)
    slot = models.BigIntegerField()  # number of whole periods since 1970
    taken_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "slot"], name="one_turn_per_slot"),
        ]
