"""Alpha for answers of any kind (texts, spans, boxes) with a distance of the label type.

Observed disagreement is over all pairs within items. The expected one would need every pair of
answers there is; a sample of them gives it to about 1 %, which is far below the interval's width.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

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
from quality.inference.estimate import Estimate

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Answer = TypeVar("Answer")

SAMPLED_PAIRS = 20_000


def alpha_by_distance(
    item: Codes,
    answers: Sequence[Answer],
    distance: Callable[[Answer, Answer], float],
    *,
    rng: Generator,
    resamples: int = RESAMPLES,
    sampled_pairs: int = SAMPLED_PAIRS,
) -> Estimate:
    """Alpha of `answers[r]` to `item[r]`, one row a person and item.

    `distance` is not squared here: return the squared difference for the usual alpha of numbers.
    Raises ValueError when it gives a negative or infinite number.
    """
    item = np.asarray(item, dtype=np.int64)
    if item.size != len(answers):
        raise ValueError("item and answers must have the same length")
    size = np.bincount(item)
    rows = np.flatnonzero(size[item] > 1) if item.size else item
    if rows.size == 0:
        return Estimate.undefined(NO_PAIRS)
    expected = _expected(rows, answers, distance, rng, sampled_pairs)
    observed = _observed(item, rows, answers, distance)
    features = csr_array(np.stack([observed, np.where(size > 1, size, 0)], axis=1))

    def formula(sums: Floats) -> float | str:
        return NO_VARIATION if expected <= 0.0 else float(1.0 - sums[0] / sums[1] / expected)

    return Coefficient(features, formula).estimate(rng, resamples)


def _checked(value: float) -> float:
    if not 0.0 <= value < np.inf:
        raise ValueError(f"a distance must be a finite number from 0 on, not {value}")
    return value


def _observed(
    item: Codes,
    rows: Codes,
    answers: Sequence[Answer],
    distance: Callable[[Answer, Answer], float],
) -> Floats:
    """[item]: sum over pairs, each in both orders, divided by the number of answers less one."""
    total = np.zeros(int(item.max()) + 1)
    order = rows[np.argsort(item[rows], kind="stable")]
    for group in np.split(order, np.flatnonzero(np.diff(item[order])) + 1):
        pairs = ((a, b) for n, a in enumerate(group) for b in group[n + 1 :])
        apart = sum(_checked(distance(answers[a], answers[b])) for a, b in pairs)
        total[item[group[0]]] = 2.0 * apart / (group.size - 1)
    return total


def _expected(
    rows: Codes,
    answers: Sequence[Answer],
    distance: Callable[[Answer, Answer], float],
    rng: Generator,
    sampled_pairs: int,
) -> float:
    """Mean distance of two different answers: of all pairs when they are few, else of a sample."""
    n = rows.size
    if n * (n - 1) // 2 <= sampled_pairs:
        one, two = np.triu_indices(n, 1)
    else:
        one = rng.integers(n, size=sampled_pairs)
        two = (one + rng.integers(1, n, size=sampled_pairs)) % n
    pairs = zip(rows[one].tolist(), rows[two].tolist(), strict=True)
    return float(np.mean([_checked(distance(answers[a], answers[b])) for a, b in pairs]))
