"""The two sums that every method needs, as products with one sparse matrix.

``matrix[i, a * n_labels + l]`` is the weight of annotator a's vote l about item i. Then

    log joint of the answers   [i, k] = matrix   @ log_table[(a, l), k]
    expected counts       [(a, l), k] = matrix.T @ posterior[i, k]

Both cost one pass over the answers without a Python loop or a temporary of their size, several
times faster than ``np.add.at``.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from quality.inference.answers import NO_GOLD, Answers, Bools, Floats, Ints


class Votes:
    """Answers indexed for inference. ``log_table`` and counts have the axes [a, l, k]."""

    def __init__(self, answers: Answers) -> None:
        if answers.weight is not None:
            answers = answers.select(answers.weight > 0)  # a vote without weight is no vote
        self.n_items = answers.n_items
        self.n_annotators = answers.n_annotators
        self.n_labels = answers.n_labels
        self.per_item = answers.votes_per_item()
        self.matrix = _matrix(answers)
        self.tally = _tally(answers)

    def log_joint(self, log_table: Floats) -> Floats:
        """[i, k]: sum of log_table[a, l, k] over the votes (a, l) of item i.

        The table may have more people than the votes.
        """
        rows = log_table[: self.n_annotators].reshape(-1, self.n_labels)
        return np.asarray(self.matrix @ rows)

    def counts(self, posterior: Floats) -> Floats:
        """[a, l, k]: how often annotator a said l where k is believed."""
        product = np.asarray(self.matrix.T @ posterior)
        return product.reshape(self.n_annotators, self.n_labels, self.n_labels)

    @cached_property
    def shares(self) -> Floats:
        """[i, k]: share of each label among the votes of an item; even shares without votes."""
        total = self.tally.sum(axis=1, keepdims=True)
        even = np.full_like(self.tally, 1 / self.n_labels)
        np.divide(self.tally, total, out=even, where=total > 0)
        return even

    def known(self, gold: Ints) -> Bools:
        """[i]: whether an answer or gold says anything about the item."""
        known: Bools = (self.per_item > 0) | (gold != NO_GOLD)
        return known


def _matrix(answers: Answers) -> csr_array[np.float64]:
    shape = (answers.n_items, answers.n_annotators * answers.n_labels)
    row_start = np.zeros(answers.n_items + 1, dtype=np.int64)
    np.cumsum(answers.votes_per_item(), out=row_start[1:])
    order = np.argsort(answers.item, kind="stable")
    column = (answers.annotator * answers.n_labels + answers.label)[order]
    weight = np.ones(len(answers)) if answers.weight is None else answers.weight[order]
    return csr_array((weight, column, row_start), shape=shape)


def _tally(answers: Answers) -> Floats:
    cell = answers.item * answers.n_labels + answers.label
    size = answers.n_items * answers.n_labels
    flat = np.bincount(cell, weights=answers.weight, minlength=size)
    return flat.reshape(answers.n_items, answers.n_labels).astype(np.float64, copy=False)
