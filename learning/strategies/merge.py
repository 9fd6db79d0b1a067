"""The best k of a pool that is read block by block: memory for k items, whatever the pool's size.

The result does not depend on how the pool is cut or in which order the blocks come: ties go by a
scrambled id, so that equal scores (an untrained model gives nothing else) do not favour the items
that were imported first.
"""

from collections.abc import Iterable

import numpy as np

from learning.strategies.block import Block, Floats, Ints, join

_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd, so multiplying by it permutes the 64-bit integers


class TopK:
    """Keeps the ``k`` highest-scored items of all blocks offered so far."""

    def __init__(self, k: int) -> None:
        self.k = k
        self._kept: Block | None = None

    def offer(self, block: Block, scores: Floats) -> None:
        """Add one block with its scores [i]; what can no longer win is let go at once."""
        rows = _best_rows(scores, block.ids, self.k)
        fresh = block.take(rows).with_scores(np.asarray(scores)[rows])
        self._kept = fresh if self._kept is None else _cut(join([self._kept, fresh]), self.k)

    def best(self) -> Block | None:
        """The kept items, most wanted first; None when nothing was offered."""
        return self._kept


def top_k(scored: Iterable[tuple[Block, Floats]], k: int) -> Block | None:
    """The ``k`` best of a stream of blocks with their scores."""
    merged = TopK(k)
    for block, scores in scored:
        merged.offer(block, scores)
    return merged.best()


def merge(parts: Iterable[Block], k: int) -> Block:
    """The best ``k`` of several kept parts (each from ``TopK.best``), e.g. one a process."""
    return _cut(join(parts), k)


def _cut(block: Block, k: int) -> Block:
    return block.take(_best_rows(block.require("scores"), block.ids, k))


def _best_rows(scores: Floats, ids: Ints, k: int) -> Ints:
    rows = np.arange(len(scores))
    if k <= 0:
        return rows[:0]
    if len(scores) > k:  # every tie at the border stays in until the scrambled id has decided
        border = np.partition(scores, len(scores) - k)[len(scores) - k]
        rows = np.flatnonzero(scores >= border)
    order = np.lexsort((_scrambled(ids[rows]), -scores[rows]))
    best: Ints = rows[order[:k]]
    return best


def _scrambled(ids: Ints) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    mixed = ids.astype(np.uint64) * _MIX
    return mixed ^ (mixed >> np.uint64(29))
