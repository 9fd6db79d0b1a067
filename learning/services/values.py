"""Answers that are no single label, as a model learns them and is judged by them.

Sets become rows of zeros and ones, numbers one column. Whether a prediction is right is said by the label
type, with its tolerance, as for answers of people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from labeling.label_types import Json, label_type
from labeling.label_types.configuration import values_of
from labeling.models import ItemRole, Project
from labeling.queries import label_set
from learning.blocks import Bools, Floats, Ints
from learning.models import ModelVersion
from learning.predictions import predicted
from learning.says import Says, said_by, said_in
from quality.given import MACHINE
from quality.models import Consensus, ConsensusState, GoldAnswer
from quality.queries.labels import PROMOTED


@dataclass(frozen=True, eq=False)
class Values:
    """Items, ascending, with the value of each and how much it counts."""

    item_ids: Ints
    values: list[Json]
    weight: Floats


@dataclass(frozen=True, eq=False)
class JudgedValues:
    """Items with a reference value, and whether the model's prediction agrees with it."""

    item_ids: Ints
    right: Bools

    @property
    def label(self) -> Bools:
        return self.right


def settled_values(project_id: int) -> Values:
    """Settled work items; never gold, never audit, never what a machine said."""
    rows = Consensus.objects.filter(
        project_id=project_id, state=ConsensusState.SETTLED, item__role=ItemRole.WORK
    ).exclude(method=MACHINE)
    found = list(rows.order_by("item_id").values_list("item_id", "value", "confidence"))
    return Values(
        np.array([row[0] for row in found], dtype=np.int64),
        [row[1] for row in found],
        np.maximum([row[2] for row in found], 1e-3) if found else np.empty(0),
    )


def gold_values(project_id: int) -> Values:
    """Gold in use; without promoted gold, which was chosen because it is certain."""
    rows = GoldAnswer.objects.filter(item__project_id=project_id, retired_at__isnull=True)
    found = list(rows.exclude(source=PROMOTED).order_by("item_id").values_list("item_id", "value"))
    ids = np.array([row[0] for row in found], dtype=np.int64)
    return Values(ids, [row[1] for row in found], np.ones(len(ids)))


def targets(project: Project, values: Sequence[Json]) -> Floats:
    """What a model is to predict: [i, k] for sets, [i, 1] for numbers."""
    if said_in(project) is Says.NUMBER:
        return np.array(values, dtype=np.float64).reshape(-1, 1)
    labels = values_of(_configuration(project))
    chosen = [[label in value for label in labels] for value in values]
    return np.array(chosen, dtype=np.float64).reshape(-1, len(labels))


def judged_values(model: ModelVersion, known: Values) -> JudgedValues:
    """On those of the items that the model has predicted."""
    found = predicted(model.pk, known.item_ids) if len(known.item_ids) else None
    if found is None:
        return JudgedValues(known.item_ids[:0], np.empty(0, dtype=bool))
    configuration = _configuration(model.project)
    says, agrees = said_by(model), label_type(model.project.label_type).agrees
    value = dict(zip(known.item_ids.tolist(), known.values, strict=True))
    pairs = zip(found.item_ids.tolist(), found.probabilities, strict=True)
    right = [agrees(configuration, told(says, configuration, row), value[i]) for i, row in pairs]
    return JudgedValues(found.item_ids, np.array(right, dtype=bool))


def told(says: Says, configuration: dict[str, Json], said: Floats) -> Any:
    """The answer behind a model's output [k] for one item."""
    if says is Says.NUMBER:
        return float(said.mean())
    labels = values_of(configuration)
    return [labels[k] for k in np.flatnonzero(said > 0.5) if k < len(labels)]


def _configuration(project: Project) -> dict[str, Json]:
    found: dict[str, Json] = label_set(project.pk, project.label_set_version).configuration
    return found
