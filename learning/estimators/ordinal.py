"""Ordered labels by a chain of yes-no questions: is it beyond label k? (Frank and Hall, 2001)

    P(y > k), k = 0 .. K-2, one logistic regression each;   P(y = k) = P(y > k-1) - P(y > k)

Made monotone from below, so that no probability is negative. Labels near the true one get what a plain
classifier spreads evenly.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]


class OrdinalClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """``classes_`` are in their order; ``steps_`` holds one classifier a border between two of them."""

    def __init__(self, C: float = 1.0) -> None:
        self.C = C

    def fit(self, features: Floats, label: Ints, sample_weight: Floats | None = None) -> Self:
        self.classes_ = np.unique(label)
        self.steps_ = [
            LogisticRegression(C=self.C, tol=1e-3, max_iter=500).fit(
                features, label > border, sample_weight=sample_weight
            )
            for border in self.classes_[:-1]
        ]
        return self

    def predict_proba(self, features: Floats) -> Floats:
        """[i, k]; rows sum to one."""
        beyond = np.stack([step.predict_proba(features)[:, 1] for step in self.steps_], axis=1)
        beyond = np.minimum.accumulate(beyond, axis=1)
        sides = np.ones((len(beyond), 1)), beyond, np.zeros((len(beyond), 1))
        return -np.diff(np.concatenate(sides, axis=1), axis=1)

    def predict(self, features: Floats) -> Ints:
        best: Ints = self.classes_[self.predict_proba(features).argmax(axis=1)]
        return best
