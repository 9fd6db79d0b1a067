"""How often an annotator is right, with an interval, from the beliefs about the items."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from quality.inference.answers import Floats

Z = 1.96  # 95 %
STRENGTH = 2.0  # pseudo-answers of the crowd's mean accuracy; enough for people with one answer


class Accuracy(NamedTuple):
    """[a] each: the estimate and its 95 % interval."""

    value: Floats
    low: Floats
    high: Floats


def accuracy(counts: Floats) -> Accuracy:
    """P(annotator is right) from counts[a, l, k], drawn to the crowd's mean where they are few.

    The interval is Wilson's (1927), closed and safe near 0 and 1. An annotator without answers gets
    the crowd's mean (one half without any answers) and a wide interval.
    """
    right = np.einsum("akk->a", counts)
    answered = counts.sum(axis=(1, 2))
    centre = (right.sum() + 1) / (answered.sum() + 2)
    n = answered + STRENGTH
    value = np.clip((right + STRENGTH * centre) / n, 0, 1)
    middle = (value + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * np.sqrt(value * (1 - value) / n + (Z / (2 * n)) ** 2)
    return Accuracy(value, np.minimum(middle - half, value), np.maximum(middle + half, value))
