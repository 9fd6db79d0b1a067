"""Gold of label types whose answers are not codes: the known values of some items.

``fit`` of every such type takes ``gold``, a mapping from item code to value. Known values stand
fast through all rounds, so that people are judged by them, and come out as they went in, with
confidence 1; an item needs no answer for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from quality.inference.typed_answers import Floats, Ints, check_each

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Known(Generic[T]):
    """``value[g]`` of ``item[g]``, ascending."""

    item: Ints
    value: list[T]

    @classmethod
    def of(cls, gold: Mapping[int, T] | None, n_items: int) -> Known[T]:
        """ValueError for what maps nothing, and for a code that is no item's."""
        if gold is not None and not isinstance(gold, Mapping):
            raise ValueError(f"gold must map item codes to values, not be a {type(gold).__name__}")
        check_each("the items of gold", enumerate(gold or {}), _is_code, "the code of an item")
        codes = sorted(gold or {})
        if codes and not 0 <= codes[0] <= codes[-1] < n_items:
            raise ValueError(f"gold names items outside 0..{n_items - 1}")
        return cls(np.array(codes, dtype=np.int64), [(gold or {})[code] for code in codes])

    def pairs(self) -> Iterable[tuple[int, T]]:
        """Each item's code and known value."""
        return zip(self.item.tolist(), self.value, strict=True)

    def sure(self, confidence: Floats) -> Floats:
        """[i]: a copy in which known items are certain."""
        copy = confidence.copy()
        copy[self.item] = 1.0
        return copy

    def put_into(self, values: list[T]) -> list[T]:
        """[i]: a copy with the known values in their places."""
        copy = list(values)
        for item, value in self.pairs():
            copy[item] = value
        return copy


def _is_code(key: object) -> bool:
    return isinstance(key, int | np.integer)
