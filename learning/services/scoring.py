"""How good a model is, on items it never learned from, and whether it is worse than the last one.

Gold items are the yardstick: their truth is known and no model is taught them. Where a project has
none, the held-out predictions of the taught items are compared with the crowd's labels; that says how
well the model agrees, not how often it is right, and is named so.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Sum
from scipy.special import betainc

from labeling.models import Enrollment, Item, ItemRole
from labeling.queries import spent_micros
from learning import insight
from learning.blocks import Floats, Ints
from learning.models import Metric, ModelVersion
from learning.predictions import predicted
from learning.says import Says, said_by
from learning.services.values import JudgedValues, gold_values, judged_values
from quality.inference import intervals
from quality.models import Review
from quality.queries import expected_accuracy, gold_labels

LEAST_GOLD = 20  # fewer gold items cannot tell two models apart
WORSE = 0.05  # one-sided level of the test that throws a new model away


@dataclass(frozen=True)
class Judged:
    """Items with a reference label and the model's probabilities for them."""

    item_ids: Ints
    label: Ints
    probabilities: Floats

    @property
    def right(self) -> Any:
        return self.probabilities.argmax(axis=1) == self.label


Reference = Judged | JudgedValues


def on_gold(model: ModelVersion) -> Reference:
    """Gold items of the project that the model has predicted."""
    if said_by(model) is not Says.LABEL:
        return judged_values(model, gold_values(model.project_id))
    gold = gold_labels(model.project_id)
    return judged(model.pk, gold.item_ids, gold.label_code)


def on_audit(model: ModelVersion) -> Judged:
    """Audit items that experts have labeled. They are told, and decide nothing: no choice may rest on them."""
    audit = Item.objects.filter(project_id=model.project_id, role=ItemRole.AUDIT)
    rows = Review.objects.filter(item__in=audit, label_code__isnull=False).order_by("pk")
    said = dict(rows.values_list("item_id", "label_code"))  # the newest where several did
    ids = np.array(sorted(said), dtype=np.int64)
    return judged(model.pk, ids, np.array([said[item_id] for item_id in ids.tolist()], dtype=int))


def audit_scores(model: ModelVersion) -> dict[str, Any]:
    """Plain numbers about the audit items, if the model says one label and experts have labeled some."""
    found = on_audit(model) if said_by(model) is Says.LABEL else None
    return {"audit": of_labels(found)} if found is not None and len(found.label) else {}


def judged(model_id: int, item_ids: Ints, label: Ints) -> Judged:
    """``item_ids`` ascending. Items that the model knows nothing of are left out."""
    found = predicted(model_id, item_ids)
    if found is None:
        return Judged(item_ids[:0], label[:0], np.empty((0, 1)))
    order = np.argsort(found.item_ids)
    ids = found.item_ids[order]
    return Judged(ids, label[np.isin(item_ids, ids)], found.probabilities[order])


def scores(gold: Reference, taught: Reference) -> dict[str, Any]:
    """Plain numbers for ModelVersion.scores; only what there is evidence for."""
    known: dict[str, Any] = {}
    if len(gold.label) and isinstance(gold, JudgedValues):
        known["gold"] = share(gold)
    elif isinstance(gold, Judged) and len(gold.label):
        known["gold"] = of_labels(gold)
        known["macro_f1"] = macro_f1(gold)
    if len(taught.label):
        known["agreement"] = share(taught)
    return known


def of_labels(judged: Judged) -> dict[str, Any]:
    """Accuracy with its interval, macro F1 with its own, log-loss, and how far confidence is off."""
    f1 = macro_f1(judged)
    return share(judged) | {
        "log_loss": log_loss(judged),
        "macro_f1": f1["value"],
        "macro_f1_low": f1["low"],
        "macro_f1_high": f1["high"],
        "calibration_error": calibration_error(judged),
    }


def calibration_error(judged: Judged) -> float:
    """Mean distance between confidence and accuracy over ten bins of as many items each."""
    sure = judged.probabilities.max(axis=1)
    bins = np.array_split(np.argsort(sure, kind="stable"), min(10, len(sure)))
    apart = [len(rows) * abs(sure[rows].mean() - judged.right[rows].mean()) for rows in bins]
    return float(sum(apart) / len(sure))


def share(judged: Reference) -> dict[str, Any]:
    """Accuracy with its 95 % Jeffreys interval."""
    right, n = int(judged.right.sum()), len(judged.label)
    estimate = intervals.share(right, n - right)
    return {"items": n, "value": estimate.value, "low": estimate.low, "high": estimate.high}


def log_loss(judged: Judged) -> float:
    given = judged.probabilities[np.arange(len(judged.label)), judged.label]
    return float(-np.log(np.maximum(given, 1e-12)).mean())


def macro_f1(judged: Judged) -> dict[str, Any]:
    """With its 95 % bootstrap interval."""
    said, rng = judged.probabilities.argmax(axis=1), np.random.default_rng(0)
    found = insight.macro_f1_interval(said, judged.label, rng)
    return {"items": found.labels, "value": found.value, "low": found.low, "high": found.high}


def is_worse(new: Reference, old: Reference) -> bool:
    """Whether the new model is worse on the items that both know, beyond luck (exact McNemar test)."""
    both = np.intersect1d(new.item_ids, old.item_ids)
    new_right = new.right[np.isin(new.item_ids, both)]
    old_right = old.right[np.isin(old.item_ids, both)]
    lost, won = int((old_right & ~new_right).sum()), int((new_right & ~old_right).sum())
    if lost <= won:
        return False
    return coin_tail(lost, lost + won) < WORSE


def coin_tail(heads: int, tosses: int) -> float:
    """The probability of at least so many heads (one or more) with a fair coin."""
    return float(betainc(heads, tosses - heads + 1, 0.5))


def record(project_id: int, name: str, figure: dict[str, Any], **of: Any) -> Metric:
    """One point of a curve at the present number of answers."""
    return Metric.objects.create(
        project_id=project_id,
        name=name,
        answers=answers_paid(project_id),
        spent_micros=spent_micros(project_id),
        value=figure["value"],
        low=figure["low"],
        high=figure["high"],
        **of,
    )


def answers_paid(project_id: int) -> int:
    """Counted answers, those to gold items among them."""
    counted = Enrollment.objects.filter(project_id=project_id).aggregate(sum=Sum("answers"))
    return int(counted["sum"] or 0)


def record_label_accuracy(project_id: int, labels: int) -> Metric | None:
    """The expected accuracy of the labels as one point of its curve; None while it is unknown."""
    known = expected_accuracy(project_id)
    if known.value is None:
        return None
    figure = {"value": known.value, "low": known.low, "high": known.high}
    return record(project_id, "label_accuracy", figure, labels=labels)
