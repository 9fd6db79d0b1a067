"""Uploaded files on their way to becoming items."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.identifiers import public_id


class ImportState(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class Import(models.Model):
    """One file, one decision: all of its rows became items, or none did.

    ``problems``: rows that were refused, ``{"row", "field", "message"}``, the first hundred of
    ``problem_count``. ``role`` is what all its items are for.
    """

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    project = models.ForeignKey("labeling.Project", models.PROTECT, related_name="imports")
    name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=64)
    role = models.CharField(max_length=10, default="work")
    open_at_once = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    items = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_known"
            ),
        ]
        indexes = [models.Index(fields=["project", "-id"], name="imports_newest_first")]
