"""MACE (Hovy, Berg-Kirkpatrick, Vaswani, Hovy 2013): people know the label or answer from habit.

Learning whom to trust with MACE, NAACL-HLT. True labels have a uniform prior.

    knows[a]       1 - theta_a   P(annotator a gives the true label because it is known)
    habit[a, l]    xi_a          what a says otherwise: always the same, or anything
    P(a says l | k) = knows[a] [l = k] + (1 - knows[a]) habit[a, l]

An answer that fits the believed label may still be habit. How often follows from knows and habit,
and these from it; a few rounds of that for each person are the M-step.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from quality.inference.answers import Floats
from quality.inference.by_tables import ByTables, GivenTables

ROUNDS = 10


class Mace(ByTables):
    """``knowing`` and ``habits`` are pseudo-answers, the latter spread over all labels."""

    prior_power: ClassVar[float] = 0.0

    def __init__(
        self,
        *,
        max_iterations: int = 50,
        tolerance: float = 1e-4,
        knowing: float = 0.5,
        habits: float = 1.0,
    ) -> None:
        tables = KnowOrGuess(knowing, habits)
        super().__init__(tables, max_iterations=max_iterations, tolerance=tolerance)


class KnowOrGuess(GivenTables):
    """Tables of people who know or guess in their own way."""

    def __init__(self, knowing: float, habits: float) -> None:
        if min(knowing, habits) <= 0:
            raise ValueError("pseudo-answers must be above 0")
        self.knowing, self.habits = knowing, habits

    def log_table(self, counts: Floats) -> Floats:
        agreed, said = np.einsum("akk->ak", counts), counts.sum(axis=2)
        known_share = np.full_like(agreed, 0.5)
        for _ in range(ROUNDS):
            known = agreed * known_share
            knows, habit = self._estimate(known, said - known)
            known_share = knows / (knows + (1 - knows) * habit)
        return _log_table(knows, habit)

    def _estimate(self, known: Floats, guessed: Floats) -> tuple[Floats, Floats]:
        """knows[a, 1] and habit[a, l] from known[a, l] and guessed[a, l] answers."""
        right = known.sum(axis=1, keepdims=True) + self.knowing
        knows = right / (right + guessed.sum(axis=1, keepdims=True) + self.knowing)
        habit = guessed + self.habits / guessed.shape[1]
        return knows, habit / habit.sum(axis=1, keepdims=True)


def _log_table(knows: Floats, habit: Floats) -> Floats:
    n_labels = habit.shape[1]
    table = np.repeat(((1 - knows) * habit)[:, :, None], n_labels, axis=2)
    diagonal = np.arange(n_labels)
    table[:, diagonal, diagonal] += knows
    return np.log(table, out=table)
