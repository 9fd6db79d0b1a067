"""The model beside the crowd: what it learns from, what it asked, how good it is, what it may take over."""

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone


class Plan(models.Model):
    """How a project learns. One row a project; the loop locks it while it decides what is next.

    ``certainty`` is the promise at which the loop stops: the expected accuracy of all labels. ``shares``
    (strategy to part of a batch) takes the place of ``strategy`` and ``random_share`` where it is given.
    """

    project = models.OneToOneField("labeling.Project", models.CASCADE, related_name="plan")
    features = models.CharField(max_length=40, default="auto")
    estimator = models.CharField(max_length=60, default="logistic")
    first_strategy = models.CharField(max_length=40, default="diverse")
    strategy = models.CharField(max_length=40, default="priced")
    shares = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    asking_price = models.FloatField(null=True)  # see learning.decision.margin_of
    random_share = models.FloatField(default=0.1)
    round_size = models.PositiveIntegerField(default=100)
    retrain_after = models.PositiveIntegerField(default=50)
    certainty = models.FloatField(default=0.97)
    labels_at_last_model = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=300, blank=True
    )  # one sentence for people: what it waits for
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(certainty__gt=0) & Q(certainty__lt=1), name="promise_between_0_1"
            ),
            models.CheckConstraint(
                condition=Q(random_share__gte=0) & Q(random_share__lte=1), name="random_share_0_1"
            ),
            models.CheckConstraint(condition=Q(round_size__gte=1), name="round_not_empty"),
        ]


class FeatureSpace(models.Model):
    """How the items of a project become vectors. The highest version is the one in use.

    ``kind`` names an extractor, or ``supplied`` (vectors handed in), or ``none`` (nothing suits: random
    order, no model). ``unusable`` are the items that have no vector, as int64 bytes; ``problem`` names
    the first of them and says why.
    """

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="feature_spaces")
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    unusable = models.BinaryField(default=bytes)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], name="one_feature_space_per_version"
            ),
        ]


class FeatureBlock(models.Model):
    """Features of some thousand items: ``item_ids`` int64 bytes [n], ``matrix`` bytes [n, width] of ``dtype``.

    ``item_ids`` ascend; ``first_item`` and ``last_item`` say which range they lie in.
    """

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="feature_blocks")
    version = models.PositiveIntegerField(default=1)
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    dtype = models.CharField(max_length=10)
    first_item = models.BigIntegerField()
    last_item = models.BigIntegerField()
    item_ids = models.BinaryField()
    matrix = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version", "number"], name="one_feature_block_per_number"
            ),
        ]


class ModelVersion(models.Model):
    """One trained model: what it saw and how good it was. ``blob`` is skops bytes, signed."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="model_versions")
    number = models.PositiveIntegerField()
    estimator = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    labels_seen = models.PositiveIntegerField()
    scores = models.JSONField(default=dict)
    libraries = models.JSONField(default=dict)
    blob = models.BinaryField()
    signature = models.CharField(max_length=64)
    current = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_model_per_number"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(current=True), name="one_current_model"
            ),
        ]


class PredictionBlock(models.Model):
    """A model's probabilities for one feature block: float32 bytes [rows, n_labels].

    Rows of items that the model was trained on hold out-of-fold predictions: no model hears its own echo.
    """

    model = models.ForeignKey(
        "learning.ModelVersion", models.CASCADE, related_name="prediction_blocks"
    )
    block = models.ForeignKey(
        "learning.FeatureBlock", models.CASCADE, related_name="prediction_blocks"
    )
    n_labels = models.PositiveIntegerField()
    probabilities = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "block"], name="one_prediction_per_block"),
        ]


class QueryRound(models.Model):
    """One batch of items chosen by one strategy and one model, and opened.

    ``parts``: strategy to the ids of the items that it wanted; ``again``: those answered before.
    """

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="query_rounds")
    number = models.PositiveIntegerField()
    strategy = models.CharField(max_length=40)
    model = models.ForeignKey(
        "learning.ModelVersion", models.SET_NULL, null=True, related_name="query_rounds"
    )
    item_ids = models.JSONField(default=list)
    parts = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    again = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_round_per_number")
        ]


class Metric(models.Model):
    """One point of a curve: a figure with its interval at a number of labels and answers paid."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="metrics")
    name = models.CharField(max_length=40)
    model = models.ForeignKey(
        "learning.ModelVersion", models.CASCADE, null=True, related_name="metrics"
    )
    labels = models.PositiveIntegerField()
    answers = models.PositiveIntegerField()
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["project", "name", "id"], name="metric_curve")]


class Certificate(models.Model):
    """Machine labels above ``threshold`` err in at most ``bound`` of cases with confidence ``confidence``."""

    project = models.ForeignKey("labeling.Project", models.PROTECT, related_name="certificates")
    model = models.ForeignKey("learning.ModelVersion", models.PROTECT, related_name="certificates")
    bound = models.FloatField()
    confidence = models.FloatField()
    threshold = models.FloatField(null=True)
    looks = models.PositiveIntegerField(default=1)
    region = models.JSONField(default=dict)
    sample = models.JSONField(default=list)
    assumption = models.CharField(max_length=300, blank=True)
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
        ]
