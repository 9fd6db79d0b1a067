"""What an uploaded table seems to be: which column is what, which kind of question, which labels.

Only a first proposal for a manager who sees it and can change everything, made of the first rows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from labeling.files import Row

TEXT, ID, PRIORITY, IMAGE = "text", "id", "priority", "image"
LEFT, RIGHT, KNOWN, OUT = "left", "right", "known", "out"
IMPORTED = {name: name for name in (TEXT, ID, PRIORITY, IMAGE)} | {
    LEFT: "payload.left",
    RIGHT: "payload.right",
}
"""Roles whose columns are imported, and the name that the import knows them by."""

NAMES = {
    ID: re.compile(r"^(id|item|item_?id|external_?id|key|uuid|guid)$", re.I),
    PRIORITY: re.compile(r"^priority$", re.I),
    IMAGE: re.compile(r"^image$"),
    LEFT: re.compile(r"^(left|a|text_?a|option_?a|first|response_?a)$", re.I),
    RIGHT: re.compile(r"^(right|b|text_?b|option_?b|second|response_?b)$", re.I),
    KNOWN: re.compile(
        r"^(gold|labels?|class(es)?|category|sentiment|answer|target|rating|score|stars|topic|tags?)$",
        re.I,
    ),
    TEXT: re.compile(r"^(text|sentence|body|content|review|comment|message|title|question)$", re.I),
}
MOST_LABELS = 30
FEW_VALUES, SHORT_VALUE = 12, 40
SCALES = (("bad", "fair", "good"), ("low", "medium", "high"), ("negative", "neutral", "positive"))
PLACEHOLDERS = ("yes", "no")
SEVERAL = "|"


@dataclass(frozen=True)
class Guess:
    """``roles`` by column; ``labels`` in order; ``pictures`` when rows bring pictures."""

    name: str
    kind: str
    roles: dict[str, str]
    labels: list[str] = field(default_factory=list)
    pictures: bool = False


def guess(file_name: str, rows: Sequence[Row]) -> Guess:
    """A proposal from the first rows; rows that cannot be read are not looked at."""
    good = [row for row in rows if not row.broken]
    pictures = any(row.picture for row in good)
    columns = _columns(good)
    roles = _with_known(_roles(columns, pictures), columns)
    known = next((columns[name] for name, role in roles.items() if role == KNOWN), [])
    kind = _kind(roles, known)
    return Guess(_name(file_name), kind, roles, _labels(kind, known), pictures)


def _columns(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The values of each column, as texts, in the order of their first row."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for name, value in row.fields.items():
            found.setdefault(name, []).append(_text(value))
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _roles(columns: dict[str, list[str]], pictures: bool) -> dict[str, str]:
    roles = {name: _role_by_name(name) for name in columns}
    both = {LEFT, RIGHT} <= set(roles.values())
    useless = {*(() if both else (LEFT, RIGHT)), *(() if pictures else (IMAGE,))}
    roles = {name: OUT if role in useless else role for name, role in roles.items()}
    _keep_first(roles)
    if pictures or both or TEXT in roles.values():
        return roles
    free = [name for name, role in roles.items() if role == OUT]
    longest = max(free, key=lambda name: _mean_length(columns[name]), default=None)
    return {**roles, **({longest: TEXT} if longest is not None else {})}


def _with_known(roles: dict[str, str], columns: dict[str, list[str]]) -> dict[str, str]:
    """Where no name says it, a column of few short values that come again and again holds labels."""
    if KNOWN in roles.values() or LEFT in roles.values():
        return roles
    free = (name for name, role in roles.items() if role == OUT)
    found = next((name for name in free if _looks_known(columns[name])), None)
    return {**roles, **({found: KNOWN} if found is not None else {})}


def _looks_known(values: Sequence[str]) -> bool:
    different = set(values)
    few = 2 <= len(different) <= min(FEW_VALUES, len(values) // 3)
    return few and max(map(len, different)) <= SHORT_VALUE


def _role_by_name(column: str) -> str:
    return next((role for role, names in NAMES.items() if names.match(column.strip())), OUT)


def _keep_first(roles: dict[str, str]) -> None:
    """Of several columns for one role the first has it."""
    taken: set[str] = set()
    for name, role in roles.items():
        if role in taken:
            roles[name] = OUT
        elif role != OUT:
            taken.add(role)


def _mean_length(values: Sequence[str]) -> float:
    return sum(map(len, values)) / len(values)


def _kind(roles: dict[str, str], known: Sequence[str]) -> str:
    if LEFT in roles.values():
        return "pairwise"
    values = {value for value in known if value}
    if any(SEVERAL in value for value in values):
        return "multiple_choice"
    if values and all(_is_number(value) for value in values):
        return "ordinal" if len(values) <= 10 else "number"
    if values and _ordered(values) != sorted(values):
        return "ordinal"
    return "text" if len(values) > MOST_LABELS else "choice"


def _labels(kind: str, known: Sequence[str]) -> list[str]:
    if kind in ("pairwise", "number", "text"):
        return []
    parts = {part.strip() for value in known for part in value.split(SEVERAL)}
    found = _ordered(parts - {""})[:MOST_LABELS]
    return found if len(found) > 1 else list(PLACEHOLDERS)


def _ordered(values: set[str]) -> list[str]:
    """By number, by a scale that everybody knows, else by name."""
    if all(_is_number(value) for value in values):
        return sorted(values, key=float)
    for scale in SCALES:
        if {value.lower() for value in values} <= set(scale) and len(values) > 1:
            return sorted(values, key=lambda value: scale.index(value.lower()))
    return sorted(values)


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", value.strip()))


def _name(file_name: str) -> str:
    stem = PurePosixPath(file_name).name.split(".")[0]
    words = re.sub(r"[_\-\s]+", " ", stem).strip()
    return (words[:1].upper() + words[1:])[:200]
