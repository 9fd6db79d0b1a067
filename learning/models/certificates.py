"""What the machine may label by itself."""

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone


class CertificateState(models.TextChoices):
    AUDITING = "auditing"  # experts label its sample
    GRANTED = "granted"
    REFUSED = "refused"  # every look was taken, and the bound cannot be met
    WITHDRAWN = "withdrawn"


class Certificate(models.Model):
    """Machine labels of ``model`` above a threshold err in at most ``bound`` of cases with ``confidence``.

    ``population``: the items that the audit speaks about, int64 bytes, ascending. ``sample``: ids of the
    audit items in the order in which experts get them. ``looks`` may be taken; ``looks_taken`` says what
    each saw. ``thresholds``: label code to threshold where each label has its own, else one under "all";
    ``threshold`` is the lowest of them. ``region``: floor and share of the population in the pool then.
    ``drift``: ids of each later audit of accepted items; every ``again_days`` (0: only when asked for) one
    of ``again_items`` is drawn. ``screen``: empty where experts label the whole sample. Else a crowd screens it
    (``learning.screening``): how many ``answers``, the share ``both_wrong`` that is assumed, ids of the ``checked``.
    """

    project = models.ForeignKey("labeling.Project", models.PROTECT, related_name="certificates")
    model = models.ForeignKey("learning.ModelVersion", models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=CertificateState, default=CertificateState.AUDITING
    )
    bound = models.FloatField()
    confidence = models.FloatField()
    per_class = models.BooleanField(default=False)
    looks = models.PositiveIntegerField(default=1)
    looks_taken = models.JSONField(default=list)
    threshold = models.FloatField(null=True)
    thresholds = models.JSONField(default=dict)
    region = models.JSONField(default=dict)
    population = models.BinaryField(default=bytes)
    sample = models.JSONField(default=list)
    drift = models.JSONField(default=list)
    screen = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    again_days = models.PositiveIntegerField(default=0, db_default=0)
    again_items = models.PositiveIntegerField(default=0, db_default=0)
    audited_again_at = models.DateTimeField(null=True)
    assumption = models.CharField(max_length=300, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bound__gt=0)
                & Q(bound__lt=1)
                & Q(confidence__gt=0)
                & Q(confidence__lt=1),
                name="certificate_numbers_0_1",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CertificateState.values), name="certificate_state_known"
            ),
            models.UniqueConstraint(
                fields=["project", "number"], name="one_certificate_per_number"
            ),
        ]
