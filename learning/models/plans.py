"""How a project learns."""

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
    ``retrain_share``: so much more labels, as a share, must there be for another model; ``retrain_hours``: after
    so many hours any new label is enough (0: never). ``trained_at``: when the last training ended.
    ``turn_away``: people clearly below the crowd get no more questions (``services.turning_away``).
    ``stop_rules``: which of certainty, plateau and stability end the project; a spent budget always does.
    """

    project = models.OneToOneField("labeling.Project", models.CASCADE, related_name="plan")
    features = models.CharField(max_length=40, default="auto")
    estimator = models.CharField(max_length=200, default="auto")
    first_strategy = models.CharField(max_length=40, default="diverse")
    strategy = models.CharField(max_length=40, default="priced")
    shares = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    asking_price = models.FloatField(null=True)  # see learning.decision.margin_of
    random_share = models.FloatField(default=0.1)
    round_size = models.PositiveIntegerField(default=100)
    retrain_after = models.PositiveIntegerField(default=50)
    retrain_share = models.FloatField(default=0.05, db_default=0.05)
    retrain_hours = models.PositiveIntegerField(default=0, db_default=0)
    trained_at = models.DateTimeField(null=True)
    interactive_after = models.PositiveIntegerField(default=0, db_default=0)
    certainty = models.FloatField(default=0.97)
    stop_rules = models.JSONField(
        default=first_stop_rules, db_default=Value(["certainty"], models.JSONField())
    )
    turn_away = models.BooleanField(default=False, db_default=False)
    people_judged_at = models.PositiveIntegerField(default=0, db_default=0)  # version of the fit
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
            models.CheckConstraint(
                condition=Q(retrain_share__gte=0), name="retrain_share_not_negative"
            ),
        ]
