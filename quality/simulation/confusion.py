"""Confusion matrices of simulated people."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PARTNER_WEIGHT = 4.0  # labels come in pairs that are easy to mistake for each other


def expected_confusion(n_labels: int, accuracy: float) -> Floats:
    """[k, l]: `accuracy` on the diagonal, the rest leaning towards the pair (0-1, 2-3, ...)."""
    weights = np.ones((n_labels, n_labels))
    label = np.arange(n_labels)
    partner = np.minimum(label ^ 1, n_labels - 1)
    weights[label, partner] = PARTNER_WEIGHT
    np.fill_diagonal(weights, 0.0)
    weights *= (1.0 - accuracy) / weights.sum(axis=1, keepdims=True)
    return weights + accuracy * np.eye(n_labels)


def draw_confusion(
    rng: Generator, n_labels: int, accuracy: float, *, concentration: float = 40.0
) -> Floats:
    """A person's own matrix [k, l], each row from a Dirichlet around the expected one.

    Rows are then scaled together so that the mean of the diagonal is `accuracy`: the person
    differs from others in *where* the errors are, not by luck in how many. A concentration of 40
    spreads the accuracy of single classes by about 0.05. Raises ValueError when `n_labels < 2`
    or the accuracy is not strictly between 0 and 1.
    """
    if n_labels < 2:
        raise ValueError("a question needs at least two labels")
    if not 0.0 < accuracy < 1.0:
        raise ValueError("accuracy must lie strictly between 0 and 1")
    mean = expected_confusion(n_labels, accuracy)
    off_diagonal = ~np.eye(n_labels, dtype=bool)
    # The floor keeps gamma draws of tiny shape from vanishing altogether.
    drawn = rng.standard_gamma(np.maximum(concentration * mean, 0.05))
    drawn /= drawn.sum(axis=1, keepdims=True)
    wrong = np.where(off_diagonal, drawn, 0.0)
    return _scale_errors(wrong, accuracy)


def _scale_errors(wrong: Floats, accuracy: float) -> Floats:
    n_labels = wrong.shape[0]
    share = wrong.sum(axis=1)
    target = share * (n_labels * (1.0 - accuracy) / share.sum())
    if target.max() >= 1.0:  # a very poor person: give up the differences between classes
        target = np.full(n_labels, 1.0 - accuracy)
    scaled: Floats = wrong * (target / share)[:, None]
    scaled += np.diag(1.0 - target)
    return scaled
