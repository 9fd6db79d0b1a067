"""Answers whose labels are not codes: numbers, texts, spans, boxes, comparisons.

Long and parallel like the categorical answers: row r says that ``annotator[r]`` said ``label[r]``
about ``item[r]``. Only the labels differ: any values of one kind, in a plain sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quality.inference.answers import checked_codes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

T = TypeVar("T")

LARGEST = 1e150  # numbers that people say; squares of larger ones overflow


def sums(code: Ints, weight: ArrayLike, size: int) -> Floats:
    """[code]: sum of the weights of each code below ``size``."""
    # a copy only for booleans and integers: bincount takes nothing but floats as weights
    weights = np.asarray(weight, dtype=np.float64)
    return np.asarray(np.bincount(code, weights, size), dtype=np.float64)


def log_sum(logs: Floats, axis: int) -> Floats:
    """log of the sum of exponentials, shifted so that it cannot overflow; empty arrays too.

    (SciPy's takes many times as long on small arrays and refuses empty ones.)
    """
    top = logs.max(axis=axis, keepdims=True, initial=-1e300)
    total = np.exp(logs - top).sum(axis=axis)
    result: Floats = np.log(total) + np.squeeze(top, axis=axis)
    return result


def check_each(
    name: str, values: Iterable[tuple[int, Any]], fits: Callable[[Any], object], what: str
) -> None:
    """ValueError that names field and row of the first value that is not ``what``: ``fits`` denies it, or fails."""
    for row, value in values:
        try:
            right = bool(fits(value))
        except (TypeError, ValueError, AttributeError, OverflowError):
            right = False
        if not right:
            raise ValueError(f"{name}[{row}] is {shortened(value)}, not {what}")


def shortened(value: object) -> str:
    try:
        shown = repr(value)
    except ValueError:  # Python spells no whole number of more than some thousand digits
        shown = f"a very large {type(value).__name__}"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


@dataclass(frozen=True, slots=True, eq=False)
class TypedAnswers(Generic[T]):
    """``item`` and ``annotator`` are codes below ``n_items`` and ``n_annotators``.

    Items and annotators without an answer are allowed; so are no answers at all.
    Raises ValueError when lengths differ or a code is out of range.
    """

    item: Ints
    annotator: Ints
    label: Sequence[T]
    n_items: int
    n_annotators: int

    def __post_init__(self) -> None:
        sizes = (self.item.size, self.annotator.size, len(self.label))
        if len(set(sizes)) != 1:
            raise ValueError(f"item, annotator and label differ in length: {sizes}")
        _in_range("item", self.item, self.n_items)
        _in_range("annotator", self.annotator, self.n_annotators)

    @classmethod
    def from_codes(
        cls, item: ArrayLike, annotator: ArrayLike, label: Sequence[T]
    ) -> TypedAnswers[T]:
        """As many items and annotators as the codes name."""
        items, people = checked_codes("item", item), checked_codes("annotator", annotator)
        return cls(items, people, label, _size(items), _size(people))

    def __len__(self) -> int:
        return int(self.item.size)

    def per_item(self) -> Ints:
        """[i]: how many answers each item has."""
        return np.bincount(self.item, minlength=self.n_items).astype(np.int64)

    def per_annotator(self) -> Ints:
        """[a]: how many answers each annotator gave."""
        return np.bincount(self.annotator, minlength=self.n_annotators).astype(np.int64)

    def rows_by_item(self) -> list[Ints]:
        """[i]: the rows about each item, in the order they were given."""
        order = np.argsort(self.item, kind="stable")
        return np.split(order, np.cumsum(self.per_item())[:-1]) if self.n_items else []


@dataclass(frozen=True, slots=True, eq=False)
class Coded(Generic[T]):
    """Answers with the ids behind the codes: code 3 of an item is ``items[3]``."""

    answers: TypedAnswers[T]
    items: list[str]
    annotators: list[str]


def encode_typed(items: Sequence[str], annotators: Sequence[str], labels: Sequence[T]) -> Coded[T]:
    """Codes follow the sorted ids. The last row of a person about an item is what they say."""
    last = {pair: row for row, pair in enumerate(zip(items, annotators, strict=True))}
    rows = sorted(last.values())
    item_ids, item = _number(items[row] for row in rows)
    annotator_ids, annotator = _number(annotators[row] for row in rows)
    said = [labels[row] for row in rows]
    answers = TypedAnswers(item, annotator, said, len(item_ids), len(annotator_ids))
    return Coded(answers, item_ids, annotator_ids)


def _number(ids: Iterable[str]) -> tuple[list[str], Ints]:
    column = list(ids)
    known = sorted(set(column))
    code = {name: number for number, name in enumerate(known)}
    return known, np.fromiter((code[name] for name in column), dtype=np.int64, count=len(column))


def _in_range(name: str, codes: Ints, size: int) -> None:
    if codes.size and (codes.min() < 0 or codes.max() >= size):
        row = int(np.flatnonzero((codes < 0) | (codes >= size))[0])
        raise ValueError(f"{name}[{row}] is {codes[row]}, outside 0..{size - 1}")


def _size(codes: Ints) -> int:
    return int(codes.max(initial=-1)) + 1
