"""What a model would say if one more item had a label: a small, quick one, which begins where it stood.

Expected error reduction trains once for every candidate and label, so the real estimator is out of the question.
A softmax regression on a sample of the labels takes a few steps from its own coefficients instead.
"""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from learning.estimators.examples import Examples, Floats
from learning.estimators.softmax import SoftmaxRegression
from learning.estimators.tuned import whole_scale
from learning.strategies.block import Block

LARGEST = 300  # labels that it is taught
STEPS = 4
PENALTY = 1.0


class WhatIf:
    """Called with (candidates, row, label): probabilities [i, k] of all candidates, had that row the label."""

    def __init__(self, examples: Examples, rng: Generator) -> None:
        taught = examples.take(rng.permutation(len(examples))[:LARGEST])
        self._scale = whole_scale(taught.features)
        self._features = self._scale(taught.features)
        self._targets, self._weight = taught.posterior, taught.weight
        self._base = SoftmaxRegression(PENALTY).fit(self._features, self._targets, self._weight)

    def __call__(self, candidates: Block, row: int, label: int) -> Floats:
        features = self._scale(candidates.require("features"))
        one = np.eye(self._targets.shape[1])[[label]]
        model = replace(self._base, max_iter=STEPS)
        model.coef_, model.intercept_ = self._base.coef_, self._base.intercept_
        model.fit(
            np.vstack([self._features, features[[row]]]),
            np.vstack([self._targets, one]),
            np.append(self._weight, 1.0),
        )
        return model.predict_proba(features)
