"""How far two answers are apart, in boxes that mean the same thing."""

from collections.abc import Sequence
from typing import Any

Box = dict[str, Any]


def disagreement(a: Sequence[Box], b: Sequence[Box], *, least: float) -> float:
    """1 - F1 of the boxes; two with the same label mean the same if they share at least ``least``."""
    size = len(a) + len(b)
    return 1 - 2 * _matches(a, b, least) / size if size else 0.0


def _matches(a: Sequence[Box], b: Sequence[Box], least: float) -> int:
    """Pairs, one to one, the best overlap first."""
    shared = [
        (share, i, j)
        for i, one in enumerate(a)
        for j, other in enumerate(b)
        if one["label"] == other["label"] and (share := overlap(one, other)) >= least
    ]
    mine: set[int] = set()
    theirs: set[int] = set()
    for _, i, j in sorted(shared, key=lambda pair: (-pair[0], *pair[1:])):
        if i not in mine and j not in theirs:
            mine.add(i)
            theirs.add(j)
    return len(mine)


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    both = _common(a, b, "x", "width") * _common(a, b, "y", "height")
    union = a["width"] * a["height"] + b["width"] * b["height"] - both
    return float(both / union)


def _common(a: Box, b: Box, place: str, length: str) -> float:
    end = min(a[place] + a[length], b[place] + b[length])
    return float(max(0, end - max(a[place], b[place])))
