"""Models, what they say, what was asked because of it, and how good they were."""

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone


class ModelVersion(models.Model):
    """One trained model: what it saw and how good it was. ``blob`` is skops bytes, signed."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="model_versions")
    number = models.PositiveIntegerField()
    estimator = models.CharField(max_length=200)
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


class HeldOut(models.Model):
    """What a model says about the items that it was taught, by folds that had not seen them.

    ``item_ids``: int64 bytes [n], ascending; ``probabilities``: float32 bytes [n, n_labels]. Any process
    can predict a block with it.
    """

    model = models.OneToOneField(
        "learning.ModelVersion", models.CASCADE, related_name="held_out", primary_key=True
    )
    item_ids = models.BinaryField()
    probabilities = models.BinaryField()


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
    spent_micros = models.BigIntegerField(null=True)
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["project", "name", "id"], name="metric_curve")]
