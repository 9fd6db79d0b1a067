"""The answers, one for each person and item, and how often each label was given to each item."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from quality.inference.grouped import count_by

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ratings:
    """Parallel arrays of codes, at most one row for each person and item."""

    item: Codes
    annotator: Codes
    label: Codes
    n_items: int
    n_labels: int

    @classmethod
    def of(
        cls, item: Codes, annotator: Codes, label: Codes, *, n_labels: int | None = None
    ) -> Self:
        """From answers in the order given; of several by one person on an item the last counts.

        `n_labels` is the size of the label set, if some labels may not occur. Raises ValueError
        when lengths differ or codes are out of range.
        """
        item, annotator, label = (np.asarray(a, dtype=np.int64) for a in (item, annotator, label))
        if not item.size == annotator.size == label.size:
            raise ValueError("item, annotator and label must have the same length")
        if item.size and min(item.min(), annotator.min(), label.min()) < 0:
            raise ValueError("codes can not be negative")
        most = int(label.max()) + 1 if label.size else 0
        if n_labels is not None and most > n_labels:
            raise ValueError(f"label code {most - 1} is outside the {n_labels} labels")
        kept = _last_of_each(item, annotator)
        n_items = int(item.max()) + 1 if item.size else 0
        return cls(item[kept], annotator[kept], label[kept], n_items, n_labels or most)

    @cached_property
    def counts(self) -> csr_array:
        """[item, label]: how often the label was given to the item."""
        ones = np.ones(self.item.size)
        shape = (self.n_items, self.n_labels)
        return csr_array((ones, (self.item, self.label)), shape=shape)  # sums duplicates

    @cached_property
    def answers(self) -> Codes:
        """[item]: how many people answered."""
        return count_by(self.item, self.n_items)


def _last_of_each(item: Codes, annotator: Codes) -> Codes:
    order = np.lexsort((annotator, item))  # stable: equal pairs stay in the order given
    i, a = item[order], annotator[order]
    last = np.ones(order.size, dtype=bool)
    last[:-1] = (i[1:] != i[:-1]) | (a[1:] != a[:-1])
    return np.sort(order[last])
