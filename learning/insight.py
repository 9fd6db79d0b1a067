"""What learning curves say: would random sampling have done as well, has it levelled off, is it stable?

Pure functions on plain numbers; the rows are read in ``learning.queries.gains``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_POINTS = 3
FARTHEST = 10.0  # a curve is not continued beyond so many times its last point
LEVEL_POINTS = 4
GROWTH = 1.3  # labels must have grown so much before a level curve means anything
STABLE = 0.99  # kappa between successive models; three in a row (see ``is_stable``)
STABLE_TIMES = 3


@dataclass(frozen=True)
class Point:
    """An accuracy with its interval, measured with so many labels."""

    labels: int
    value: float
    low: float | None = None
    high: float | None = None


def labels_for(curve: Sequence[Point], accuracy: float) -> float | None:
    """Labels that the sampling behind ``curve`` would need for this accuracy; None if nobody can say.

    Learning curves fall like a power of the number of labels: error = a * n^-b (Cortes et al., 1993).
    a and b by least squares on logarithms. Nothing is said beyond ten times the last point, or where the
    curve does not fall.
    """
    points = [point for point in curve if point.labels > 0 and point.value < 1]
    if len(points) < FEWEST_POINTS or len({point.labels for point in points}) < FEWEST_POINTS:
        return None
    n = np.log([point.labels for point in points])
    error = np.log([1 - point.value for point in points])
    slope, start = np.polyfit(n, error, 1)
    if slope >= 0 or accuracy >= 1:
        return None
    wanted = float(np.exp((np.log(1 - accuracy) - start) / slope))
    return wanted if wanted <= FARTHEST * max(point.labels for point in points) else None


def is_level(curve: Sequence[Point]) -> bool:
    """Whether the last points are no better than one before them, beyond luck, though labels grew.

    The newest value lies within the interval of the one ``LEVEL_POINTS`` - 1 earlier, or below it.
    """
    if len(curve) < LEVEL_POINTS:
        return False
    old, new = curve[-LEVEL_POINTS], curve[-1]
    if new.labels < GROWTH * old.labels:
        return False
    ceiling = old.value if old.high is None else (old.value + old.high) / 2
    return new.value <= ceiling


def kappa(one: Ints, other: Ints, n_labels: int) -> float:
    """Cohen's kappa between two models' labels of the same items (Bloodgood and Vijay-Shanker, 2009)."""
    if not len(one):
        return 0.0
    agreed = float((one == other).mean())
    shares = [np.bincount(labels, minlength=n_labels) / len(labels) for labels in (one, other)]
    by_chance = float((shares[0] * shares[1]).sum())
    return 1.0 if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def is_stable(kappas: Sequence[float]) -> bool:
    """Whether the last models say the same about nearly everything."""
    last = kappas[-STABLE_TIMES:]
    return len(last) == STABLE_TIMES and min(last) >= STABLE


def macro_f1_interval(
    said: Ints, true: Ints, rng: np.random.Generator, *, times: int = 200
) -> Point:
    """Macro F1 over the labels that occur, with its 95 % bootstrap interval (labels = items judged)."""
    draws = rng.integers(0, len(true), (times, len(true)))
    found = np.array([macro_f1(said[rows], true[rows]) for rows in draws])
    low, high = np.quantile(found, [0.025, 0.975])
    return Point(len(true), macro_f1(said, true), float(low), float(high))


def macro_f1(said: Ints, true: Ints) -> float:
    """Mean over the labels that occur of 2 right / (said + true)."""
    n_labels = int(max(said.max(), true.max())) + 1
    right = np.bincount(true[said == true], minlength=n_labels)
    there = np.bincount(true, minlength=n_labels)
    both = np.bincount(said, minlength=n_labels) + there
    occurs = there > 0
    return float((2 * right[occurs] / both[occurs]).mean())


def remedy(*, voice: float | None, has_features: bool, label_level: bool) -> str:
    """What a manager can do about a model that has stopped getting better."""
    if not has_features:
        return "There are no features: supply vectors, or add labelling functions."
    if voice is not None and voice < 0.5:
        return (
            "The model predicts little of what people say: supply better features or try another "
            "estimator before buying more labels."
        )
    if label_level:
        return (
            "The labels themselves no longer get better: look at the instructions and at the items "
            "people disagree about, or stop."
        )
    return (
        "More labels of the same kind bring little: try another estimator or a more diverse batch, "
        "or let a certificate take the rest over."
    )
