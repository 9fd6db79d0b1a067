"""Boxes [x1, y1, x2, y2] in one image: overlap and one-to-one matching."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quality.inference.typed_answers import Floats, Ints

Box = tuple[float, float, float, float]
FARTHEST = 1e9  # from the origin: no picture is larger, and areas of what is nearer never overflow


def as_array(boxes: Sequence[Box] | Floats) -> Floats:
    """[box, 4] with x1 <= x2 and y1 <= y2, whichever corners were given."""
    given = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    low = np.minimum(given[:, :2], given[:, 2:])
    return np.concatenate([low, np.maximum(given[:, :2], given[:, 2:])], axis=1)


def overlap(a: Floats, b: Floats) -> Floats:
    """[box of a, box of b]: intersection over union; 1 for equal boxes even without area."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    both = np.prod(np.clip(high - low, 0.0, None), axis=2)
    union = _area(a)[:, None] + _area(b)[None, :] - both
    share = np.divide(both, union, out=np.zeros_like(both), where=union > 0)
    equal = (a[:, None, :] == b[None, :, :]).all(axis=2)
    return np.where(equal, 1.0, share)


def match(gain: Floats, *, least: float) -> tuple[Ints, Ints]:
    """The one-to-one pairs (row, column) with the largest total gain, all of at least ``least``.

    Pairs below ``least`` are no alternative: as many pairs as possible that reach it are kept.
    """
    if gain.size == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    allowed = np.where(gain >= least, gain, 0.0)
    from scipy.optimize import linear_sum_assignment  # slow to import, and seldom needed

    rows, columns = linear_sum_assignment(allowed, maximize=True)
    kept = gain[rows, columns] >= max(least, 1e-12)
    return rows[kept].astype(np.int64), columns[kept].astype(np.int64)


def soft_f1(a: Sequence[Box] | Floats, b: Sequence[Box] | Floats) -> float:
    """2 (total overlap of the best matching) / (boxes of both); 1 when both are empty."""
    first, second = as_array(a), as_array(b)
    size = len(first) + len(second)
    if size == 0:
        return 1.0
    shares = overlap(first, second)
    rows, columns = match(shares, least=0.0)
    return 2.0 * float(shares[rows, columns].sum()) / size


def box_f1(a: Sequence[Box] | Floats, b: Sequence[Box] | Floats, *, least: float = 0.5) -> float:
    """2 (pairs of the best matching with overlap >= least) / (boxes of both)."""
    first, second = as_array(a), as_array(b)
    size = len(first) + len(second)
    if size == 0:
        return 1.0
    good = (overlap(first, second) >= least).astype(np.float64)
    rows, _ = match(good, least=0.5)
    return 2.0 * rows.size / size


def _area(boxes: Floats) -> Floats:
    sides = boxes[:, 2:] - boxes[:, :2]
    area: Floats = sides[:, 0] * sides[:, 1]
    return area
