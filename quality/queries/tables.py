"""Columns that hold JSON tables of numbers, thousands of rows at a time.

Read as text and parsed in one go: a parser and a converter for each row took most of the time of settling.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast


def as_text(field: str) -> Cast:
    """For ``values_list``: the JSON of this field as it is spelt."""
    return Cast(field, TextField())


def parsed(texts: Sequence[str | None]) -> list[Any]:
    """The JSON of each row; None where there is none."""
    found: list[Any] = json.loads(f"[{','.join(text or 'null' for text in texts)}]")
    return found
