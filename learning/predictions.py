"""What a model says about items, read from PredictionBlocks quickly.

Blocks never change once they are written, so their unpacked arrays are kept per process (least
recently used ones go first). A look-up of a few items touches one or two blocks and costs two small
queries, for which the database, not this process, says which model speaks and which blocks it has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from learning.blocks import Floats, Ints, unpack, unpack_ids
from learning.models import PredictionBlock

BLOCKS_KEPT = 64  # of 4,096 items: 2 MB each with 100 labels


@dataclass(frozen=True)
class Predicted:
    """Probabilities [i, k] for those of the asked items that the model has seen, in their order."""

    item_ids: Ints
    probabilities: Floats


@dataclass(frozen=True)
class _Place:
    """Where the predictions of a range of items are."""

    prediction_id: int
    first_item: int
    last_item: int


def predicted(model_id: int, item_ids: Sequence[int] | Ints) -> Predicted | None:
    """The model's predictions for these items; None when it has none for any of them."""
    asked = np.unique(np.asarray(item_ids, dtype=np.int64))
    parts = [
        part
        for place in _places(model_id)
        if (part := _from_block(place, asked)) is not None and len(part.item_ids)
    ]
    return _joined(parts) if parts else None


def all_predicted(model_id: int) -> Iterator[Predicted]:
    """Everything the model has said, block by block, past the memory: each block is read once."""
    rows = PredictionBlock.objects.filter(model_id=model_id)
    for key in list(rows.order_by("pk").values_list("pk", flat=True)):
        yield Predicted(*_read(key))


def _places(model_id: int) -> list[_Place]:
    rows = PredictionBlock.objects.filter(model_id=model_id).values_list(
        "pk", "block__first_item", "block__last_item"
    )
    return [_Place(*row) for row in rows]


def _from_block(place: _Place, asked: Ints) -> Predicted | None:
    low, high = np.searchsorted(asked, [place.first_item, place.last_item + 1])
    if low == high:
        return None
    ids, probabilities = _arrays(place.prediction_id)
    wanted = asked[low:high]
    rows = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    known = ids[rows] == wanted
    return Predicted(wanted[known], probabilities[rows[known]])


@lru_cache(maxsize=BLOCKS_KEPT)
def _arrays(prediction_id: int) -> tuple[Ints, Floats]:
    return _read(prediction_id)


def _read(prediction_id: int) -> tuple[Ints, Floats]:
    """Ids [n], ascending, and probabilities [n, k] of one block."""
    row = (
        PredictionBlock.objects.select_related("block").defer("block__matrix").get(pk=prediction_id)
    )
    matrix = unpack(row.probabilities, rows=row.block.rows, width=row.n_labels)
    return unpack_ids(row.block.item_ids), matrix


def _joined(parts: list[Predicted]) -> Predicted:
    return Predicted(
        np.concatenate([part.item_ids for part in parts]),
        np.concatenate([part.probabilities for part in parts]),
    )
