"""Kappas: agreement beyond what the labels' shares would give by chance.

Fleiss (1971), "Measuring nominal scale agreement among many raters", for any number of answers an
item: observed agreement is the mean over items with two answers, the label shares the mean over
all items (Gwet's form, 2014; the original one when all items have equally many answers).
Cohen (1960), "A coefficient of agreement for nominal scales", for two people on their common items;
weighted as Cohen (1968).
"""

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
from quality.inference.agreement.pooled import pooled_features
from quality.inference.agreement.ratings import Ratings
from quality.inference.estimate import Estimate

Floats = NDArray[np.float64]


def fleiss_kappa(
    ratings: Ratings, *, rng: Generator | None = None, resamples: int = RESAMPLES
) -> Estimate:
    """Kappa of many people."""

    def formula(features: Floats) -> float | str:
        agreed, paired, answered = features[:3].tolist()
        if paired == 0.0:
            return NO_PAIRS
        share = features[3:] / answered
        return _beyond(agreed / paired, float((share**2).sum()))

    return Coefficient(pooled_features(ratings), formula).estimate(rng, resamples)


def cohen_kappa(
    ratings: Ratings,
    first: int,
    second: int,
    *,
    weights: Floats | None = None,
    rng: Generator | None = None,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Kappa of two people, by their codes; `weights` [c, k] gives partial agreement (1 = full)."""
    size = ratings.n_labels
    credit = np.eye(size) if weights is None else np.asarray(weights, dtype=np.float64)

    def formula(features: Floats) -> float | str:
        table = features.reshape(size, size)
        n = float(table.sum())
        if n == 0.0:
            return "the two have no item in common"
        expected = float(table.sum(axis=1) @ credit @ table.sum(axis=0)) / n**2
        return _beyond(float((table * credit).sum()) / n, expected)

    return Coefficient(_cross(ratings, first, second), formula).estimate(rng, resamples)


def _beyond(observed: float, expected: float) -> float | str:
    if expected >= 1.0 - 1e-12:
        return NO_VARIATION
    return (observed - expected) / (1.0 - expected)


def _cross(ratings: Ratings, first: int, second: int) -> csr_array:
    """[item, c * n_labels + k]: 1 where the first said c and the second k."""
    said = np.full((2, ratings.n_items), -1)
    for row, person in zip(said, (first, second), strict=True):
        own = ratings.annotator == person
        row[ratings.item[own]] = ratings.label[own]
    common = np.flatnonzero((said >= 0).all(axis=0))
    feature = said[0, common] * ratings.n_labels + said[1, common]
    shape = (ratings.n_items, ratings.n_labels**2)
    return csr_array((np.ones(common.size), (common, feature)), shape=shape)
