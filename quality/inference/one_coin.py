"""One-coin Dawid-Skene: one number per annotator, the probability of being right.

Errors fall evenly on the other labels. Far fewer parameters than a confusion matrix, so it is safe
for people with few answers, and blind to labels that are mistaken for each other.

    accuracy[a]         p_a     P(annotator a is right)
    confusion[a, k, l]          p_a if l = k else (1 - p_a) / (n_labels - 1)
"""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Floats
from quality.inference.by_tables import ByTables, Smoothed


class OneCoinDawidSkene(ByTables):
    """The one-coin model by EM. ``smoothing`` right and wrong answers are added for everybody."""

    def __init__(
        self, *, max_iterations: int = 100, tolerance: float = 1e-4, smoothing: float = 1e-6
    ) -> None:
        coins = SmoothedCoins(smoothing)
        super().__init__(
            coins, max_iterations=max_iterations, tolerance=tolerance, pseudo_items=smoothing
        )


class SmoothedCoins(Smoothed):
    """The share of right answers, the same whatever the true label."""

    def log_table(self, counts: Floats) -> Floats:
        right, answered = coin_counts(counts)
        share = (right + self.smoothing) / (answered + 2 * self.smoothing)
        return log_coin_table(share, counts.shape[1])


def coin_counts(counts: Floats) -> tuple[Floats, Floats]:
    """[a] each: right answers and all answers."""
    return np.einsum("akk->a", counts), counts.sum(axis=(1, 2))


def log_coin_table(share_right: Floats, n_labels: int) -> Floats:
    """[a, l, k] of annotators who are right with the given probability, else anything."""
    share = np.clip(share_right, 1e-12, 1 - 1e-12)
    wrong = np.log((1 - share) / max(n_labels - 1, 1))
    table = np.broadcast_to(wrong[:, None, None], (len(share), n_labels, n_labels)).copy()
    diagonal = np.arange(n_labels)
    table[:, diagonal, diagonal] = np.log(share)[:, None]
    return table
