"""How far people agree: coefficients with bootstrap intervals, on sparse long arrays.

    ratings = Ratings.of(item, annotator, label, n_labels=4)
    krippendorff_alpha(ratings, distance=ordinal, rng=rng)   # Estimate(value, low, high, reason)

Everything is an `Estimate`; what is undefined is None with a reason, never NaN. Intervals come
from resampling items, so they say how the value would vary with other items of the same kind.
"""

from quality.inference.agreement.alpha import (
    alpha_of_numbers,
    interval,
    krippendorff_alpha,
    nominal,
    ordinal,
    ratio,
)
from quality.inference.agreement.by_distance import alpha_by_distance
from quality.inference.agreement.gwet import gwet_ac1, gwet_ac2, linear_weights, quadratic_weights
from quality.inference.agreement.kappa import cohen_kappa, fleiss_kappa
from quality.inference.agreement.pairwise import PairTable, pairwise
from quality.inference.agreement.ratings import Ratings
from quality.inference.agreement.shares import (
    consistency,
    entropy,
    entropy_of_items,
    percent_agreement,
    self_consistency,
)

__all__ = [
    "PairTable",
    "Ratings",
    "alpha_by_distance",
    "alpha_of_numbers",
    "cohen_kappa",
    "consistency",
    "entropy",
    "entropy_of_items",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "interval",
    "krippendorff_alpha",
    "linear_weights",
    "nominal",
    "ordinal",
    "pairwise",
    "percent_agreement",
    "quadratic_weights",
    "ratio",
    "self_consistency",
]
