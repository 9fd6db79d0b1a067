"""Models side by side, which one is used, and how much successive ones agree."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict, NotFound
from labeling.models import Project
from learning import insight, queries
from learning.blocks import Ints
from learning.events import model_published
from learning.models import Metric, ModelVersion
from learning.predictions import all_predicted
from learning.says import Says, said_by
from learning.services import scoring

SAMPLED = 20_000  # predictions that stability is measured on
MISFIT = "It was made for other features than the items have now."


@dataclass(frozen=True)
class Comparison:
    """Two models on the same gold items, and over the pool.

    ``only_left`` and ``only_right`` count gold items that one alone labels rightly; ``p_value`` is that of
    the exact test of equal models (McNemar). ``agreement``: share of all predictions that are the same.
    """

    gold_items: int
    left: dict[str, Any] | None
    right: dict[str, Any] | None
    only_left: int
    only_right: int
    p_value: float | None
    agreement: float | None


def model_named(project: Project, number: int) -> ModelVersion:
    """The model; raises NotFound."""
    found = ModelVersion.objects.filter(project=project, number=number).defer("blob").first()
    if found is None:
        raise NotFound
    return found


def compare(left: ModelVersion, right: ModelVersion) -> Comparison:
    """On what both have predicted."""
    mine, theirs = scoring.on_gold(left), scoring.on_gold(right)
    both = np.intersect1d(mine.item_ids, theirs.item_ids)
    won = mine.right[np.isin(mine.item_ids, both)]
    lost = theirs.right[np.isin(theirs.item_ids, both)]
    only_left, only_right = int((won & ~lost).sum()), int((lost & ~won).sum())
    return Comparison(
        gold_items=len(both),
        left=scoring.share(mine) if len(mine.label) else None,
        right=scoring.share(theirs) if len(theirs.label) else None,
        only_left=only_left,
        only_right=only_right,
        p_value=_p_value(only_left, only_right) if len(both) else None,
        agreement=_agreement(left, right),
    )


def promote(project: Project, number: int, *, actor: User) -> ModelVersion:
    """Use this model from now on; an older one is a roll-back. Raises Conflict for an unusable one."""
    with transaction.atomic():
        plan = queries.plan_rows(project.pk).select_for_update(no_key=True).first()
        model = model_named(project, number)
        space = queries.space_of(project.pk)
        if model.scores.get("outcome") == "withdrawn":
            raise Conflict(f"Model {number} was withdrawn: {model.scores.get('because', '')}.")
        if plan is None or space is None or model.parameters.get("space") != space.version:
            raise Conflict(MISFIT)
        if not model.current:
            models = ModelVersion.objects.filter(project=project)
            models.filter(current=True).update(current=False)
            models.filter(pk=model.pk).update(
                current=True, scores={**model.scores, "outcome": "published", "because": ""}
            )
            # The loop trains the next one from new labels, not at once to replace this one.
            plan.labels_at_last_model = max(plan.labels_at_last_model, model.labels_seen)
            plan.save(update_fields=["labels_at_last_model"])
            audit(project.organization, actor, "model.promoted", project.public_id, model=number)
            model_published.send(sender=None, project_id=project.pk, model_id=model.pk)
    model.refresh_from_db(fields=["current", "scores"])
    return model


def record_stability(model: ModelVersion, before: ModelVersion | None) -> Metric | None:
    """Kappa between the new model's labels and those of the one it replaces."""
    if before is None or before.parameters.get("space") != model.parameters.get("space"):
        return None
    one, other = _same_items(model, before)
    found = insight.kappa(one, other, int(model.parameters["n_labels"]))
    figure = {"value": found, "low": None, "high": None}
    return scoring.record(
        model.project_id, "model_stability", figure, model=model, labels=model.labels_seen
    )


def _p_value(only_left: int, only_right: int) -> float:
    most, all_ = max(only_left, only_right), only_left + only_right
    return min(1.0, 2 * scoring.coin_tail(most, all_)) if most else 1.0


def _agreement(left: ModelVersion, right: ModelVersion) -> float | None:
    """None where nothing is comparable: sets and numbers are hardly ever the same."""
    if {said_by(left), said_by(right)} != {Says.LABEL}:
        return None
    one, other = _same_items(left, right)
    return float((one == other).mean()) if len(one) else None


def _same_items(left: ModelVersion, right: ModelVersion) -> tuple[Ints, Ints]:
    """Both models' labels of the first items that both have predicted: [i] each."""
    mine, theirs = _said(left), _said(right)
    both = sorted(mine.keys() & theirs.keys())
    return (
        np.array([mine[item_id] for item_id in both], dtype=np.int64),
        np.array([theirs[item_id] for item_id in both], dtype=np.int64),
    )


def _said(model: ModelVersion) -> dict[int, int]:
    said: dict[int, int] = {}
    for part in all_predicted(model.pk):
        codes = part.probabilities.argmax(axis=1).tolist()
        said.update(zip(part.item_ids.tolist(), codes, strict=True))
        if len(said) >= SAMPLED:
            break
    return said
