"""What experts and managers look after: reviews of labels, and gold that may be wrong."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class ReviewPower(models.TextChoices):
    FINAL = "final"  # a reviewer's label is the label
    STRONG = "strong"  # it is one vote of somebody who is rarely wrong


class SuspectGold(models.TextChoices):
    PROPOSE = "propose"  # a manager decides
    RETIRE = "retire"  # it is taken out at once


APPEAL_DAYS, MOST_APPEAL_DAYS = 7, 60


class Policy(models.Model):
    """How a project reviews labels, keeps its gold and answers appeals; without a row, the defaults hold."""

    project = models.OneToOneField("labeling.Project", models.CASCADE, related_name="policy")
    reviews = models.CharField(max_length=10, choices=ReviewPower, default=ReviewPower.FINAL)
    suspect_gold = models.CharField(max_length=10, choices=SuspectGold, default=SuspectGold.PROPOSE)
    appeal_days = models.PositiveSmallIntegerField(default=APPEAL_DAYS, db_default=APPEAL_DAYS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reviews__in=ReviewPower.values), name="review_power_known"
            ),
            models.CheckConstraint(
                condition=Q(suspect_gold__in=SuspectGold.values), name="suspect_gold_known"
            ),
            models.CheckConstraint(
                condition=Q(appeal_days__gte=1) & Q(appeal_days__lte=MOST_APPEAL_DAYS),
                name="appeal_days_in_reason",
            ),
        ]


class ReviewLease(models.Model):
    """A reviewer is looking at this item until then (the database's clock)."""

    item = models.OneToOneField("labeling.Item", models.CASCADE, related_name="review_lease")
    reviewer = models.ForeignKey("accounts.User", models.CASCADE, related_name="review_leases")
    lease_until = models.DateTimeField()


class Review(models.Model):
    """An expert's label for an item; final, or a strong vote."""

    item = models.ForeignKey("labeling.Item", models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey("accounts.User", models.PROTECT, related_name="reviews")
    value = models.JSONField()
    label_code = models.IntegerField(null=True)
    final = models.BooleanField(default=True)
    why = models.CharField(max_length=20, blank=True, default="", db_default="")
    note = models.CharField(max_length=500, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "reviewer"], name="one_review_each")]


class SuspicionState(models.TextChoices):
    PROPOSED = "proposed"
    RETIRED = "retired"
    KEPT = "kept"  # a manager looked: the gold is right


class Suspicion(models.Model):
    """Gold that good people miss, with the evidence. At most one a gold item."""

    gold = models.OneToOneField("quality.GoldAnswer", models.CASCADE, related_name="suspicion")
    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="suspicions")
    state = models.CharField(max_length=10, choices=SuspicionState, default=SuspicionState.PROPOSED)
    statistic = models.FloatField()
    threshold = models.FloatField()
    said_instead = models.JSONField(null=True)
    right = models.PositiveIntegerField()
    wrong = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SuspicionState.values), name="suspicion_state_known"
            ),
        ]
