"""Parts of configurations that several label types share; every error names the path of what is wrong."""

import math
from collections.abc import Mapping
from typing import Any

from labeling.label_types.base import InvalidConfiguration, Json
from labeling.limits import LABEL_LENGTH, LABELS
from labeling.texts import is_storable

LABEL_FIELDS = {"value", "title", "key"}


def known_fields(configuration: Json, known: set[str]) -> Mapping[str, Json]:
    """The configuration itself, if it is an object with no other fields than these."""
    if not isinstance(configuration, Mapping):
        raise InvalidConfiguration("configuration", "must be an object")
    _refuse_unknown("configuration", configuration, known)
    return configuration


def label_list(labels: Json, *, fewest: int = 2) -> list[dict[str, str]]:
    """Labels as ``{"value", "title", "key"}``, no value or key twice; a plain text is a value."""
    if not isinstance(labels, list):
        raise InvalidConfiguration("labels", "must be a list")
    if not fewest <= len(labels) <= LABELS:
        raise InvalidConfiguration("labels", f"must have {fewest} to {LABELS} entries")
    checked = [_label(f"labels.{place}", label) for place, label in enumerate(labels)]
    _refuse_twice(checked, "value")
    _refuse_twice(checked, "key")
    return checked


def values_of(configuration: dict[str, Json]) -> list[str]:
    """The values of the labels, in order."""
    return [label["value"] for label in configuration["labels"]]


def whole(configuration: Mapping[str, Json], name: str, low: int, high: int, default: int) -> int:
    value = configuration.get(name, default)
    if type(value) is not int or not low <= value <= high:
        raise InvalidConfiguration(name, f"must be a whole number from {low} to {high}")
    return value


def number(
    configuration: Mapping[str, Json], name: str, low: float, high: float, default: float
) -> float:
    value = configuration.get(name, default)
    if type(value) not in (int, float) or not low <= value <= high:
        raise InvalidConfiguration(name, f"must be a number from {low:g} to {high:g}")
    return plain_number(value)


def flag(configuration: Mapping[str, Json], name: str, *, default: bool) -> bool:
    value = configuration.get(name, default)
    if type(value) is not bool:
        raise InvalidConfiguration(name, "must be true or false")
    return value


def name_of_field(configuration: Mapping[str, Json], name: str, default: str) -> str:
    """The name of one of the payload's fields."""
    return text(name, configuration.get(name, default), LABEL_LENGTH)


def text(path: str, value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidConfiguration(path, "must be a text that is not empty")
    if len(value) > longest:
        raise InvalidConfiguration(path, f"is longer than {longest} characters")
    if not is_storable(value):
        raise InvalidConfiguration(path, "holds a character that cannot be stored")
    return value


def plain_number(value: float) -> float:
    """Whole numbers without a point, so that equal numbers look equal; never a negative zero."""
    return int(value) if math.isfinite(value) and value == int(value) else value


def speakable(name: object) -> str:
    """A name that somebody sent, as it may stand in a message: short, and nothing unprintable."""
    return str(name)[:50].encode("ascii", "backslashreplace").decode()


def _label(path: str, label: Json) -> dict[str, str]:
    """One label; a plain text stands for a label with only a value."""
    fields = {"value": label} if isinstance(label, str) else label
    if not isinstance(fields, Mapping):
        raise InvalidConfiguration(path, "must be a text or an object")
    _refuse_unknown(path, fields, LABEL_FIELDS)
    limits = {"value": LABEL_LENGTH, "title": LABEL_LENGTH, "key": 1}
    present = {name: fields[name] for name in limits if name in fields}
    if "value" not in present:
        raise InvalidConfiguration(f"{path}.value", "is missing")
    return {name: text(f"{path}.{name}", given, limits[name]) for name, given in present.items()}


def _refuse_unknown(path: str, fields: Mapping[Any, Any], known: set[str]) -> None:
    unknown = sorted(speakable(name) for name in fields if name not in known)
    if unknown:
        raise InvalidConfiguration(f"{path}.{unknown[0]}", "is unknown")


def _refuse_twice(labels: list[dict[str, str]], field: str) -> None:
    seen: set[str] = set()
    for place, label in enumerate(labels):
        if field in label and label[field] in seen:
            raise InvalidConfiguration(f"labels.{place}.{field}", "is there twice")
        seen.add(label.get(field, ""))
