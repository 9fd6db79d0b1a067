"""Vectors that come with the data, in the payload field ``vector``."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from learning.features.raw import Floats, Parameters, RawItem, UnusableItem

FIELD = "vector"
LARGEST = 1e38


class Vectors:
    name = "vectors"
    dtype = "float32"

    def suits(self, item: RawItem) -> bool:
        return isinstance(_field(item), list)

    def plan(self, sample: Sequence[RawItem]) -> Parameters:
        """The width that most of the sample has."""
        widths = [len(_field(item)) for item in sample if self.suits(item)]
        return {"width": max(set(widths), key=widths.count)}

    def vector(self, item: RawItem, parameters: Parameters) -> Floats:
        values = _field(item)
        if not isinstance(values, list):
            raise UnusableItem("it has no vector")
        if len(values) != parameters["width"]:
            raise UnusableItem(
                f"its vector has {len(values)} numbers, the others {parameters['width']}"
            )
        if not all(_is_number(value) for value in values):
            raise UnusableItem("its vector holds something that is not a finite number")
        return np.array(values, dtype=np.float32)


def _field(item: RawItem) -> Any:
    return item.payload.get(FIELD) if isinstance(item.payload, dict) else None


def _is_number(value: Any) -> bool:
    """Finite, and within what float32 holds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -LARGEST < value < LARGEST  # false for NaN, and fit for integers of any length
