"""How good labelling functions are, and what their votes together say.

    votes[i, f]        label code that function f gives item i, -1 where it abstains
    belief[i, k]       what people's labels say about the items that they have settled
    confusion[f, k, l] P(f votes l | truth k, f votes)

A function is weighed like a person: a confusion matrix counted against the labels of people, drawn to
"right with .7" by as many pseudo-votes as there are labels a row. Votes on one item repeat each other
(the same word makes several rules speak), so n of them count 1 / (1 + .3 (n - 1)) each, as people's do.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quality.inference import intervals

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]

ABSTAINS = -1
ANCHOR = 0.7
SOFTENING = 0.3


@dataclass(frozen=True)
class Row:
    """One function. Shares of all items: where it votes, where another votes too, where one says otherwise.

    ``accuracy`` with its 95 % interval is over the ``judged`` votes about items that people have settled.
    """

    coverage: float
    overlap: float
    conflict: float
    judged: int
    accuracy: float | None
    low: float | None
    high: float | None


def table(votes: Ints, known: Ints, belief: Floats) -> list[Row]:
    """One row a function. ``known`` are rows of ``votes`` with ``belief[j, k]``."""
    cast = votes != ABSTAINS
    return [_row(votes, cast, f, known, belief) for f in range(votes.shape[1])]


def _row(votes: Ints, cast: NDArray[np.bool_], f: int, known: Ints, belief: Floats) -> Row:
    mine = cast[:, f]
    others = np.delete(cast, f, axis=1)
    differs = (np.delete(votes, f, axis=1) != votes[:, [f]]) & others
    n_items = max(1, len(votes))
    rows = np.flatnonzero(mine[known])
    right = float(belief[rows, votes[known[rows], f]].sum())
    estimate = intervals.share(right, len(rows) - right) if len(rows) else None
    return Row(
        coverage=float(mine.sum()) / n_items,
        overlap=float((mine & others.any(axis=1)).sum()) / n_items,
        conflict=float((mine & differs.any(axis=1)).sum()) / n_items,
        judged=len(rows),
        accuracy=estimate.value if estimate else None,
        low=estimate.low if estimate else None,
        high=estimate.high if estimate else None,
    )


def confusion(votes: Ints, belief: Floats) -> Floats:
    """[f, k, l] from votes about items whose label people have settled: ``votes[j, f]``."""
    n_labels = belief.shape[1]
    wrong = (1 - ANCHOR) / max(1, n_labels - 1)
    anchor = n_labels * np.where(np.eye(n_labels, dtype=bool), ANCHOR, wrong)
    counts = np.stack([_counts(votes[:, f], belief) for f in range(votes.shape[1])])
    drawn = counts + anchor
    shares: Floats = drawn / drawn.sum(axis=2, keepdims=True)
    return shares


def _counts(votes: Ints, belief: Floats) -> Floats:
    cast = np.flatnonzero(votes != ABSTAINS)
    counts = np.zeros((belief.shape[1], belief.shape[1]))
    np.add.at(counts.T, votes[cast], belief[cast])
    return counts


def log_likelihood(votes: Ints, matrices: Floats) -> Floats:
    """[i, k]: what the votes about each item say; zeros where all abstain."""
    n_labels = matrices.shape[1]
    said = np.zeros((len(votes), n_labels))
    for f in range(votes.shape[1]):
        cast = np.flatnonzero(votes[:, f] != ABSTAINS)
        said[cast] += np.log(matrices[f][:, votes[cast, f]]).T
    n_votes = (votes != ABSTAINS).sum(axis=1)
    weight = 1 / (1 + SOFTENING * np.maximum(n_votes - 1, 0))
    softened: Floats = weight[:, None] * said
    return softened


def heard_with(probabilities: Floats, said: Floats) -> Floats:
    """Model (or class shares) and votes together: [i, k], rows sum to one."""
    joint = np.log(np.maximum(probabilities, 1e-6)) + said
    joint -= joint.max(axis=1, keepdims=True)
    weights = np.exp(joint)
    together: Floats = weights / weights.sum(axis=1, keepdims=True)
    return together
