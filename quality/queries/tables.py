"""Columns that are dear to convert, thousands of rows at a time: JSON tables of numbers, and moments.

Read as text and parsed here: the converters of driver and ORM, row by row, took most of the time of settling.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from django.db.models import Aggregate, TextField
from django.db.models.functions import Cast

from quality.inference.answers import Floats

_BRACKETS = str.maketrans("", "", "[]")


def as_text(field: str | Aggregate) -> Cast:
    """For ``values_list``: what this field, or aggregate, holds as the database spells it."""
    return Cast(field, TextField())


def moment(text: str) -> datetime:
    """A moment that the database spelt; SQLite leaves out that it is UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def holds(text: str | None, n_numbers: int) -> bool:
    """Whether this is the JSON of a list, or list of lists, of so many numbers."""
    return text is not None and text.startswith("[") and text.count(",") == n_numbers - 1


def numbers(texts: Sequence[str]) -> Floats:
    """All numbers of these lists, one after the other."""
    return np.fromstring(",".join(texts).translate(_BRACKETS), sep=",")
