"""Several labels an item: each label is a yes-or-no question of its own.

A person who answers with a set of labels says yes to these and no to all others. Every label is
then inferred by a method for one choice with the labels no (0) and yes (1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from quality.inference.answers import NO_GOLD, Answers, Bools, Floats, Ints
from quality.inference.auto import Auto
from quality.inference.fit import Fit, TruthInference


class MultiLabel:
    """One binary inference a label. After ``fit``:

    fits_[k]             the whole result for label k
    probability_[i, k]   P(label k holds for item i)
    label_[i, k]         whether it does, more probably than not
    confidence_[i, k]    probability that ``label_`` is right
    """

    fits_: list[Fit]
    probability_: Floats
    label_: Bools
    confidence_: Floats

    def __init__(self, method: Callable[[], TruthInference] = Auto) -> None:
        self.method = method

    def fit(
        self,
        item: ArrayLike,
        annotator: ArrayLike,
        chosen: ArrayLike,
        gold: ArrayLike | None = None,
    ) -> Self:
        """Row r: ``annotator[r]`` said about ``item[r]`` the labels where ``chosen[r, k]`` is true.

        ``gold[i, k]`` is 1, 0 or -1 (unknown). ValueError when shapes do not fit together.
        """
        said = np.asarray(chosen)
        if said.ndim != 2 or said.shape[1] == 0:
            raise ValueError(f"chosen must be answers x labels, not of shape {said.shape}")
        questions = [_question(item, annotator, column) for column in said.T != 0]
        known = _gold_columns(gold, questions[0].n_items, said.shape[1])
        self.fits_ = [
            self.method().fit(question, column).fit_
            for question, column in zip(questions, known, strict=True)
        ]
        self.probability_ = np.stack([fit.posterior[:, 1] for fit in self.fits_], axis=1)
        self.label_ = np.stack([fit.label == 1 for fit in self.fits_], axis=1)
        self.confidence_ = np.stack([fit.confidence for fit in self.fits_], axis=1)
        return self


def _question(item: ArrayLike, annotator: ArrayLike, yes: Bools) -> Answers:
    return Answers.from_codes(item, annotator, yes.astype(np.int64), n_labels=2)


def _gold_columns(gold: ArrayLike | None, n_items: int, n_labels: int) -> list[Ints]:
    if gold is None:
        return [np.full(n_items, NO_GOLD)] * n_labels
    known = np.asarray(gold)
    if known.shape != (n_items, n_labels):
        raise ValueError(f"gold has shape {known.shape} for {n_items} items, {n_labels} labels")
    return list(known.T)
