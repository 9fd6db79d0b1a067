"""From beliefs and counts to the ``Fit`` that is handed out."""

from __future__ import annotations

import numpy as np

from quality.inference.accuracy import accuracy
from quality.inference.answers import Floats, Ints
from quality.inference.em import Run
from quality.inference.fit import NO_LABEL, Fit, stated_confidence
from quality.inference.skills import Lens, Skills
from quality.inference.votes import Votes


def build_fit(votes: Votes, gold: Ints, run: Run) -> Fit:
    """All of ``Fit`` that follows from one EM run."""
    label = chosen_labels(votes, gold, run.posterior)
    return describe(label, run.posterior, run.counts, run.prior).but(
        confusion=confusion(run.log_table),
        iterations=run.iterations,
        converged=run.converged,
        log_likelihood=run.log_likelihood,
        skills=Skills((Lens.of(run),)),
    )


def describe(label: Ints, posterior: Floats, counts: Floats, prior: Floats) -> Fit:
    """Labels with their confidence, and people's accuracy from counts[a, l, k]."""
    right = accuracy(counts)
    confidence = stated_confidence(label, posterior)
    return Fit(posterior, label, confidence, prior, right.value, right.low, right.high)


def chosen_labels(votes: Votes, gold: Ints, posterior: Floats) -> Ints:
    """[i]: most probable label, NO_LABEL where neither an answer nor gold says anything."""
    return np.where(votes.known(gold), posterior.argmax(axis=1), NO_LABEL)


def confusion(log_table: Floats) -> Floats:
    """[a, k, l] whose rows sum to one, from log_table[a, l, k]."""
    table = np.exp(log_table)
    table /= table.sum(axis=1, keepdims=True)
    return table.transpose(0, 2, 1)
