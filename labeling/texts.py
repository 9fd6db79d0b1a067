"""Texts and JSON values that any database can hold: no NUL, no lone surrogates, no infinite numbers."""

import math
import re
from typing import Any

DEPTH = 50  # deeper nesting than any payload needs
_CANNOT_BE_STORED = re.compile("[\0\ud800-\udfff]")


def is_storable(value: Any, depth: int = 0) -> bool:
    """Whether a JSON value can be stored as it is, on every database we run on."""
    if depth > DEPTH:
        return False
    if isinstance(value, str):
        return _is_storable_text(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(is_storable(k) and is_storable(v, depth + 1) for k, v in value.items())
    if isinstance(value, list):
        return all(is_storable(entry, depth + 1) for entry in value)
    return True


def _is_storable_text(text: str) -> bool:
    return _CANNOT_BE_STORED.search(text) is None


def storable(text: str) -> str:
    """The text with a sign in place of every character that cannot be stored."""
    return _CANNOT_BE_STORED.sub("\ufffd", text)
