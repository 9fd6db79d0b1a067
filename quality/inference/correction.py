"""What gold says about the belief itself, not only about people.

Gold that only grades people cannot see what all of them miss. So the softened log beliefs are
corrected by a logistic regression on the gold items,

    logit[i, k] = scale * (log q[i, k] + sum of weight[v] * log(q_v[i, k] / q[i, k])) + bias[k]

where q_v are the beliefs of other models (a pool, a pool with a flat prior, a coin): gold moves
weight to the model that suits the crowd, shifts a label that people over-use, and sets the
temperature. Normal priors around "no correction" let few gold items change little. The regression
judges beliefs of fits that have not seen the gold, and is applied to those that have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quality.inference.answers import Floats, Ints
from quality.inference.confidence import SMALLEST
from quality.inference.em import normalised

SCALE_SD, WEIGHT_SD, BIAS_SD = 0.25, 0.3, 0.45
FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """``scale``, ``weight[v]`` and ``bias[k]`` of the formula above."""

    scale: float
    weight: Floats
    bias: Floats

    def apply(self, belief: Floats, others: list[Floats]) -> Floats:
        """[i, k]: corrected beliefs; all given beliefs are softened already."""
        return normalised(self.logits(*_features(belief, others)))[0]

    def logits(self, log_belief: Floats, differences: Floats) -> Floats:
        moved = log_belief + np.tensordot(self.weight, differences, axes=1)
        logits: Floats = self.scale * moved + self.bias
        return logits


def learn_correction(belief: Floats, others: list[Floats], truth: Ints) -> Correction:
    """The most probable correction given beliefs[g, k] about gold items and their labels[g]."""
    from scipy.optimize import minimize  # slow to import, and only needed with gold

    log_belief, differences = _features(belief, others)
    n_views, n_labels = len(others), belief.shape[1]
    spread = np.concatenate([[SCALE_SD], np.full(n_views, WEIGHT_SD), np.full(n_labels, BIAS_SD)])

    def loss(parameters: Floats) -> float:
        logits = _correction(parameters, n_views).logits(log_belief, differences)
        right = logits[np.arange(len(truth)), truth].sum()
        doubt = 0.5 * np.square(parameters / spread).sum()
        return float(normalised(logits)[1] - right + doubt)

    found = minimize(loss, np.zeros(len(spread)), method="L-BFGS-B")
    return _correction(found.x, n_views)


def out_of_fold(belief: Floats, others: list[Floats], truth: Ints) -> Floats:
    """[g, k]: each gold item's belief, corrected by what the gold items of other folds say."""
    fold = np.arange(len(truth)) % FOLDS
    corrected = belief.copy()
    for held in (fold == f for f in range(min(FOLDS, len(truth)))):
        learned = learn_correction(belief[~held], [other[~held] for other in others], truth[~held])
        corrected[held] = learned.apply(belief[held], [other[held] for other in others])
    return corrected


def _correction(parameters: Floats, n_views: int) -> Correction:
    return Correction(
        float(np.exp(parameters[0])), parameters[1 : 1 + n_views], parameters[1 + n_views :]
    )


def _features(belief: Floats, others: list[Floats]) -> tuple[Floats, Floats]:
    log_belief = np.log(np.maximum(belief, SMALLEST))
    return log_belief, np.stack(
        [np.log(np.maximum(other, SMALLEST)) - log_belief for other in others]
    )
