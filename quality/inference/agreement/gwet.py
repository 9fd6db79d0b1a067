"""Gwet's AC1 and AC2: chance agreement from how often people are truly unsure.

Gwet (2008), "Computing inter-rater reliability and its variance in the presence of high agreement",
and Gwet (2014), "Handbook of inter-rater reliability", for gaps and weights. Unlike the kappas it
does not fall apart when nearly all items have the same label.

    p_a  mean over items with two answers of the credit of a pair
    p_e  sum(w) / (K (K - 1)) * sum_k share_k (1 - share_k)
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from quality.inference.agreement.coefficient import NO_PAIRS, RESAMPLES, Coefficient
from quality.inference.agreement.pooled import pooled_features
from quality.inference.agreement.ratings import Ratings
from quality.inference.estimate import Estimate

Floats = NDArray[np.float64]


def gwet_ac1(
    ratings: Ratings, *, rng: Generator | None = None, resamples: int = RESAMPLES
) -> Estimate:
    """AC1, for labels without order."""
    return gwet_ac2(ratings, np.eye(ratings.n_labels), rng=rng, resamples=resamples)


def gwet_ac2(
    ratings: Ratings,
    weights: Floats,
    *,
    rng: Generator | None = None,
    resamples: int = RESAMPLES,
) -> Estimate:
    """AC2: `weights` [c, k] is the credit of a pair of labels, 1 on the diagonal."""
    k = ratings.n_labels
    if k < 2:
        return Estimate.undefined("the label set has fewer than two labels")
    scale = float(weights.sum()) / (k * (k - 1))

    def formula(features: Floats) -> float | str:
        agreed, paired, answered = features[:3].tolist()
        if paired == 0.0:
            return NO_PAIRS
        share = features[3:] / answered
        expected = scale * float((share * (1.0 - share)).sum())
        if expected >= 1.0 - 1e-12:
            return "the weights give full credit for anything"
        return float((agreed / paired - expected) / (1.0 - expected))

    return Coefficient(pooled_features(ratings, weights), formula).estimate(rng, resamples)


def linear_weights(n_labels: int) -> Floats:
    """Credit that falls evenly with the distance of two ordered labels."""
    code = np.arange(n_labels)
    weights: Floats = 1.0 - np.abs(np.subtract.outer(code, code)) / max(n_labels - 1, 1)
    return weights


def quadratic_weights(n_labels: int) -> Floats:
    """Credit that falls with the squared distance of two ordered labels."""
    return 1.0 - np.square(1.0 - linear_weights(n_labels))
