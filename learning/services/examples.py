"""What a model of this project may learn from: settled work items that have features."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from labeling.models import Item, ItemRole, Project
from learning import queries
from learning.blocks import Floats, Ints, unpack_ids
from learning.estimators.examples import Examples
from learning.models import FeatureBlock, FeatureSpace
from learning.says import Says, said_in
from learning.services.predicting import matrix_of
from learning.services.values import settled_values, targets
from quality.queries import training_labels
from quality.queries.labels import TrainingLabels


@dataclass(frozen=True)
class Lessons:
    """Examples with the ids of their items, ascending. ``labels``: settled items, features or not."""

    item_ids: Ints
    examples: Examples
    labels: int


def some_of(taught: Lessons, largest: int | None, rng: np.random.Generator) -> Lessons:
    """At most so many of them, drawn at random; still ascending by item."""
    n_items = len(taught.item_ids)
    if largest is None or n_items <= largest:
        return taught
    rows = np.sort(rng.choice(n_items, largest, replace=False))
    return Lessons(taught.item_ids[rows], taught.examples.take(rows), taught.labels)


def lessons(space: FeatureSpace) -> Lessons:
    """All settled work items with what was said. Gold, audit and practice are kept out here too.

    Sets and numbers stand where beliefs do: ``posterior[i, k]`` of zeros and ones, or one column.
    """
    project = Project.objects.get(pk=space.project_id)
    known = training_labels(project.pk) if said_in(project) is Says.LABEL else _values(project)
    allowed = ~np.isin(known.item_ids, _never_taught(space.project_id))
    ids, order = np.unique(known.item_ids[allowed], return_index=True)
    found, features = features_of(space, ids)
    rows = np.flatnonzero(allowed)[order][np.isin(ids, found)]
    examples = Examples(features, known.posterior[rows], known.weight[rows])
    return Lessons(found, examples, len(ids))


def _values(project: Project) -> TrainingLabels:
    settled = settled_values(project.pk)
    rows = targets(project, settled.values).astype(np.float64)
    return TrainingLabels(settled.item_ids, rows, settled.weight.astype(np.float64))


def features_of(space: FeatureSpace, item_ids: Ints) -> tuple[Ints, Floats]:
    """Those of the ids (ascending) that have features, ascending, and the features [i, f]."""
    parts: list[tuple[Ints, Floats]] = []
    for block in _blocks_with(space, item_ids):
        ids = unpack_ids(block.item_ids)
        rows = np.flatnonzero(np.isin(ids, item_ids))
        parts.append((ids[rows], matrix_of(block)[rows].astype(np.float32)))
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty((0, 0), dtype=np.float32)
    ids = np.concatenate([part[0] for part in parts])
    order = np.argsort(ids)
    return ids[order], np.concatenate([part[1] for part in parts])[order]


def _blocks_with(space: FeatureSpace, item_ids: Ints) -> Iterator[FeatureBlock]:
    ranges = queries.blocks_of(space).values_list("pk", "first_item", "last_item")
    for key, first, last in list(ranges):
        low, high = np.searchsorted(item_ids, [first, last + 1])
        if high > low:
            yield queries.blocks_of(space).get(pk=key)


def _never_taught(project_id: int) -> Ints:
    kept_out = (ItemRole.GOLD, ItemRole.AUDIT, ItemRole.PRACTICE)
    return queries.ids_of(Item.objects.filter(project_id=project_id, role__in=kept_out))
