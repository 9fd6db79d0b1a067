"""Where EM starts: the vote shares, or what an earlier fit knows about people.

Votes also fix which class is which; a random start may swap them.
"""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Floats
from quality.inference.em import normalised
from quality.inference.fit import Fit
from quality.inference.votes import Votes


def start_from(votes: Votes, earlier: Fit | None) -> Floats:
    """[i, k]: beliefs to begin with. New items and people in ``votes`` are welcome.

    An earlier fit with confusions judges all votes anew, so items that changed are not held back by
    their old belief. One without confusions lends its posterior to the items it knows.
    """
    if earlier is None:
        return votes.shares
    if earlier.posterior.shape[1] != votes.n_labels:
        raise ValueError(
            f"warm start has {earlier.posterior.shape[1]} labels, answers have {votes.n_labels}"
        )
    if earlier.confusion is None:
        return _known_beliefs(votes, earlier)
    log_joint = votes.log_joint(_log_table(votes, earlier.confusion)) + np.log(earlier.prior)
    return normalised(log_joint)[0]


def _known_beliefs(votes: Votes, earlier: Fit) -> Floats:
    start = votes.shares.copy()
    known = min(len(start), len(earlier.posterior))
    start[:known] = earlier.posterior[:known]
    return start


def _log_table(votes: Votes, confusion: Floats) -> Floats:
    """[a, l, k] of the earlier people; newcomers answer like their average."""
    table = np.maximum(confusion[: votes.n_annotators].transpose(0, 2, 1), 1e-12)
    newcomers = votes.n_annotators - len(table)
    average = table.mean(axis=0, keepdims=True) if len(table) else _indifferent(votes.n_labels)
    everybody: Floats = np.concatenate([table, np.repeat(average, newcomers, axis=0)])
    return np.log(everybody)


def _indifferent(n_labels: int) -> Floats:
    return np.full((1, n_labels, n_labels), 1 / n_labels)
