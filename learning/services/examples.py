"""What a model of this project may learn from: settled work items that have features."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from labeling.models import Item, ItemRole, Project
from learning import queries
from learning.blocks import Floats, Ints, unpack_ids
from learning.estimators.examples import Examples
from learning.features import registry
from learning.features.raw import UnusableItem
from learning.models import FeatureBlock, FeatureSpace, SyntheticWork
from learning.queries.matrices import block_at, vectors_in
from learning.raw_items import raw_items
from learning.says import Says, said_in
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
    return with_synthetic(space, Lessons(found, examples, len(ids)))


def with_synthetic(space: FeatureSpace, taught: Lessons) -> Lessons:
    """And what people said about items that were made for this project."""
    work = SyntheticWork.objects.filter(project_id=space.project_id).first()
    if work is None or not len(taught.item_ids):
        return taught
    known = training_labels(work.made_in_id)
    vectors = _made_vectors(space, known.item_ids)
    rows = np.flatnonzero([item_id in vectors for item_id in known.item_ids.tolist()])
    if not len(rows) or known.posterior.shape[1] != taught.examples.n_labels:
        return taught
    features = np.stack([vectors[item_id] for item_id in known.item_ids[rows].tolist()])
    more = Examples(features, known.posterior[rows], known.weight[rows])
    return _joined(taught, known.item_ids[rows], more)


def _made_vectors(space: FeatureSpace, item_ids: Ints) -> dict[int, Floats]:
    """By item, in the real project's space; what cannot be read there is left out."""
    extractor = registry.get("vectors" if space.kind == registry.SUPPLIED else space.kind)
    found: dict[int, Floats] = {}
    rows = queries.items_by_id(item_ids)
    for item_id, raw in zip(rows, raw_items(rows.values()), strict=True):
        with suppress(UnusableItem):
            found[item_id] = extractor.vector(raw, space.parameters)
    return found


def _joined(taught: Lessons, item_ids: Ints, more: Examples) -> Lessons:
    ids = np.concatenate([taught.item_ids, item_ids])
    own = taught.examples
    both = Examples(
        np.concatenate([own.features, more.features]),
        np.concatenate([own.posterior, more.posterior]),
        np.concatenate([own.weight, more.weight]),
    )
    order = np.argsort(ids)
    return Lessons(ids[order], both.take(order), taught.labels)


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
        parts.append((ids[rows], vectors_in(block, rows).astype(np.float32)))
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
            yield block_at(key)


def _never_taught(project_id: int) -> Ints:
    kept_out = (ItemRole.GOLD, ItemRole.AUDIT, ItemRole.PRACTICE)
    return queries.ids_of(Item.objects.filter(project_id=project_id, role__in=kept_out))
