"""Answers as three parallel arrays of codes, and the two sums over them that all of EM is made of.

Axes: items i, annotators a, true labels k, given labels l. Time and memory grow linearly with the
number of answers; there is never a table of items by annotators.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Votes:
    """Who said what about which item. ``item``, ``annotator`` and ``label`` are parallel codes."""

    item: Ints
    annotator: Ints
    label: Ints
    n_items: int
    n_annotators: int
    n_labels: int

    def __post_init__(self) -> None:
        if not len(self.item) == len(self.annotator) == len(self.label):
            raise ValueError("item, annotator and label must be equally long")
        for name, size in (
            ("item", "n_items"),
            ("annotator", "n_annotators"),
            ("label", "n_labels"),
        ):
            codes = getattr(self, name)
            if len(codes) and not 0 <= codes.min() <= codes.max() < getattr(self, size):
                raise ValueError(f"{name}: codes must lie between 0 and {size} - 1")

    def __len__(self) -> int:
        return len(self.item)

    def per_item(self) -> Ints:
        """Number of answers: [i]."""
        return np.bincount(self.item, minlength=self.n_items)

    def of_items(self, items: Ints) -> "Votes":
        """The answers to these items only, with the items renumbered in the order given."""
        place = np.full(self.n_items, -1)
        place[items] = np.arange(len(items))
        kept = place[self.item] >= 0
        return Votes(
            place[self.item[kept]],
            self.annotator[kept],
            self.label[kept],
            len(items),
            self.n_annotators,
            self.n_labels,
        )


def vote_counts(votes: Votes) -> Floats:
    """How often each item was given each label: [i, l]."""
    cells = votes.item * votes.n_labels + votes.label
    counts = np.bincount(cells, minlength=votes.n_items * votes.n_labels)
    return counts.reshape(votes.n_items, votes.n_labels).astype(float)


def expected_counts(votes: Votes, posterior: Floats) -> Floats:
    """How often each annotator answered l where the truth is k, by the belief: [a, k, l]."""
    cells = votes.annotator * votes.n_labels + votes.label
    size = votes.n_annotators * votes.n_labels
    said = [np.bincount(cells, posterior[votes.item, k], size) for k in range(votes.n_labels)]
    columns: Floats = np.stack(said)
    shape = (votes.n_labels, votes.n_annotators, votes.n_labels)
    return columns.reshape(shape).transpose(1, 0, 2)


def log_likelihood(votes: Votes, confusion: Floats) -> Floats:
    """Log probability of each item's answers, were its truth k: [i, k]. Zero without answers."""
    said = np.log(confusion)[votes.annotator, :, votes.label]
    columns = [np.bincount(votes.item, said[:, k], votes.n_items) for k in range(votes.n_labels)]
    return np.stack(columns, axis=1)


def normalised(log_joint: Floats) -> Floats:
    """exp(log_joint), rows scaled to one: [i, k]. Shifted before exp, or it would underflow."""
    joint: Floats = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    shares: Floats = joint / joint.sum(axis=1, keepdims=True)
    return shares
