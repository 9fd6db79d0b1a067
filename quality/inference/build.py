"""From the end of an EM run to the ``Fit`` that is handed out."""

from __future__ import annotations

import numpy as np

from quality.inference.accuracy import accuracy
from quality.inference.answers import Floats, Ints
from quality.inference.em import Run
from quality.inference.fit import NO_LABEL, Fit, stated_confidence
from quality.inference.votes import Votes


def build_fit(votes: Votes, gold: Ints, run: Run, *, with_confusion: bool = True) -> Fit:
    """All of ``Fit`` that follows from beliefs, counts and tables."""
    label = chosen_labels(votes, gold, run.posterior)
    right = accuracy(run.counts)
    return Fit(
        posterior=run.posterior,
        label=label,
        confidence=stated_confidence(label, run.posterior),
        prior=run.prior,
        accuracy=right.value,
        accuracy_low=right.low,
        accuracy_high=right.high,
        confusion=confusion(run.log_table) if with_confusion else None,
        iterations=run.iterations,
        converged=run.converged,
        log_likelihood=run.log_likelihood,
    )


def chosen_labels(votes: Votes, gold: Ints, posterior: Floats) -> Ints:
    """[i]: most probable label, NO_LABEL where neither an answer nor gold says anything."""
    return np.where(votes.known(gold), posterior.argmax(axis=1), NO_LABEL)


def confusion(log_table: Floats) -> Floats:
    """[a, k, l] whose rows sum to one, from log_table[a, l, k]."""
    table = np.exp(log_table)
    table /= table.sum(axis=1, keepdims=True)
    return table.transpose(0, 2, 1)
