"""Plain shares: agreement in percent, the spread of an item's answers, consistency of a person."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import csr_array

from quality.inference.agreement.coefficient import NO_PAIRS, RESAMPLES, Coefficient
from quality.inference.agreement.pooled import agreement_of_items
from quality.inference.agreement.ratings import Ratings
from quality.inference.estimate import Estimate
from quality.inference.grouped import count_by, sum_by
from quality.inference.intervals import share

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

NO_ANSWERS = "there are no answers"


def _mean_over_items(
    value: Floats, counted: NDArray[np.bool_], without: str, rng: Generator | None, resamples: int
) -> Estimate:
    features = csr_array(np.stack([np.where(counted, value, 0.0), counted], axis=1).astype(float))

    def formula(sums: Floats) -> float | str:
        return without if sums[1] == 0.0 else float(sums[0] / sums[1])

    return Coefficient(features, formula).estimate(rng, resamples)


def percent_agreement(
    ratings: Ratings, *, rng: Generator | None = None, resamples: int = RESAMPLES
) -> Estimate:
    """How often two people who answered the same item agree, as a mean over items (0 to 1)."""
    counted = ratings.answers > 1
    return _mean_over_items(agreement_of_items(ratings), counted, NO_PAIRS, rng, resamples)


def entropy_of_items(ratings: Ratings) -> Floats:
    """[item]: entropy of the answers' labels in nats; 0 where nobody or one person answered."""
    counts = ratings.counts.tocoo()
    unit = counts.coords[0].astype(np.int64)
    p = counts.data / ratings.answers[unit]
    return sum_by(unit, -p * np.log(p), ratings.n_items)


def entropy(
    ratings: Ratings, *, rng: Generator | None = None, resamples: int = RESAMPLES
) -> Estimate:
    """Mean entropy over the items that somebody answered, as a share of the largest possible."""
    if ratings.n_labels < 2:
        return Estimate.undefined("the label set has fewer than two labels")
    value = entropy_of_items(ratings) / np.log(ratings.n_labels)
    return _mean_over_items(value, ratings.answers > 0, NO_ANSWERS, rng, resamples)


def consistency(
    ratings: Ratings, *, rng: Generator | None = None, resamples: int = RESAMPLES
) -> Estimate:
    """Mean over items of the share of answers that are the item's commonest label."""
    most = np.zeros(ratings.n_items)
    counts = ratings.counts.tocoo()
    np.maximum.at(most, counts.coords[0], counts.data)
    value = most / np.maximum(ratings.answers, 1)
    return _mean_over_items(value, ratings.answers > 0, NO_ANSWERS, rng, resamples)


def self_consistency(
    item: Codes, annotator: Codes, label: Codes, *, n_annotators: int
) -> list[Estimate]:
    """[annotator]: how often a repeated answer to the same item is the answer given before.

    Takes the raw answers in their order, not `Ratings`, which keep only the last.
    """
    order = np.lexsort((annotator, item))
    i, a, said = item[order], annotator[order], label[order]
    again = (i[1:] == i[:-1]) & (a[1:] == a[:-1])
    same = count_by(a[1:][again & (said[1:] == said[:-1])], n_annotators)
    repeated = count_by(a[1:][again], n_annotators)
    return [
        share(s, n - s) if n else Estimate.undefined("no item was answered twice by this person")
        for s, n in zip(same.tolist(), repeated.tolist(), strict=True)
    ]
