"""Who gets no more questions at the moment."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class TurnedAway(models.Model):
    """Somebody clearly below the crowd, and the evidence of that day; over when ``ended_at`` is set.

    No accusation: nothing is taken from the person, and what they said counts as before.
    """

    enrollment = models.ForeignKey(
        "labeling.Enrollment", models.CASCADE, related_name="turned_away"
    )
    right = models.FloatField()
    judged = models.FloatField()
    since = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"], condition=Q(ended_at__isnull=True), name="turned_away_once"
            ),
        ]
