"""Texts and JSON values that any database can hold: no NUL, no lone surrogates, no infinite numbers."""

import math
from typing import Any

DEPTH = 50  # deeper nesting than any payload needs


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
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
