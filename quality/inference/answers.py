"""What every inference method takes: answers as long parallel arrays of codes.

``Answers`` holds votes. Row r says: ``annotator[r]`` answered ``label[r]`` about ``item[r]``.
Nothing is ever a dense items x annotators table, so memory grows with the answers only.

Rules that all methods share, applied once, here:

* an abstention is the label -1 and is no vote;
* the last revision of a person about an item counts, and an abstention can be that last word;
* so a person has one vote on an item, however often they answered.

``Answers.from_codes`` and ``encoding.encode`` apply them. The plain constructor drops abstentions and keeps
repeated rows as independent readings, which is what the clinicians of Dawid and Skene (1979) gave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ABSTAIN = -1
NO_GOLD = -1
HEAVIEST = 1e9  # of one answer: counts of what is heavier would not add up to anything any more


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Votes as codes: 0 <= item < n_items, and so for annotator and label.

    ``weight`` is None (every vote counts one) or one number from 0 to ``HEAVIEST`` for each vote.
    Items and annotators without a vote are allowed; so are no votes at all.
    Raises ValueError when arrays differ in length or a code is out of range.
    """

    item: Ints
    annotator: Ints
    label: Ints
    n_items: int
    n_annotators: int
    n_labels: int
    weight: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("item", "annotator", "label"):
            object.__setattr__(self, name, checked_codes(name, getattr(self, name)))
        if self.weight is not None:
            object.__setattr__(self, "weight", _weights(self.weight, len(self)))
        _same_length(self.item, self.annotator, self.label)
        self._check_ranges()
        self._drop_abstentions()

    @classmethod
    def from_codes(
        cls,
        item: ArrayLike,
        annotator: ArrayLike,
        label: ArrayLike,
        *,
        n_items: int | None = None,
        n_annotators: int | None = None,
        n_labels: int | None = None,
        weight: ArrayLike | None = None,
    ) -> Answers:
        """One vote for each person and item: the last row wins. Sizes default to what is seen."""
        items, people, labels = (
            checked_codes("item", item),
            checked_codes("annotator", annotator),
            checked_codes("label", label),
        )
        _same_length(items, people, labels)
        weights = None if weight is None else _weights(weight, labels.size)
        keep = last_of_each_pair(items, people)
        return cls(
            items[keep],
            people[keep],
            labels[keep],
            _size(items) if n_items is None else n_items,
            _size(people) if n_annotators is None else n_annotators,
            _size(labels) if n_labels is None else n_labels,
            None if weights is None else weights[keep],
        )

    def __len__(self) -> int:
        return int(self.label.size)

    def select(self, rows: Bools | Ints) -> Answers:
        """The same items, people and labels with only these votes."""
        weight = None if self.weight is None else self.weight[rows]
        return Answers(
            self.item[rows],
            self.annotator[rows],
            self.label[rows],
            self.n_items,
            self.n_annotators,
            self.n_labels,
            weight,
        )

    def votes_per_item(self) -> Ints:
        """[i]: how many votes each item has."""
        return np.bincount(self.item, minlength=self.n_items)

    def votes_per_annotator(self) -> Ints:
        """[a]: how many votes each annotator has given."""
        return np.bincount(self.annotator, minlength=self.n_annotators)

    def _check_ranges(self) -> None:
        _in_range("item", self.item, 0, self.n_items)
        _in_range("annotator", self.annotator, 0, self.n_annotators)
        _in_range("label", self.label, ABSTAIN, self.n_labels)

    def _drop_abstentions(self) -> None:
        said = self.label >= 0
        if said.all():
            return
        for name in ("item", "annotator", "label", "weight"):
            column = getattr(self, name)
            if column is not None:
                object.__setattr__(self, name, column[said])


def checked_gold(gold: ArrayLike | None, answers: Answers) -> Ints:
    """[i]: gold label codes with NO_GOLD where unknown; ValueError for a wrong size or code."""
    if gold is None:
        return np.full(answers.n_items, NO_GOLD, dtype=np.int64)
    codes = checked_codes("gold", gold)
    if codes.size != answers.n_items:
        raise ValueError(f"gold has {codes.size} entries for {answers.n_items} items")
    _in_range("gold", codes, NO_GOLD, answers.n_labels)
    return codes


def last_of_each_pair(first: Ints, second: Ints) -> Ints:
    """Rows, ascending, that are the last with their (first, second) pair."""
    if first.size == 0:
        return np.empty(0, dtype=np.int64)
    key = first * (int(second.max()) + 1) + second
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    is_last = np.append(ordered[1:] != ordered[:-1], True)
    return np.sort(order[is_last])


def checked_codes(name: str, values: ArrayLike) -> Ints:
    """ValueError for what is no column of whole numbers."""
    codes = np.asarray(values)
    if codes.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, not of shape {codes.shape}")
    if codes.size and not np.issubdtype(codes.dtype, np.integer):
        raise ValueError(f"{name} must hold integer codes, not {codes.dtype}")
    return codes.astype(np.int64, copy=False)


def _weights(values: ArrayLike, size: int) -> Floats:
    weights = np.asarray(values, dtype=np.float64)
    if weights.size != size:
        raise ValueError(f"weight has {weights.size} entries for {size} answers")
    if weights.ndim != 1 or not ((weights >= 0) & (weights <= HEAVIEST)).all():
        raise ValueError(f"weight must hold one number from 0 to {HEAVIEST:g} for each answer")
    return weights


def _same_length(item: Ints, annotator: Ints, label: Ints) -> None:
    sizes = (item.size, annotator.size, label.size)
    if len(set(sizes)) != 1:
        raise ValueError(f"item, annotator and label differ in length: {sizes}")


def _in_range(name: str, codes: Ints, low: int, high: int) -> None:
    if codes.size and (codes.min() < low or codes.max() >= high):
        row = int(np.flatnonzero((codes < low) | (codes >= high))[0])
        raise ValueError(f"{name}[{row}] is {codes[row]}, outside {low}..{high - 1}")


def _size(codes: Ints) -> int:
    return int(codes.max(initial=-1)) + 1
