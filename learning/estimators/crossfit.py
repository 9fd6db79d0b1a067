"""Out-of-fold predictions, so that a model can be one more annotator without hearing its own echo.

Every item belongs to one fold for good. The model that speaks about an item in fold f was never
fitted on fold f, not even through its starting point: each fold keeps its own model over all
rounds. What is not labeled is predicted by the model of all folds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]


class Soft(Protocol):
    """An estimator that takes soft labels and weights."""

    def fit(self, features: Floats, targets: Floats, weights: Floats) -> object: ...

    def predict_proba(self, features: Floats) -> NDArray[np.float64]: ...


@dataclass
class CrossFit:
    """``folds[i]`` of every item in the pool; ``make`` builds one fresh estimator."""

    make: Callable[[], Soft]
    folds: Ints
    models: dict[int, Soft] = field(default_factory=dict, init=False)

    def fit_predict(
        self, features: Floats, rows: Ints, targets: Floats, weights: Floats
    ) -> NDArray[np.float64]:
        """Train on ``rows`` with ``targets[row, k]`` and ``weights[row]``; predict all: [i, k].

        Rows are predicted out of fold, the other items by the whole model.
        """
        probabilities = self._fitted(EVERYTHING, features[rows], targets, weights).predict_proba(
            features
        )
        for fold in np.unique(self.folds[rows]):
            inside = self.folds[rows] == fold
            model = self._fitted(fold, features[rows[~inside]], targets[~inside], weights[~inside])
            probabilities[rows[inside]] = model.predict_proba(features[rows[inside]])
        return probabilities

    @property
    def whole(self) -> Soft:
        """The model of all folds, for items outside the pool."""
        return self.models[EVERYTHING]

    def _fitted(self, fold: int, features: Floats, targets: Floats, weights: Floats) -> Soft:
        model = self.models.setdefault(int(fold), self.make())
        model.fit(features, targets, weights)
        return model


EVERYTHING = -1
