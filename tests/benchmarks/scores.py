"""How beliefs are judged against truth: accuracy with fair ties, log-loss, calibration."""

from __future__ import annotations

import numpy as np

from quality.inference.answers import NO_GOLD, Floats, Ints

BINS = 10
TIE = 1e-9


def right(posterior: Floats, truth: Ints) -> Floats:
    """One entry per known item: 1 if right, a tie counts as its expected share."""
    known = truth != NO_GOLD
    belief = posterior[known]
    best = belief >= belief.max(axis=1, keepdims=True) - TIE
    hit: Floats = best[np.arange(len(belief)), truth[known]] / best.sum(axis=1)
    return hit


def log_loss(posterior: Floats, truth: Ints) -> float:
    known = np.flatnonzero(truth != NO_GOLD)
    return float(-np.log(np.maximum(posterior[known, truth[known]], 1e-15)).mean())


def calibration_error(posterior: Floats, truth: Ints) -> float:
    """Expected calibration error of the top label over ten equal bins."""
    sure, hit = posterior[truth != NO_GOLD].max(axis=1), right(posterior, truth)
    place = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    gap = np.bincount(place, sure, BINS) - np.bincount(place, hit, BINS)
    return float(np.abs(gap).sum() / len(hit))


def held(posterior: Floats, truth: Ints, level: float) -> tuple[float, float]:
    """Share right among known items held at ``level`` or more, and how many these are."""
    at = posterior[truth != NO_GOLD].max(axis=1) >= level
    hit = right(posterior, truth)
    return (float(hit[at].mean()) if at.any() else 1.0), float(at.mean())
