"""Query synthesis: new items made where the model changes its mind (membership queries; Angluin, 1988).

Two real items that the model labels differently have a border between them. On the line from one to the
other, bisection finds a point of it (Wang, Hu, Yuan and Lu, 2015, "Active learning via query synthesis
and nearest neighbour search", which begins so). What lies near a real item of each label still means
something to people; what lies between far ones does not (Baum and Lang, 1992, with handwritten digits):
so each pair is an item and its nearest neighbour of another label.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from learning.strategies.block import Block, Floats, Ints

STEPS = 10  # of bisection: a thousandth of the way
LabelOf = Callable[[Floats], Ints]  # features [n, f] -> codes [n]


@dataclass(frozen=True)
class Between:
    """A point at ``share`` of the way from row ``first`` to row ``second``."""

    first: int
    second: int
    share: float


def between(block: Block, label_of: LabelOf, wanted: int, rng: Generator) -> list[Between]:
    """At most ``wanted`` points of the border, from different items; fewer where all look alike."""
    features = block.require("features").astype(np.float64)
    pairs = _pairs(features, label_of(features), wanted, rng)
    if not len(pairs):
        return []
    shares = borders(features[pairs[:, 0]], features[pairs[:, 1]], label_of)
    ends = zip(pairs.tolist(), shares.tolist(), strict=True)
    return [Between(first, second, share) for (first, second), share in ends]


def _pairs(features: Floats, codes: Ints, wanted: int, rng: Generator) -> Ints:
    """Rows of items and of their nearest neighbours of another label: [p, 2]."""
    found: list[tuple[int, int]] = []
    for first in rng.permutation(len(features)).tolist():
        others = np.flatnonzero(codes != codes[first])
        if len(found) == wanted or not len(others):
            break
        apart = ((features[others] - features[first]) ** 2).sum(axis=1)
        found.append((first, int(others[apart.argmin()])))
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def borders(starts: Floats, ends: Floats, label_of: LabelOf) -> Floats:
    """Where on the way from each start to its end the first label is lost, by bisection: [p].

    All pairs at once: the model is asked a dozen times, however many there are.
    """
    mine = label_of(starts)
    low, high = np.zeros(len(starts)), np.ones(len(starts))
    for _ in range(STEPS):
        middle = (low + high) / 2
        kept = label_of(mixed(starts, ends, middle[:, None])) == mine
        low, high = np.where(kept, middle, low), np.where(kept, high, middle)
    share: Floats = (low + high) / 2
    return share


def mixed(first: Floats, second: Floats, share: Floats | float) -> Floats:
    point: Floats = (1 - share) * first + share * second
    return point
