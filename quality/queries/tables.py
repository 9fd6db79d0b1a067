"""Columns that hold JSON tables of numbers, thousands of rows at a time.

Read as text and parsed in one go: a parser and a converter for each row took most of the time of settling.
"""

from collections.abc import Sequence

import numpy as np
from django.db.models import TextField
from django.db.models.functions import Cast

from quality.inference.answers import Floats

_BRACKETS = str.maketrans("", "", "[]")


def as_text(field: str) -> Cast:
    """For ``values_list``: the JSON of this field as it is spelt."""
    return Cast(field, TextField())


def holds(text: str | None, n_numbers: int) -> bool:
    """Whether this is the JSON of a list, or list of lists, of so many numbers."""
    return text is not None and text.startswith("[") and text.count(",") == n_numbers - 1


def numbers(texts: Sequence[str]) -> Floats:
    """All numbers of these lists, one after the other."""
    return np.fromstring(",".join(texts).translate(_BRACKETS), sep=",")
