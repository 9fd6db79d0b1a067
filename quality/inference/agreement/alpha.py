"""Krippendorff's alpha: 1 - observed / expected disagreement, for any number of people and gaps.

Krippendorff (2011), "Computing Krippendorff's alpha-reliability". With n_uc answers of label c to
unit u, m_u answers in all:

    coincidences[c, k]  o_ck = sum_u n_uc (n_uk - [c = k]) / (m_u - 1)
    marginal[c]         n_c  = sum_k o_ck,   n = sum_c n_c
    alpha               1 - (n - 1) sum o_ck d_ck / sum n_c n_k d_ck

d is the squared difference: nominal, ordinal, interval, ratio, or a matrix of one's own.
"""

# ruff: noqa: ARG001 (every distance gets the marginal, only the ordinal one needs it)

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import csr_array

from quality.inference.agreement.coefficient import (
    NO_PAIRS,
    NO_VARIATION,
    RESAMPLES,
    Coefficient,
)
from quality.inference.agreement.ratings import Ratings
from quality.inference.estimate import Estimate
from quality.inference.grouped import count_by, sum_by

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

# (value of each label, marginal of each label) -> [c, k] squared differences
Distance = Callable[[Floats, Floats], Floats]


def nominal(values: Floats, marginal: Floats) -> Floats:
    """Labels are the same or not."""
    return np.not_equal.outer(values, values).astype(np.float64)


def interval(values: Floats, marginal: Floats) -> Floats:
    """Labels are numbers; differences count squared."""
    return np.square(np.subtract.outer(values, values))


def ratio(values: Floats, marginal: Floats) -> Floats:
    """Labels are numbers from 0 on; differences count in proportion."""
    total = np.add.outer(values, values)
    return np.square(np.subtract.outer(values, values) / np.where(total == 0.0, 1.0, total))


def ordinal(values: Floats, marginal: Floats) -> Floats:
    """Labels are ordered by value; the difference counts the answers that lie between."""
    order = np.argsort(values, kind="stable")
    middle = np.empty_like(marginal)
    middle[order] = np.cumsum(marginal[order]) - marginal[order] / 2
    return np.square(np.subtract.outer(middle, middle))


def krippendorff_alpha(
    ratings: Ratings,
    *,
    distance: Distance | Floats = nominal,
    values: Floats | None = None,
    rng: Generator | None = None,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Alpha with its interval (none without `rng`).

    distance   one of the functions here, or a symmetric [c, k] matrix of squared differences
    values     [label] numbers behind the labels, by default their codes
    """
    size = ratings.n_labels
    numbers = np.arange(size, dtype=np.float64) if values is None else np.asarray(values, float)
    if numbers.size != size:
        raise ValueError(f"there are {size} labels, but {numbers.size} values")

    def formula(features: Floats) -> float | str:
        return _alpha(features.reshape(size, size), distance, numbers)

    return Coefficient(_coincidences(ratings), formula).estimate(rng, resamples)


def _alpha(coincidences: Floats, distance: Distance | Floats, values: Floats) -> float | str:
    marginal = coincidences.sum(axis=1)
    n = float(marginal.sum())
    if n == 0.0:
        return NO_PAIRS
    squared = distance(values, marginal) if callable(distance) else distance
    expected = float(marginal @ squared @ marginal)
    if expected <= 0.0:
        return NO_VARIATION
    return 1.0 - (n - 1.0) * float((coincidences * squared).sum()) / expected


def _coincidences(ratings: Ratings) -> csr_array:
    """[item, c * n_labels + k]: what each item with two answers adds to the coincidences."""
    counts = ratings.counts.tocoo()
    unit, label = (axis.astype(np.int64) for axis in counts.coords)
    times = counts.data / np.maximum(ratings.answers[unit] - 1, 1)
    paired = ratings.answers[unit] > 1
    one, two = _pairs_within(unit)
    keep = paired[one]
    one, two = one[keep], two[keep]
    added = times[one] * (counts.data[two] - (one == two))
    feature = label[one] * ratings.n_labels + label[two]
    shape = (ratings.n_items, ratings.n_labels**2)
    return csr_array((added, (unit[one], feature)), shape=shape)


def _pairs_within(unit: Codes) -> tuple[Codes, Codes]:
    """All ordered pairs of rows with the same unit, equal rows included; `unit` is sorted."""
    size = count_by(unit, int(unit.max()) + 1 if unit.size else 0)
    first = np.cumsum(size) - size
    each = size[unit]
    one = np.repeat(np.arange(unit.size), each)
    within = np.arange(one.size) - np.repeat(np.cumsum(each) - each, each)
    return one, first[unit[one]] + within


def alpha_of_numbers(
    item: Codes,
    annotator: Codes,
    number: Floats,
    *,
    rng: Generator | None = None,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Alpha with the interval distance for arbitrary numbers, in time linear in the answers.

    The sum of squared differences of all pairs of m numbers is 2m times their squared deviations.
    Raises ValueError when a number is not finite.
    """
    number = np.asarray(number, dtype=np.float64)
    if not np.isfinite(number).all():
        raise ValueError("numbers must be finite")
    kept = Ratings.of(item, annotator, np.arange(len(item)))
    x = number[kept.label]
    paired = kept.answers[kept.item] > 1
    unit, x = kept.item[paired], x[paired]
    if unit.size == 0:
        return Estimate.undefined(NO_PAIRS)
    x = x / (np.abs(x).max() or 1.0)  # alpha has no unit, and squares of ones do not overflow
    features = _moments(unit, x - x.mean(), kept.n_items)  # centred: no cancellation
    return Coefficient(features, _alpha_of_moments).estimate(rng, resamples)


def _moments(unit: Codes, x: Floats, n_items: int) -> csr_array:
    """[item]: scaled squared deviations within the item, and count, sum and sum of squares."""
    m = count_by(unit, n_items).astype(np.float64)
    total, squares = sum_by(unit, x, n_items), sum_by(unit, x * x, n_items)
    mean = total / np.maximum(m, 1.0)
    within = sum_by(unit, (x - mean[unit]) ** 2, n_items)
    return csr_array(np.stack([m / np.maximum(m - 1.0, 1.0) * within, m, total, squares], axis=1))


def _alpha_of_moments(features: Floats) -> float | str:
    within, n, total, squares = features.tolist()
    around = squares - total * total / n
    # Squares that cancel to rounding error are no variation.
    if around <= 1e-12 * squares or around <= 0.0:
        return NO_VARIATION
    return float(1.0 - (n - 1.0) / n * within / around)
