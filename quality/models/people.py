"""What is known about people. All of it is derived: answers, gold and decisions rebuild it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


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
    judged_at = models.DateTimeField(null=True)  # the ``updated_at`` that the rules have looked at
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


class Finding(models.Model):
    """What one kind of evidence said about one person at the last survey. Derived, rebuildable."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="findings")
    annotator = models.ForeignKey("accounts.User", models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=40)
    family = models.CharField(max_length=20)
    window = models.PositiveIntegerField(default=0)
    statistic = models.FloatField()
    threshold = models.FloatField()  # the usual one: beyond it the evidence is raised
    reason = models.CharField(max_length=500)
    counts = models.JSONField(default=dict)
    since = models.BigIntegerField(null=True)  # the answer from which it holds; null: all of them
    others = models.JSONField(default=list)  # ids of people found together with this one
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "annotator", "kind", "window"], name="one_finding_each"
            ),
        ]


class Survey(models.Model):
    """The last survey of everybody in a project: what it rests on, and what concerns the project."""

    project = models.OneToOneField("labeling.Project", models.CASCADE, related_name="survey")
    version = models.PositiveIntegerField(default=0)
    fit_version = models.PositiveIntegerField(default=0)  # the fit that it came after
    answers_used = models.PositiveBigIntegerField(default=0)
    flagged = models.BooleanField(default=False)  # two camps that cannot be told apart
    camps = models.JSONField(default=dict)  # reason, sizes, and ids of items to ask an expert about
    agreement = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=timezone.now)
