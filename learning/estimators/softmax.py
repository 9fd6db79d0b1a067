"""Multinomial logistic regression on soft labels with weights: what scikit-learn's does not take.

Fitted by L-BFGS, from the previous coefficients when there are some: in a loop of query rounds the
next fit is a small step from the last one.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.floating]


@dataclass
class SoftmaxRegression:
    """``penalty`` is half the weight of the squared coefficients, for features of length about one.

    ``fit`` keeps ``coef_`` [f, k] and ``intercept_`` [k]; a second ``fit`` starts from them.
    """

    penalty: float = 1.0
    max_iter: int = 30
    coef_: Floats | None = field(default=None, init=False)
    intercept_: Floats | None = field(default=None, init=False)

    def fit(self, features: Floats, targets: Floats, weights: Floats) -> Self:
        """``features[i, f]``, soft labels ``targets[i, k]`` (rows sum to one), ``weights[i]``."""
        shape = (features.shape[1] + 1, targets.shape[1])
        loss = _Loss(features, targets.astype(features.dtype), weights, self.penalty)
        found = minimize(
            loss,
            self._start(shape),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": self.max_iter, "ftol": 1e-6, "gtol": 1e-3},
        )
        solution = found.x.reshape(shape)
        self.coef_, self.intercept_ = solution[:-1], solution[-1]
        return self

    def predict_proba(self, features: Floats) -> NDArray[np.float64]:
        """P(label) [i, k]; ``ValueError`` before any fit."""
        if self.coef_ is None or self.intercept_ is None:
            raise ValueError("fit first")
        logits = features @ self.coef_.astype(features.dtype) + self.intercept_
        return _softmax(logits).astype(np.float64)

    def _start(self, shape: tuple[int, int]) -> Floats:
        if self.coef_ is None or self.intercept_ is None or self.coef_.shape[1] != shape[1]:
            return np.zeros(shape).ravel()
        return np.vstack([self.coef_, self.intercept_]).ravel()


@dataclass(frozen=True)
class _Loss:
    """Weighted log loss plus penalty, and its gradient, as L-BFGS wants them."""

    features: Floats
    targets: Floats
    weights: Floats
    penalty: float

    def __call__(self, flat: Floats) -> tuple[float, Floats]:
        solution = flat.reshape(-1, self.targets.shape[1]).astype(self.features.dtype)
        coef, intercept = solution[:-1], solution[-1]
        logits = self.features @ coef + intercept
        predicted = _softmax(logits)
        losses = -(self.targets * np.log(np.maximum(predicted, 1e-30))).sum(axis=1)
        loss = float(self.weights @ losses) + self.penalty / 2 * float((coef**2).sum())
        pull = (predicted - self.targets) * self.weights[:, None]
        gradient = np.vstack([self.features.T @ pull + self.penalty * coef, pull.sum(axis=0)])
        return loss, gradient.ravel().astype(np.float64)


def _softmax(logits: Floats) -> Floats:
    joint = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = joint / joint.sum(axis=1, keepdims=True)
    return shares
