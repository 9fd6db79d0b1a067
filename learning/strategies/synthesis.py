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
    codes = label_of(features)
    found: list[Between] = []
    for first in rng.permutation(len(block)).tolist():
        others = np.flatnonzero(codes != codes[first])
        if len(found) == wanted or not len(others):
            break
        second = int(others[((features[others] - features[first]) ** 2).sum(axis=1).argmin()])
        found.append(Between(first, second, border(features[[first, second]], label_of)))
    return found


def border(ends: Floats, label_of: LabelOf) -> float:
    """Where on the way from ``ends[0]`` to ``ends[1]`` the first label is lost, by bisection."""
    mine = label_of(ends[:1])[0]
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if label_of(mixed(ends[0], ends[1], middle)[None])[0] == mine:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def mixed(first: Floats, second: Floats, share: float) -> Floats:
    point: Floats = (1 - share) * first + share * second
    return point
