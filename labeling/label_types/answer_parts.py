"""Parts of answers that several label types share; every error names the path of what is wrong."""

import json
import math
from collections.abc import Collection, Mapping, Sequence

from labeling.label_types.base import InvalidAnswer, Json
from labeling.label_types.configuration import plain_number, speakable

LARGEST = 1e15  # beyond it a double no longer holds every whole number and two decimals
LONGEST_TEXT = 1_000_000


def entries(value: Json, most: int, *, path: str = "value") -> list[Json]:
    """A list of at most so many entries."""
    if not isinstance(value, list):
        raise InvalidAnswer(path, "must be a list")
    if len(value) > most:
        raise InvalidAnswer(path, f"has more than {most} entries")
    return value


def fields_of(
    path: str, value: Json, needed: Collection[str], optional: Collection[str] = ()
) -> Mapping[str, Json]:
    """An object with these fields and no others."""
    if not isinstance(value, Mapping):
        raise InvalidAnswer(path, "must be an object")
    unknown = sorted(speakable(name) for name in value if name not in {*needed, *optional})
    if unknown:
        raise InvalidAnswer(f"{path}.{unknown[0]}", "is unknown")
    missing = sorted(set(needed) - set(value))
    if missing:
        raise InvalidAnswer(f"{path}.{missing[0]}", "is missing")
    return value


def one_of(path: str, value: Json, values: Sequence[str]) -> str:
    if not isinstance(value, str):
        raise InvalidAnswer(path, "must be a text")
    if value not in values:
        raise InvalidAnswer(path, "is not one of the labels")
    return value


def finite(path: str, value: Json) -> float:
    """A number that is neither NaN nor too large; whole numbers come back without a point."""
    if type(value) not in (int, float) or not abs(value) <= LARGEST:
        raise InvalidAnswer(path, "must be a number of ordinary size")
    return plain_number(value)


def whole(path: str, value: Json) -> int:
    number = finite(path, value)
    if type(number) is not int:
        raise InvalidAnswer(path, "must be a whole number")
    return number


def number_from(path: str, text: str) -> float:
    """The number that a cell or a field of a form holds."""
    try:
        number = float(text) if len(text) <= 100 else math.nan
    except ValueError:
        number = math.nan
    return finite(path, number)


def json_from(text: str) -> Json:
    """The JSON value that a cell holds."""
    if len(text) > LONGEST_TEXT:
        raise InvalidAnswer("value", f"is longer than {LONGEST_TEXT} characters")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidAnswer("value", "must be JSON") from None


def rows_of(
    fields: Mapping[str, Sequence[str]], texts: Sequence[str], numbers: Sequence[str]
) -> list[dict[str, Json]]:
    """The rows of a form whose fields repeat once a row; rows without any number are left out."""
    columns = [list(fields.get(name, ())) for name in (*texts, *numbers)]
    if len({len(column) for column in columns}) > 1:
        raise InvalidAnswer("value", "has a row that is not complete")
    rows = []
    for place, cells in enumerate(zip(*columns, strict=True)):
        row = dict(zip((*texts, *numbers), cells, strict=True))
        if any(row[name].strip() for name in numbers):
            read = {name: number_from(f"value.{place}.{name}", row[name]) for name in numbers}
            rows.append({**{name: row[name] for name in texts}, **read})
    return rows
