"""What is known about items. Consensus is derived: answers, gold and reviews rebuild it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from quality.given import MACHINE


class GoldAnswer(models.Model):
    """The answer known beforehand. Nothing below this app knows it."""

    item = models.OneToOneField("labeling.Item", models.PROTECT, related_name="gold_answer")
    value = models.JSONField()
    label_code = models.IntegerField(null=True)
    explanation = models.TextField(blank=True, default="", db_default="")  # for who practises
    source = models.CharField(max_length=40, default="import")
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)


class ConsensusState(models.TextChoices):
    OPEN = "open"  # one more seat is wanted
    SETTLED = "settled"
    EXPERT = "expert"  # seats are used up and people disagree


class Consensus(models.Model):
    """What the answers to one item amount to. ``posterior`` is indexed by Label.code and sums to one."""

    item = models.OneToOneField("labeling.Item", models.CASCADE, related_name="consensus")
    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="consensuses")
    state = models.CharField(max_length=10, choices=ConsensusState, default=ConsensusState.OPEN)
    value = models.JSONField(null=True)
    label_code = models.IntegerField(null=True)
    confidence = models.FloatField()
    posterior = models.JSONField(null=True)
    method = models.CharField(max_length=60)
    answers_used = models.PositiveIntegerField()
    voice = models.JSONField(null=True)  # the model's part in it: version, probabilities, weight
    settled_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="confidence_0_1"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ConsensusState.values), name="consensus_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_at__isnull=False), name="settled_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state", "settled_at"], name="consensus_by_state"),
            models.Index(
                fields=["project", "state", "confidence", "answers_used"], name="consensus_figures"
            ),
            models.Index(
                fields=["project", "item"], condition=Q(method=MACHINE), name="machine_labels"
            ),
        ]


class Fit(models.Model):
    """The project-wide part of the last full refit, from which touched items are settled in between."""

    project = models.OneToOneField("labeling.Project", models.CASCADE, related_name="fit")
    version = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=60)
    parameters = models.JSONField(
        default=dict
    )  # class shares, pooled confusion, the voice's calibration
    answers_used = models.PositiveBigIntegerField(default=0)
    answers_since = models.PositiveBigIntegerField(default=0)  # settled since with these skills
    expected_accuracy = models.FloatField(null=True)
    expected_low = models.FloatField(null=True)
    expected_high = models.FloatField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)
