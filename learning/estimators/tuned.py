"""A softmax regression that finds its own scale and penalty, and keeps them for a while.

Vectors from a network carry meaning in the relative size of their columns; columns of a table do
not. Which of the two is at hand, and how strong the penalty must be, is chosen by the out-of-fold
log loss against the targets, again whenever there are twice as many labels.
"""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from learning.estimators.crossfit import CrossFit
from learning.estimators.softmax import SoftmaxRegression

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

N_FOLDS = 4
PENALTIES = (0.3, 3.0)
LENGTH = 1.5  # mean row length after scaling, so that a penalty means the same everywhere
GROWTH = 2.0


@dataclass(frozen=True)
class Scale:
    """``(features - centre) / spread`` in single precision."""

    centre: Floats | float
    spread: Floats | float

    def __call__(self, features: Floats) -> Floats:
        scaled: Floats = (features.astype(np.float32) - self.centre) / self.spread
        return scaled


def whole_scale(features: Floats) -> Scale:
    """One factor for all columns: their relative sizes stay."""
    rows = features.astype(np.float32)
    length = float(np.sqrt((rows**2).sum(axis=1).mean()))
    return Scale(0.0, max(length, 1e-9) / LENGTH)


def column_scale(features: Floats) -> Scale:
    """Each column centred and of the same spread; constant columns become zero."""
    rows = features.astype(np.float32)
    spread = rows.std(axis=0) * np.float32(np.sqrt(rows.shape[1]) / LENGTH)
    return Scale(rows.mean(axis=0), np.where(spread > 1e-7, spread, np.float32(np.inf)))


@dataclass
class _Candidate:
    scale: Scale
    features: Floats
    fitted: CrossFit


@dataclass
class TunedSoftmax:
    """A model of one pool over many rounds; ``features[i, f]`` are the pool's."""

    features: Floats
    rng: Generator
    _candidates: list[_Candidate] = field(default_factory=list, init=False)
    _best: int = field(default=0, init=False)
    _chosen_at: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        folds = self.rng.integers(0, N_FOLDS, len(self.features))
        for scale in (whole_scale(self.features), column_scale(self.features)):
            scaled = scale(self.features)
            for penalty in PENALTIES:
                fitted = CrossFit(partial(SoftmaxRegression, penalty), folds)
                self._candidates.append(_Candidate(scale, scaled, fitted))

    def fit_predict(self, rows: Ints, targets: Floats, weights: Floats) -> NDArray[np.float64]:
        """P(label) of the whole pool [i, k], out of fold for ``rows``."""
        if len(rows) >= GROWTH * self._chosen_at:
            return self._choose(rows, targets, weights)
        return self._predict(self._best, rows, targets, weights)

    def predict(self, features: Floats) -> NDArray[np.float64]:
        """P(label) [i, k] of items outside the pool."""
        best = self._candidates[self._best]
        return best.fitted.whole.predict_proba(best.scale(features))

    def _choose(self, rows: Ints, targets: Floats, weights: Floats) -> NDArray[np.float64]:
        every = [self._predict(c, rows, targets, weights) for c in range(len(self._candidates))]
        losses = [_loss(predicted[rows], targets, weights) for predicted in every]
        self._best, self._chosen_at = int(np.argmin(losses)), len(rows)
        return every[self._best]

    def _predict(
        self, which: int, rows: Ints, targets: Floats, weights: Floats
    ) -> NDArray[np.float64]:
        candidate = self._candidates[which]
        return candidate.fitted.fit_predict(candidate.features, rows, targets, weights)


def _loss(predicted: Floats, targets: Floats, weights: Floats) -> float:
    return float(-weights @ (targets * np.log(np.maximum(predicted, 1e-9))).sum(axis=1))
