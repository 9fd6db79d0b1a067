"""A priced batch without near-duplicates: the second of two copies would teach next to nothing.

Further answers about items that were asked about before, and the random part, stay as they are: leaving
copies out of a random sample would bend what is measured on it.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from learning.blocks import Floats
from learning.decision import Bools, Ints, Market, Purchase, next_questions
from learning.strategies.duplicates import distinct_rows

NARROW = 8  # in fewer dimensions vectors of different items point the same way too

VectorsOf = Callable[[Ints], tuple[Ints, Floats]]  # rows -> those that have a vector, and it


def without_copies(
    market: Market, bought: Purchase, rng: Generator, vectors_of: VectorsOf
) -> Purchase:
    """The same number of items; each copy replaced by the next best that is none, if there is one."""
    fresh = ~bought.explored & (market.answers[bought.items] == 0)
    rows = bought.items[fresh]
    if len(rows) < 2 or not _has_copies(rows, vectors_of):
        return bought
    left = market.open.copy()
    left[bought.items] = False
    more = next_questions(replace(market, open=left), len(rows), rng, explored=0.0).items
    candidates = np.concatenate([rows, more[market.answers[more] == 0]])
    items = bought.items.copy()
    items[fresh] = _first_distinct(candidates, len(rows), vectors_of)
    return replace(bought, items=items)


def _has_copies(rows: Ints, vectors_of: VectorsOf) -> bool:
    known, vectors = vectors_of(rows)
    if not len(known) or vectors.shape[1] < NARROW:
        return False
    kept = distinct_rows(vectors, wanted=len(known))
    return not np.array_equal(kept, np.arange(len(known)))  # doubles come last


def _first_distinct(candidates: Ints, wanted: int, vectors_of: VectorsOf) -> Ints:
    """What has no vector is nobody's copy."""
    known, vectors = vectors_of(candidates)
    featured: Bools = np.isin(candidates, known)
    n_plain = int(np.count_nonzero(~featured[:wanted]))
    chosen = known[distinct_rows(vectors, wanted=wanted - n_plain)]
    taken = np.isin(candidates, chosen) | (~featured & (np.arange(len(candidates)) < wanted))
    return candidates[taken]
