"""The model beside the crowd: what it learns from, what it asked, how good it is, what it may take over."""

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone


def first_stop_rules() -> list[str]:
    return ["certainty"]


class Plan(models.Model):
    """How a project learns. One row a project; the loop locks it while it decides what is next.

    ``certainty`` is the promise at which the loop stops: the expected accuracy of all labels. ``shares``
    (strategy to part of a batch) takes the place of ``strategy`` and ``random_share`` where it is given.
    ``interactive_after`` answers the next questions come from a model that has heard them; 0: not at all.
    ``stop_rules``: which of certainty, plateau and stability end the project; a spent budget always does.
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
    interactive_after = models.PositiveIntegerField(default=0, db_default=0)
    certainty = models.FloatField(default=0.97)
    stop_rules = models.JSONField(
        default=first_stop_rules, db_default=Value(["certainty"], models.JSONField())
    )
    labels_at_last_model = models.PositiveIntegerField(default=0)
    problem = models.CharField(
        max_length=300, blank=True, db_default=""
    )  # why there is no new model
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
    spent_micros = models.BigIntegerField(null=True)
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["project", "name", "id"], name="metric_curve")]


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
    ``drift``: ids of each later audit of accepted items.
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


class LabelingFunction(models.Model):
    """A small rule that votes about items. It is nobody: see ``learning.functions``.

    ``confusion[k][l]``: P(votes l | truth k, votes), counted against the labels of people. ``problem``
    says why a function that cannot vote was switched off.
    """

    project = models.ForeignKey(
        "labeling.Project", models.CASCADE, related_name="labeling_functions"
    )
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    problem = models.CharField(max_length=300, blank=True)
    confusion = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="one_function_per_name"),
        ]


class FunctionBlock(models.Model):
    """One function's votes about some items: int64 ids, ascending, and int16 codes, -1 abstains."""

    function = models.ForeignKey("learning.LabelingFunction", models.CASCADE, related_name="blocks")
    first_item = models.BigIntegerField()
    last_item = models.BigIntegerField()
    item_ids = models.BinaryField()
    votes = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["function", "first_item"], name="one_function_block_per_range"
            ),
        ]
