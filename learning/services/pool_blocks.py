"""The pool block by block, with no more of each block than the strategies read.

A pass over a million items reads ids and probabilities, some tens of megabytes; vectors are hundreds. So
where scores do not look at vectors, those of the few candidates are read afterwards.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from learning import queries
from learning.blocks import Floats, Ints, unpack
from learning.estimators.committee import members
from learning.models import FeatureSpace, ModelVersion, PredictionBlock
from learning.queries.matrices import block_at, matrix_of
from learning.says import Says, said_by
from learning.services.examples import features_of
from learning.services.predicting import classifier_of
from learning.strategies import registry
from learning.strategies.block import Block

PREDICTED = {"probabilities", "committee", "numbers"}
OF_VECTORS = {"features", "committee"}
IDS_AT_ONCE = 4096


def blocks_for(
    space: FeatureSpace, names: Iterable[str], model: ModelVersion | None, taken: Ints
) -> Iterator[Block]:
    """The pool's items that have features but are not ``taken``, with what scores read of them."""
    needs = frozenset[str]().union(*(registry.get(name).read_by_score for name in names))
    heard = model if needs & PREDICTED else None
    committee = classifier_of(heard) if heard and "committee" in needs else None
    ranges = queries.blocks_of(space).values_list("pk", "first_item", "last_item")
    for key, first, last in list(ranges):
        pool = _left(queries.pool_ids(space.project_id, first, last), taken)
        block = _block(key, pool, heard, with_vectors=bool(needs & OF_VECTORS))
        if block is not None:
            yield block if committee is None else _with_members(block, committee)


def vectors_of(space: FeatureSpace, item_ids: Ints) -> Floats:
    """Vectors of items that have one: [i, f], in the order of the ids."""
    known, features = features_of(space, np.unique(item_ids))
    found: Floats = features[np.searchsorted(known, item_ids)]
    return found


def without(project_id: int, taken: Ints) -> Iterator[Block]:
    """The whole pool but what is picked already, ids only."""
    ids: Ints = np.setdiff1d(queries.ids_of(queries.askable(project_id)), taken)
    for start in range(0, len(ids), IDS_AT_ONCE):
        yield Block(ids=ids[start : start + IDS_AT_ONCE])


def _left(pool: Ints, taken: Ints) -> Ints:
    return np.setdiff1d(pool, taken, assume_unique=True) if len(taken) else pool


def _block(key: int, pool: Ints, model: ModelVersion | None, *, with_vectors: bool) -> Block | None:
    """None where no item of the block is in the pool, or the block came after the model."""
    probabilities = _probabilities(key, model) if model else None
    if not len(pool) or (model and probabilities is None):
        return None
    ids = queries.ids_of_block(key)
    rows = np.flatnonzero(np.isin(ids, pool, assume_unique=True))
    features = matrix_of(block_at(key)) if with_vectors else None
    said = {_name(model): probabilities} if model else {}
    block = Block(ids=ids, features=features, **said)
    return block.take(rows) if len(rows) else None


def _name(model: ModelVersion) -> str:
    """As what strategies look at the model's output."""
    return "numbers" if said_by(model) is Says.NUMBER else "probabilities"


def _probabilities(key: int, model: ModelVersion) -> Floats | None:
    """[i, k] of the whole block (index one_prediction_per_block)."""
    rows = PredictionBlock.objects.filter(model=model, block_id=key)
    stored = rows.values_list("probabilities", "n_labels").first()
    if stored is None:
        return None
    data, n_labels = stored
    return unpack(data, rows=len(data) // (4 * n_labels), width=n_labels)


def _with_members(block: Block, committee: Any) -> Block:
    n_labels = block.require("probabilities").shape[1]
    return replace(block, committee=members(committee, block.require("features"), n_labels))
