"""How often an annotator is right, with an interval, from the beliefs about the items."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv

from quality.inference.answers import Floats

LEVEL = 0.95
STRENGTH = 2.0  # pseudo-answers of the crowd's mean accuracy; enough for people with one answer


class Accuracy(NamedTuple):
    """[a] each: the estimate and its 95 % interval."""

    value: Floats
    low: Floats
    high: Floats


def accuracy(counts: Floats) -> Accuracy:
    """P(annotator is right) from counts[a, l, k], drawn to the crowd's mean where they are few.

    Mean and equal-tailed interval of a beta distribution; an annotator without answers gets the
    crowd's mean (one half without any answers) and a wide interval.
    """
    right = np.einsum("akk->a", counts)
    answered = counts.sum(axis=(1, 2))
    centre = (right.sum() + 1) / (answered.sum() + 2)
    hits = right + STRENGTH * centre
    misses = np.maximum(answered - right, 0) + STRENGTH * (1 - centre)
    tail = (1 - LEVEL) / 2
    low, high = betaincinv(hits, misses, tail), betaincinv(hits, misses, 1 - tail)
    return Accuracy(hits / (hits + misses), low, high)
