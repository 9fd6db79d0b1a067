"""Rules, what was decided about people by them or by a manager, and what came of it."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from accounts.identifiers import public_id
from quality.models.care import APPEAL_DAYS


class Action(models.TextChoices):
    WARN = "warn"
    MORE_GOLD = "more_gold"
    PRACTICE = "practice"
    LOWER_WEIGHT = "lower_weight"
    PAUSE = "pause"
    HOLD_PAY = "hold_pay"
    SET_ASIDE = "set_aside"
    SET_SKILL = "set_skill"
    BAN = "ban"
    NOTIFY = "notify"


class RuleSet(models.Model):
    """One version of a project's rules. Never edited: a change is a new version. See ``quality.rules``."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="rule_sets")
    version = models.PositiveIntegerField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="one_rule_set_per_version"),
        ]


class Rule(models.Model):
    """When this evidence reaches this threshold, do ``action``, and ``also`` the others."""

    rule_set = models.ForeignKey("quality.RuleSet", models.CASCADE, related_name="rules")
    place = models.PositiveSmallIntegerField()
    evidence = models.CharField(max_length=40)
    window = models.PositiveIntegerField(default=0)
    threshold = models.FloatField()
    action = models.CharField(max_length=20, choices=Action)
    also = models.JSONField(default=list)
    amount = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "place"], name="one_rule_per_place"),
            models.CheckConstraint(condition=Q(action__in=Action.values), name="rule_action_known"),
        ]


class Decision(models.Model):
    """What was done about an annotator, on what evidence. Reversible; never deleted.

    ``reason`` is for managers; ``words`` is what the person reads, and tells nothing about single items.
    ``rule`` names the rule, and with it the version of the rules; without one somebody decided, ``by``.
    """

    public_id = models.CharField(max_length=32, unique=True, null=True, default=public_id)
    project = models.ForeignKey("labeling.Project", models.PROTECT, related_name="decisions")
    annotator = models.ForeignKey("accounts.User", models.PROTECT, related_name="decisions")
    rule = models.ForeignKey("quality.Rule", models.PROTECT, null=True, related_name="decisions")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=20, choices=Action)
    also = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    amount = models.FloatField(null=True)
    reason = models.CharField(max_length=500)
    words = models.CharField(max_length=500, blank=True, default="", db_default="")
    evidence = models.JSONField(default=dict)
    answers_then = models.PositiveIntegerField(default=0)
    forgiven_until = models.BigIntegerField(null=True)  # the person's last answer at the reversal
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reversal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "annotator", "action"],
                condition=Q(reversed_at__isnull=True) & Q(action__in=("pause", "ban")),
                name="one_standing_pause",
            ),
            models.CheckConstraint(
                condition=Q(action__in=Action.values), name="decision_action_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
        ]
        indexes = [models.Index(fields=["project", "-id"], name="decisions_newest_first")]

    @property
    def actions(self) -> tuple[str, ...]:
        """Everything that was done, the hardest first."""
        return (self.action, *self.also)


class SetAside(models.Model):
    """An answer whose vote does not count, by a decision; the answer itself stays."""

    answer = models.OneToOneField("labeling.Answer", models.PROTECT, related_name="set_aside")
    decision = models.ForeignKey("quality.Decision", models.CASCADE, related_name="set_aside")


class AppealState(models.TextChoices):
    OPEN = "open"
    UPHELD = "upheld"  # the decision stands
    OVERTURNED = "overturned"  # the decision was reversed


class Appeal(models.Model):
    """The annotator contests a decision. ``due_at``: until when they were promised an answer."""

    public_id = models.CharField(max_length=32, unique=True, null=True, default=public_id)
    decision = models.ForeignKey("quality.Decision", models.PROTECT, related_name="appeals")
    text = models.TextField()
    state = models.CharField(max_length=10, choices=AppealState, default=AppealState.OPEN)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(state="open"), name="one_open_appeal_per_decision"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AppealState.values), name="appeal_state_known"
            ),
        ]

    @property
    def due(self) -> datetime:
        """Until when it is to be answered; of one that was made before there was a promise, the usual one."""
        return self.due_at or self.created_at + timedelta(days=APPEAL_DAYS)
