"""Dawid and Skene (1979): one confusion matrix per annotator, fitted by EM.

Maximum likelihood estimation of observer error-rates using the EM algorithm, Applied Statistics 28.

    prior[k]            p_k       P(true label = k)
    confusion[a, k, l]  pi_kl(a)  P(annotator a answers l | true label = k)
    posterior[i, k]     T_ik      P(true label of item i = k | all answers)
"""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Floats
from quality.inference.by_tables import ByTables, Smoothed


class DawidSkene(ByTables):
    """One full confusion matrix per annotator, ``smoothing`` answers added to each cell."""

    def __init__(
        self, *, max_iterations: int = 100, tolerance: float = 1e-4, smoothing: float = 1e-6
    ) -> None:
        super().__init__(
            SmoothedTables(smoothing),
            max_iterations=max_iterations,
            tolerance=tolerance,
            pseudo_items=smoothing,
        )


class SmoothedTables(Smoothed):
    """The share of each answer l where k is believed."""

    def log_table(self, counts: Floats) -> Floats:
        table = counts + self.smoothing
        table /= table.sum(axis=1, keepdims=True)
        return np.log(table, out=table)
