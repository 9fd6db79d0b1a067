"""From ids to codes: strings, bytes or numbers of items, people and labels.

A *frame* is anything with the columns ``task``, ``worker`` and ``label``, as crowd-kit has them: a
pandas frame, a dictionary of lists, a structured array. Codes follow the sorted ids, so the order
of the rows does not change a result.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from quality.inference.answers import ABSTAIN, NO_GOLD, Answers, Ints
from quality.inference.typed_answers import check_each


class Frame(Protocol):
    """Columns ``task``, ``worker`` and ``label`` of one length."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Answers with the ids behind the codes: code 3 of an item is ``items[3]``."""

    answers: Answers
    items: list[Hashable]
    annotators: list[Hashable]
    labels: list[Hashable]

    def gold(self, known: Iterable[tuple[Hashable, Hashable]]) -> Ints:
        """[i]: label code of each item in ``known`` (item, label) pairs, NO_GOLD elsewhere.

        Pairs about items nobody answered are ignored. ValueError for a label that is not one of
        ``labels`` and for an item with two different gold labels.
        """
        item_code, label_code = _lookup(self.items), _lookup(self.labels)
        gold = np.full(self.answers.n_items, NO_GOLD, dtype=np.int64)
        for item, label in known:
            if not _hashable(label) or label not in label_code:
                raise ValueError(f"gold for item {item!r}: {label!r} is not one of the labels")
            i = item_code.get(item)
            if i is not None:
                _set_gold(gold, i, label_code[label], item)
        return gold


def encode(
    items: Iterable[Hashable],
    annotators: Iterable[Hashable],
    labels: Iterable[Hashable | None],
    *,
    label_order: Sequence[Hashable] | None = None,
    weight: ArrayLike | None = None,
) -> Encoded:
    """Codes for ids of any hashable kind (strings, bytes, numbers).

    A label of None or NaN abstains, and the last row of a person about an item counts. Labels
    follow ``label_order`` where given (it may name labels that nobody used). ValueError, with
    column and row, for a missing item or worker, and for a label that ``label_order`` does not name.
    """
    item_ids, item = _number("task", items)
    annotator_ids, annotator = _number("worker", annotators)
    label_ids, label = _number_labels(labels, label_order)
    answers = Answers.from_codes(
        item,
        annotator,
        label,
        n_items=len(item_ids),
        n_annotators=len(annotator_ids),
        n_labels=len(label_ids),
        weight=weight,
    )
    return Encoded(answers, item_ids, annotator_ids, label_ids)


def encode_frame(
    frame: Frame,
    *,
    label_order: Sequence[Hashable] | None = None,
    weight: ArrayLike | None = None,
) -> Encoded:
    """``encode`` for a frame. ValueError when it has not the three columns."""
    columns = []
    for name in ("task", "worker", "label"):
        try:
            columns.append(frame[name])
        except (KeyError, IndexError, TypeError, ValueError):
            raise ValueError(f"there is no column {name!r}") from None
    return encode(*columns, label_order=label_order, weight=weight)


def _number(name: str, ids: Iterable[Hashable]) -> tuple[list[Hashable], Ints]:
    column = _listed(name, ids)
    for row, value in enumerate(column):
        if _is_missing(value):
            raise ValueError(f"{name}[{row}] is missing")
    known = _in_order(_distinct(name, column))
    code = _lookup(known)
    return known, np.fromiter(map(code.__getitem__, column), dtype=np.int64, count=len(column))


def _number_labels(
    labels: Iterable[Hashable | None], order: Sequence[Hashable] | None
) -> tuple[list[Hashable], Ints]:
    column = [None if _is_missing(label) else label for label in _listed("label", labels)]
    said = _distinct("label", column)
    said.pop(None, None)
    known = _in_order(said) if order is None else list(order)
    code = _lookup(known)
    for row, label in enumerate(column):
        if label is not None and label not in code:
            raise ValueError(f"label[{row}]: {label!r} is not one of the labels")
    code[None] = ABSTAIN
    return known, np.fromiter(map(code.__getitem__, column), dtype=np.int64, count=len(column))


def _listed(name: str, column: Iterable[Any]) -> list[Any]:
    """Arrays and series as plain Python values, which are quicker to look up."""
    to_list = getattr(column, "tolist", None)
    values = to_list() if callable(to_list) else column
    if not isinstance(values, Iterable):
        raise ValueError(f"{name} must be a column of values, not one {type(values).__name__}")
    return list(values)


def _distinct(name: str, column: list[Any]) -> dict[Any, None]:
    try:
        return dict.fromkeys(column)
    except TypeError:
        check_each(name, enumerate(column), _hashable, "an id: ids cannot be changed")
        raise


def _hashable(value: object) -> bool:
    """Also of a tuple that holds a list, which says only when asked that it is not."""
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _is_missing(value: object) -> bool:
    """None, and numbers that are not equal to themselves."""
    return value is None or (isinstance(value, float) and value != value)


def _in_order(ids: Iterable[Any]) -> list[Hashable]:
    try:
        return sorted(ids)
    except TypeError:  # ids of several kinds, say numbers and strings
        return sorted(ids, key=lambda value: (type(value).__name__, repr(value)))


def _lookup(ids: Sequence[Hashable]) -> dict[Hashable | None, int]:
    return {value: code for code, value in enumerate(ids)}


def _set_gold(gold: Ints, i: int, label: int, item: Hashable) -> None:
    if gold[i] not in (NO_GOLD, label):
        raise ValueError(f"item {item!r} has two different gold labels")
    gold[i] = label
