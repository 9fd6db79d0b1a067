"""A JSON parser that takes only what can be stored and given back unchanged.

Refused with 400: NaN and infinities (also as 1e400), whole numbers beyond 64 bits, names given twice,
NUL and lone surrogates in any text, nesting without end, bytes that are not UTF-8.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import BaseParser

DEEPEST = 50
LARGEST_INTEGER = 2**63 - 1


class TooLarge(APIException):
    status_code = 413
    default_detail = "The request is too large."


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw: bytes = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge
        return parse(raw)


def parse(raw: bytes) -> Any:
    """The value. Raises ParseError, or ValidationError naming the field whose text is refused."""
    try:
        text = raw.decode("utf-8")
        value = json.loads(
            text,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_integer,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise ParseError(f"Not valid JSON: {_reason(error)}") from None
    _check(text, value)
    return value


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)[:200]


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def _integer(digits: str) -> int:
    if len(digits) > 20 or abs(number := int(digits)) > LARGEST_INTEGER:
        raise ValueError("a whole number is too large")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return made


def _check(text: str, value: Any) -> None:
    """Bad characters can only come by an escape, and depth only by brackets: most bodies have neither."""
    if "\\u" not in text and text.count("[") + text.count("{") <= DEEPEST:
        return
    for path, leaf in _leaves(value, ()):
        if _is_refused(leaf):
            raise ValidationError({".".join(path): ["NUL and lone surrogates are not allowed."]})


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in the value, names of fields included, with the way to it."""
    if len(path) >= DEEPEST and isinstance(value, list | dict):
        raise ParseError("Not valid JSON: nested too deeply")
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, str(index)))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield path, name
            yield from _leaves(inner, (*path, name))


def _is_refused(text: str) -> bool:
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)
