"""What is known about truth and about people. Consensus and Skill are derived: answers and gold rebuild them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


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
            models.Index(fields=["project", "confidence"], name="consensus_by_confidence"),
        ]


class Skill(models.Model):
    """How one annotator answers in one project.

    ``confusion[k][l]``: P(answers l | truth k). ``accuracy`` with its 95 % interval comes from the gold
    record and the agreement with settled labels; ``gold_test`` is the state of the sequential test.
    """

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="skills")
    annotator = models.ForeignKey("accounts.User", models.CASCADE, related_name="skills")
    confusion = models.JSONField(null=True)
    answers = models.PositiveIntegerField(default=0)
    gold_seen = models.PositiveIntegerField(default=0)
    gold_right = models.PositiveIntegerField(default=0)
    gold_test = models.JSONField(default=dict)
    failing = models.BooleanField(default=False)  # the test's verdict; acted upon in its own time
    noticed = models.BooleanField(default=False)  # a bad stretch that others see and gold confirms
    accuracy = models.FloatField(null=True)
    accuracy_low = models.FloatField(null=True)
    accuracy_high = models.FloatField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "annotator"], name="one_skill_each"),
            models.CheckConstraint(
                condition=Q(gold_right__lte=models.F("gold_seen")), name="gold_right_of_seen"
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "annotator"],
                condition=Q(failing=True) | Q(noticed=True),
                name="people_to_judge",
            ),
        ]


class GoldResult(models.Model):
    """One answer to a gold item, scored once. The record that skills and evidence are rebuilt from."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="gold_results")
    annotator = models.ForeignKey("accounts.User", models.CASCADE, related_name="gold_results")
    answer = models.OneToOneField("labeling.Answer", models.CASCADE, related_name="gold_result")
    right = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["project", "annotator", "id"], name="gold_record")]


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


class Action(models.TextChoices):
    WARN = "warn"
    MORE_GOLD = "more_gold"
    PRACTICE = "practice"
    LOWER_WEIGHT = "lower_weight"
    PAUSE = "pause"
    HOLD_PAY = "hold_pay"
    SET_ASIDE = "set_aside"
    BAN = "ban"
    NOTIFY = "notify"


class Rule(models.Model):
    """When this evidence crosses this threshold, do that. Versioned: a change is a new row."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="rules")
    version = models.PositiveIntegerField(default=1)
    evidence = models.CharField(max_length=40)
    window = models.PositiveIntegerField(default=0)
    threshold = models.FloatField()
    action = models.CharField(max_length=20, choices=Action)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "evidence", "action", "version"], name="one_rule_per_version"
            ),
            models.CheckConstraint(condition=Q(action__in=Action.values), name="rule_action_known"),
        ]


class Decision(models.Model):
    """What was done about an annotator, on what evidence. Reversible; never deleted."""

    project = models.ForeignKey("labeling.Project", models.PROTECT, related_name="decisions")
    annotator = models.ForeignKey("accounts.User", models.PROTECT, related_name="decisions")
    rule = models.ForeignKey("quality.Rule", models.PROTECT, null=True, related_name="decisions")
    action = models.CharField(max_length=20, choices=Action)
    reason = models.CharField(max_length=500)
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


class SetAside(models.Model):
    """An answer whose vote does not count, by a decision; the answer itself stays."""

    answer = models.OneToOneField("labeling.Answer", models.PROTECT, related_name="set_aside")
    decision = models.ForeignKey("quality.Decision", models.CASCADE, related_name="set_aside")


class AppealState(models.TextChoices):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class Appeal(models.Model):
    """The annotator contests a decision."""

    decision = models.ForeignKey("quality.Decision", models.PROTECT, related_name="appeals")
    text = models.TextField()
    state = models.CharField(max_length=10, choices=AppealState, default=AppealState.OPEN)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(state="open"), name="one_open_appeal_per_decision"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AppealState.values), name="appeal_state_known"
            ),
        ]


class Review(models.Model):
    """An expert's label for an item; final, or a strong vote."""

    item = models.ForeignKey("labeling.Item", models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey("accounts.User", models.PROTECT, related_name="reviews")
    value = models.JSONField()
    label_code = models.IntegerField(null=True)
    final = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "reviewer"], name="one_review_each")]
