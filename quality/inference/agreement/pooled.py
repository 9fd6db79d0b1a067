"""What coefficients of many people sum over items: agreement, and the shares of the labels."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack

from quality.inference.agreement.ratings import Ratings
from quality.inference.grouped import sum_by

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def agreement_of_items(ratings: Ratings, weights: Floats | None = None) -> Floats:
    """[item]: mean credit of two different answers; 0 for items with fewer than two.

    `weights` [c, k] is the credit of a pair, by default 1 for equal labels only.
    """
    counts = ratings.counts.tocoo()
    unit, label = (axis.astype(np.int64) for axis in counts.coords)
    credit = _credit(ratings, weights, unit, label)
    both = sum_by(unit, counts.data * credit, ratings.n_items)
    m = ratings.answers
    return np.where(m > 1, both / np.maximum(m * (m - 1), 1), 0.0)


def _credit(ratings: Ratings, weights: Floats | None, unit: Codes, label: Codes) -> Floats:
    """[cell]: what an answer with this label gets from the item's other answers together."""
    if weights is None:
        return ratings.counts.tocoo().data - 1.0
    likes: Floats = ratings.counts @ weights
    return likes[unit, label] - np.diag(weights)[label]


def pooled_features(ratings: Ratings, weights: Floats | None = None) -> csr_array:
    """[item, ...]: agreement, whether two answered, whether one did, share of each label."""
    m = ratings.answers
    first = np.stack([agreement_of_items(ratings, weights), m > 1, m > 0], axis=1)
    counts = ratings.counts.tocoo()
    unit = counts.coords[0]
    shares = coo_array((counts.data / m[unit], counts.coords), shape=counts.shape)
    whole: csr_array = hstack([coo_array(first.astype(np.float64)), shares], format="csr")
    return whole
