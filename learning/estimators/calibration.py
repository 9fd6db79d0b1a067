"""One temperature for all probabilities (Guo, Pleiss, Sun and Weinberger 2017).

    calibrated[i, k]  ~  probabilities[i, k] ** (1 / temperature)

The temperature is fitted on held-out predictions, so a model that is too sure of itself (T > 1)
says so less loudly. The order of the labels of an item does not change.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

FLOOR = 1e-4  # no model has seen enough to call a label impossible
LOG_RANGE = (-2.5, 2.5)  # T from 0.08 to 12: outside the fit says nothing


def at_temperature(probabilities: Floats, temperature: float) -> Floats:
    """Probabilities [i, k] sharpened or softened; rows sum to one, none below about FLOOR / K."""
    logs = np.log(np.maximum(probabilities, FLOOR)) / temperature
    logs -= logs.max(axis=1, keepdims=True)
    scaled = np.exp(logs)
    scaled /= scaled.sum(axis=1, keepdims=True)
    n_labels = probabilities.shape[1]
    floored: Floats = (1 - FLOOR) * scaled + FLOOR / n_labels
    return floored


def log_losses(probabilities: Floats, posterior: Floats) -> Floats:
    """-sum_k posterior * log probability, in nats: [i]."""
    losses: Floats = -(posterior * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1)
    return losses


def log_loss(probabilities: Floats, posterior: Floats, weight: Floats) -> float:
    """The weighted mean of ``log_losses``."""
    return float(np.average(log_losses(probabilities, posterior), weights=weight))


def fit_temperature(probabilities: Floats, posterior: Floats, weight: Floats) -> float:
    """The temperature with the smallest log-loss on these held-out predictions."""

    def loss(log_temperature: float) -> float:
        scaled = at_temperature(probabilities, float(np.exp(log_temperature)))
        return log_loss(scaled, posterior, weight)

    from scipy.optimize import minimize_scalar  # slow to import, and only needed with a model

    found = minimize_scalar(loss, bounds=LOG_RANGE, method="bounded", options={"xatol": 0.01})
    return float(np.exp(found.x))
