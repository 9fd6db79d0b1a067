"""Dawid and Skene (1979): one confusion matrix per annotator, fitted by EM.

Maximum likelihood estimation of observer error-rates using the EM algorithm, Applied Statistics 28.

    prior[k]            p_k       P(true label = k)
    confusion[a, k, l]  pi_kl(a)  P(annotator a answers l | true label = k)
    posterior[i, k]     T_ik      P(true label of item i = k | all answers)
"""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.build import build_fit
from quality.inference.em import maximise
from quality.inference.fit import Fit, TruthInference
from quality.inference.start import start_from
from quality.inference.votes import Votes


class DawidSkene(TruthInference):
    """One full confusion matrix per annotator, by maximum likelihood.

    ``smoothing`` answers are added to each cell of a matrix: a trace keeps logarithms finite and
    the estimate that of the paper; 0.5 or more helps people with few answers.
    """

    def __init__(
        self, *, max_iterations: int = 100, tolerance: float = 1e-4, smoothing: float = 1e-6
    ) -> None:
        if smoothing <= 0:
            raise ValueError("smoothing must be above 0, or a single answer could forbid a label")
        self.max_iterations = max_iterations
        self.tolerance = tolerance
        self.smoothing = smoothing

    def _infer(self, answers: Answers, gold: Ints, warm_start: Fit | None) -> Fit:
        votes = Votes(answers)
        run = maximise(
            votes,
            gold,
            SmoothedTables(self.smoothing),
            start=start_from(votes, warm_start).posterior,
            max_iterations=self.max_iterations,
            tolerance=self.tolerance,
            pseudo_items=self.smoothing,
        )
        return build_fit(votes, gold, run)


class SmoothedTables:
    """The share of each answer l where k is believed, after ``smoothing`` more in each cell."""

    def __init__(self, smoothing: float) -> None:
        self.smoothing = smoothing

    def learn(self, _counts: Floats, _step: int, /) -> None:
        """Nothing is shared: the smoothing is given."""

    def log_table(self, counts: Floats) -> Floats:
        table = counts + self.smoothing
        table /= table.sum(axis=1, keepdims=True)
        return np.log(table, out=table)
