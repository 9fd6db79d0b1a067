"""One unseen item: ask people about it, or let the model answer at once.

The gate's row is locked for the few milliseconds of a decision, so that many senders together keep the
budget. The answer is stored under the item's external id: who did not hear it asks again and gets it.
"""

from typing import Any

import numpy as np
from django.db import transaction

from labeling.errors import Conflict
from labeling.models import Item, Project, ProjectStatus
from labeling.queries import budget_left_micros
from labeling.services.adding import add_item, check_item
from labeling.services.opening import open_gold, open_items
from labeling.services.redundancy import seats_at_first
from learning import queries
from learning.blocks import Floats
from learning.estimators import training
from learning.features import registry
from learning.features.raw import RawItem, UnusableItem
from learning.models import FeatureSpace, Stream, Streamed
from learning.says import Says, said_by
from learning.sealing import TamperedModel
from learning.services.predicting import classifier_of, in_a_hurry
from learning.streaming import Gate

NO_MODEL = "there is no model yet"
NO_LABEL = "the answer to this question is no single label: people are asked"
NOT_OURS = "the model was changed outside Assay and is not used"
NO_MONEY = "The budget is spent, and the model is not sure enough by itself."


def set_budget(project: Project, budget: float) -> Stream:
    """At most this share of the stream is asked about."""
    stream, _ = Stream.objects.update_or_create(project=project, defaults={"budget": budget})
    return stream


def decide(project: Project, external_id: str, payload: dict[str, Any]) -> Streamed:
    """Ask or answer. Raises Refused (the item is unusable) or Conflict (not possible now)."""
    check_item(external_id, payload)
    if known := _known(project, external_id):
        return known
    said, because = _prediction(project, RawItem(external_id, payload))
    Stream.objects.get_or_create(project=project)
    with transaction.atomic():
        stream = Stream.objects.select_for_update(no_key=True).get(project=project)
        # Somebody may have brought the same item while we waited for the row.
        return _known(project, external_id) or _decide(
            stream, external_id, payload, said=said, because=because
        )


def _known(project: Project, external_id: str) -> Streamed | None:
    return Streamed.objects.filter(project=project, external_id=external_id).first()


def _decide(
    stream: Stream, external_id: str, payload: dict[str, Any], *, said: Floats | None, because: str
) -> Streamed:
    gate = Gate(stream.budget, stream.threshold, stream.spent, stream.weight)
    confidence = None if said is None else float(said.max())
    # Where the model has nothing to say the budget cannot be kept by letting it answer.
    asked = confidence is None or gate.asks(confidence, np.random.default_rng())
    if confidence is not None:
        gate = gate.after(asked=asked)
        stream.threshold = gate.threshold
        stream.spent, stream.weight = gate.spent, gate.weight
    stream.seen += 1
    stream.asked += asked
    stream.save(update_fields=["threshold", "spent", "weight", "seen", "asked"])
    model = queries.current_model(stream.project_id)
    return Streamed.objects.create(
        project=stream.project,
        external_id=external_id,
        item=_opened(stream.project, external_id, payload) if asked else None,
        asked=asked,
        label_code=None if asked or said is None else int(said.argmax()),
        confidence=confidence,
        model=model.number if model else None,
        because=because,
    )


def _opened(project: Project, external_id: str, payload: dict[str, Any]) -> Item:
    if project.status not in (ProjectStatus.LIVE, ProjectStatus.PILOT):
        raise Conflict(f"Nobody can be asked: the project is {project.status}.")
    left = budget_left_micros(project.pk)
    if left is not None and left < project.price_micros:
        raise Conflict(NO_MONEY)
    item = add_item(project, external_id, payload)
    open_gold(project.pk)
    for seats, ids in seats_at_first(project, [item.pk]):
        open_items(project.pk, ids, seats)
    return item


def _prediction(project: Project, raw: RawItem) -> tuple[Floats | None, str]:
    """Calibrated probabilities [k], or None and why there are none."""
    model, space = queries.current_model(project.pk), queries.space_of(project.pk)
    if model is None or space is None or space.kind == registry.NONE:
        return None, NO_MODEL
    if said_by(model) is not Says.LABEL:
        return None, NO_LABEL
    try:
        vector = _vector(space, raw)
        classifier = classifier_of(model)
    except UnusableItem as unusable:
        return None, f"the model cannot read it: {unusable}"[:200]
    except TamperedModel:
        return None, NOT_OURS
    try:
        found = training.predict(
            in_a_hurry(classifier),
            vector[None, :],
            n_labels=int(model.parameters["n_labels"]),
            temperature=float(model.parameters["temperature"]),
        )
    except training.BadModel as bad:
        return None, str(bad)[:200]
    return found[0], ""


def _vector(space: FeatureSpace, raw: RawItem) -> Floats:
    """Supplied vectors come along in the payload's field ``vector``."""
    if space.kind == registry.SUPPLIED:
        parameters = {"width": space.parameters["width"]}
        return registry.get("vectors").vector(raw, parameters)
    return registry.get(space.kind).vector(raw, space.parameters)
