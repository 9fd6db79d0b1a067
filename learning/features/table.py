"""Rows of a table: numbers and categories, as they stand in the fields of the payload.

What is a column is taken once from a sample. A number is centred and scaled by the sample's mean and
deviation, and cut at ten deviations; where it is missing it is the mean, and a column beside it says so. A
category is one column a value that the sample holds more than once, and one for all others.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from learning.features.raw import Floats, Parameters, RawItem, UnusableItem

LONGEST_WORD = 60  # characters; longer ones are texts
MOST_VALUES, MOST_COLUMNS = 50, 200
LARGEST = 1e38
CUT = 10.0  # standard deviations
COMMON = 0.5  # of the sample must have a field that becomes a column


class Table:
    name = "table"
    dtype = "float32"

    def suits(self, item: RawItem) -> bool:
        """Nothing but numbers and short words: two numbers at least, and no fewer than words."""
        if not isinstance(item.payload, dict) or "text" in item.payload or item.read_media:
            return False
        values = [value for value in item.payload.values() if value is not None]
        numbers = sum(_is_number(value) for value in values)
        words = sum(_is_word(value) for value in values)
        return numbers >= max(2, words) and numbers + words == len(values)

    def plan(self, sample: Sequence[RawItem]) -> Parameters:
        rows = [item.payload for item in sample if isinstance(item.payload, dict)]
        common = Counter(name for row in rows for name, value in row.items() if value is not None)
        names = sorted(name for name, n in common.items() if n >= COMMON * len(rows))
        values = {name: [row.get(name) for row in rows] for name in names[:MOST_COLUMNS]}
        numbers = {name: found for name in values if (found := _scale(values[name]))}
        words = {name: _known(values[name]) for name in values if name not in numbers}
        return {"numbers": numbers, "words": words}

    def vector(self, item: RawItem, parameters: Parameters) -> Floats:
        row = item.payload if isinstance(item.payload, dict) else {}
        numbers = [_number(row.get(name), *of) for name, of in parameters["numbers"].items()]
        words = [_word(row.get(name), known) for name, known in parameters["words"].items()]
        parts = [part for one in (*numbers, *words) for part in one]
        if not parts or not any(row.get(n) is not None for of in parameters.values() for n in of):
            raise UnusableItem("it has none of the columns")
        return np.array(parts, dtype=np.float32)


def _scale(values: Sequence[Any]) -> list[float]:
    """Mean and deviation of a column of numbers; empty for one that holds anything else."""
    there = [value for value in values if value is not None]
    if not all(_is_number(value) for value in there):
        return []
    deviation = float(np.std(there))
    return [float(np.mean(there)), deviation if deviation > 0 else 1.0]


def _known(values: Sequence[Any]) -> list[str]:
    counts = Counter(str(value) for value in values if value is not None)
    return sorted(value for value, n in counts.most_common(MOST_VALUES) if n > 1)


def _number(value: Any, mean: float, deviation: float) -> tuple[float, float]:
    if value is None:
        return 0.0, 1.0
    if not _is_number(value):
        raise UnusableItem(f"{str(value)[:30]!r} is no number where the others have one")
    return max(-CUT, min(CUT, (value - mean) / deviation)), 0.0


def _word(value: Any, known: Sequence[str]) -> list[float]:
    said = None if value is None else str(value)
    other = float(said is not None and said not in known)
    return [*(float(said == one) for one in known), other]


def _is_number(value: Any) -> bool:
    """Finite, and a number that floats can hold; yes and no are words."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -LARGEST < value < LARGEST  # false for NaN, and fit for integers of any length


def _is_word(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and len(value) <= LONGEST_WORD)
