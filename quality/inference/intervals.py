"""Intervals for the accuracy of a person from counts of right answers.

A share uses the Jeffreys interval: quantiles of Beta(right + 1/2, wrong + 1/2), with 0 as the
lower end when nothing was right and 1 as the upper end when everything was (Brown, Cai and
DasGupta, 2001, "Interval estimation for a binomial proportion"). Its coverage stays near the
stated level from a handful of answers on, where the usual normal interval fails.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import betaincinv

from quality.inference.estimate import Estimate


def lower_bound(right: float, wrong: float, *, confidence: float = 0.95) -> float:
    """The accuracy is at least this, at one-sided `confidence`."""
    return 0.0 if right <= 0 else float(betaincinv(right + 0.5, wrong + 0.5, 1.0 - confidence))


def upper_bound(right: float, wrong: float, *, confidence: float = 0.95) -> float:
    """The accuracy is at most this, at one-sided `confidence`."""
    return 1.0 if wrong <= 0 else float(betaincinv(right + 0.5, wrong + 0.5, confidence))


def share(right: float, wrong: float, *, confidence: float = 0.95) -> Estimate:
    """Right answers as a share, with the two-sided Jeffreys interval. Counts may be fractional."""
    if right < 0 or wrong < 0:
        raise ValueError("counts can not be negative")
    if right + wrong == 0:
        return Estimate.undefined("there are no answers to judge yet")
    side = 0.5 + confidence / 2
    low = lower_bound(right, wrong, confidence=side)
    high = upper_bound(right, wrong, confidence=side)
    return Estimate(right / (right + wrong), low, high)


def balanced_share(
    right: Sequence[float], wrong: Sequence[float], *, confidence: float = 0.95
) -> Estimate:
    """Mean over classes of the share of right answers; classes without answers are left out.

    `right[k]` and `wrong[k]` count answers to items of true class k. The posterior of the mean is
    taken as the Beta with the same mean and variance as the sum of the classes' own Betas.
    """
    good, bad = np.asarray(right, dtype=float), np.asarray(wrong, dtype=float)
    seen = good + bad > 0
    if seen.sum() <= 1:
        return share(float(good.sum()), float(bad.sum()), confidence=confidence)
    good, bad = good[seen] + 0.5, bad[seen] + 0.5
    mean = good / (good + bad)
    variance = (mean * (1 - mean) / (good + bad + 1)).sum() / mean.size**2
    centre = mean.mean()
    size = centre * (1 - centre) / variance - 1
    tail = 0.5 - confidence / 2
    low, high = betaincinv(centre * size, (1 - centre) * size, [tail, 1 - tail])
    value = float(((good - 0.5) / (good + bad - 1)).mean())
    return Estimate(value, min(float(low), value), max(float(high), value))
