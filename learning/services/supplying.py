"""Vectors that somebody hands in with the data, instead of computing them from the items."""

from collections.abc import Sequence

import numpy as np
from django.db import transaction

from labeling.models import Item, Project
from learning import queries
from learning.blocks import Floats, Ints, UnusableMatrix, require_finite
from learning.features import registry
from learning.models import FeatureSpace
from learning.services.features import BLOCK_ROWS, store_block
from learning.services.plans import configure

BLOCK_VALUES = 4_000_000  # wide vectors get shorter blocks: 16 MB each at most


class UnusableFeatures(ValueError):
    """The vectors cannot be taken; the message names the item. Nothing was stored."""


def supply_features(project_id: int, external_ids: Sequence[str], matrix: Floats) -> int:
    """Use these vectors [i, f] for the items with these external ids; how many items have one now.

    May be called again for items that have none yet, with the same width. Items without a vector are
    asked in random order and the model says nothing about them. Raises UnusableFeatures.
    """
    _check(external_ids, matrix)
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project_id)
        space = _space(project_id, matrix.shape[1])
        ids = _item_ids(project_id, external_ids)
        dtype = "float16" if matrix.dtype == np.float16 else "float32"
        height = max(1, min(BLOCK_ROWS, BLOCK_VALUES // matrix.shape[1]))
        order = np.argsort(ids)
        for start in range(0, len(ids), height):
            rows = order[start : start + height]
            store_block(space, ids[rows], matrix[rows], dtype)
    return len(queries.items_with_features(space))


def _check(external_ids: Sequence[str], matrix: Floats) -> None:
    if matrix.ndim != 2 or not matrix.shape[1]:
        raise UnusableFeatures("the vectors must be a matrix: one row an item")
    if len(external_ids) != len(matrix):
        raise UnusableFeatures(f"{len(matrix)} vectors for {len(external_ids)} items")
    if not np.issubdtype(matrix.dtype, np.floating):
        raise UnusableFeatures(f"the vectors are {matrix.dtype}, not floating-point numbers")
    if len(set(external_ids)) != len(external_ids):
        raise UnusableFeatures("an item is named twice")
    with np.errstate(over="ignore"):
        stored = matrix if matrix.dtype == np.float16 else matrix.astype(np.float32)
    try:
        require_finite(stored)
    except UnusableMatrix as error:
        name = external_ids[error.row or 0]
        raise UnusableFeatures(
            f"item {name!r}: its vector holds a number that is not finite"
        ) from None


def _space(project_id: int, width: int) -> FeatureSpace:
    """The space of supplied vectors: a new version where the project had another kind before."""
    configure(project_id, features=registry.SUPPLIED)
    newest = queries.space_of(project_id)
    if newest is None or newest.kind != registry.SUPPLIED:
        version = newest.version + 1 if newest else 1
        return FeatureSpace.objects.create(
            project_id=project_id,
            version=version,
            kind=registry.SUPPLIED,
            parameters={"width": width},
        )
    if newest.parameters["width"] != width:
        had = newest.parameters["width"]
        raise UnusableFeatures(
            f"these vectors have {width} numbers, the earlier ones {had}; for another width let the "
            "plan choose other features first, then bring vectors for all items"
        )
    return newest


def _item_ids(project_id: int, external_ids: Sequence[str]) -> Ints:
    known: dict[str, int] = {}
    for start in range(0, len(external_ids), 1000):
        names = external_ids[start : start + 1000]
        found = Item.objects.filter(project_id=project_id, external_id__in=names)
        known.update(found.values_list("external_id", "pk"))
    for name in external_ids:
        if name not in known:
            raise UnusableFeatures(f"item {name!r}: the project has no such item")
    return np.array([known[name] for name in external_ids], dtype=np.int64)
