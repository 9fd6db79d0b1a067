"""The answers of one replay: which were bought, and which an item has left to sell.

An item's answers are sold in a random order drawn by the seed: recorded files are sorted by person
more often than by time, and then the first answers of all items would come from the same few.
"""

import numpy as np
from numpy.random import Generator

from quality.inference.answers import Answers, Bools, Ints


class Shelf:
    """Recorded answers, sold item by item."""

    def __init__(self, recorded: Answers, rng: Generator) -> None:
        shuffled = rng.permutation(len(recorded))
        self.recorded = recorded
        self._order = shuffled[np.argsort(recorded.item[shuffled], kind="stable")]
        self._stock = recorded.votes_per_item()
        self._first = np.cumsum(self._stock) - self._stock
        self.sold = np.zeros(recorded.n_items, dtype=np.int64)

    def buy(self, items: Ints) -> None:
        """The next answer of each of these different items, as far as there is one."""
        self.sold[items] += 1
        self.sold = np.minimum(self.sold, self._stock)

    @property
    def available(self) -> Bools:
        """Items that have another answer: [i]."""
        return self.sold < self._stock

    @property
    def paid(self) -> int:
        return int(self.sold.sum())

    def answers(self) -> Answers:
        """The answers bought so far."""
        rank = np.arange(len(self._order)) - np.repeat(self._first, self._stock)
        bought = self._order[rank < np.repeat(self.sold, self._stock)]
        recorded = self.recorded
        return Answers(
            recorded.item[bought],
            recorded.annotator[bought],
            recorded.label[bought],
            recorded.n_items,
            recorded.n_annotators,
            recorded.n_labels,
        )
