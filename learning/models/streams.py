"""Items that come one by one."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Stream(models.Model):
    """The gate of a project's stream: see ``learning.streaming``. The row is its lock."""

    project = models.OneToOneField("labeling.Project", models.CASCADE, related_name="stream")
    budget = models.FloatField(default=0.1)
    threshold = models.FloatField(default=0.9)
    spent = models.FloatField(default=0.0)
    weight = models.FloatField(default=0.0)
    seen = models.PositiveBigIntegerField(default=0)
    asked = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(budget__gte=0) & Q(budget__lte=1), name="stream_budget_0_1"
            ),
        ]


class Streamed(models.Model):
    """What was answered about one item of the stream; asking again gives the same answer."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="streamed")
    external_id = models.CharField(max_length=200)
    item = models.ForeignKey("labeling.Item", models.CASCADE, null=True, related_name="streamed")
    asked = models.BooleanField()
    label_code = models.IntegerField(null=True)
    confidence = models.FloatField(null=True)
    model = models.PositiveIntegerField(null=True)
    because = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "external_id"], name="one_answer_per_streamed_item"
            ),
        ]
