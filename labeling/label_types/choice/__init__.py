"""Single choice: one label out of a closed set.

Configuration: ``{"labels": [{"value": "owl", "title": "An owl", "key": "o"}, ...]}``. ``value`` is what
answers and exports hold; ``title`` (what people read) and ``key`` (the key that chooses it) may be left
out. Answer: the value, as a string.
"""

from collections.abc import Mapping
from typing import Any

from labeling.label_types.base import CanonicalAnswer, InvalidAnswer, InvalidConfiguration, Json
from labeling.limits import LABEL_LENGTH, LABELS
from labeling.texts import is_storable

LABEL_FIELDS = {"value", "title", "key"}


class Choice:
    name = "choice"

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        if not isinstance(configuration, Mapping):
            raise InvalidConfiguration("configuration", "must be an object")
        _refuse_unknown("configuration", configuration, {"labels"})
        labels = _label_list(configuration.get("labels"))
        _refuse_twice(labels, "value")
        _refuse_twice(labels, "key")
        return {"labels": labels}

    def label_values(self, configuration: dict[str, Json]) -> list[str]:
        return [label["value"] for label in configuration["labels"]]

    def canonical(
        self,
        configuration: dict[str, Json],
        value: Json,
        payload: Json,  # noqa: ARG002
    ) -> CanonicalAnswer:
        values = self.label_values(configuration)
        if not isinstance(value, str):
            raise InvalidAnswer("value", "must be a text")
        if value not in values:
            raise InvalidAnswer("value", "is not one of the labels")
        return CanonicalAnswer(value, values.index(value))

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:  # noqa: ARG002
        return bool(value == known)


label_type = Choice()


def _label_list(labels: Json) -> list[dict[str, str]]:
    if not isinstance(labels, list):
        raise InvalidConfiguration("labels", "must be a list")
    if not 2 <= len(labels) <= LABELS:
        raise InvalidConfiguration("labels", f"must have 2 to {LABELS} entries")
    return [_label(f"labels.{place}", label) for place, label in enumerate(labels)]


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
    return {name: _text(f"{path}.{name}", text, limits[name]) for name, text in present.items()}


def _text(path: str, value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidConfiguration(path, "must be a text that is not empty")
    if len(value) > longest:
        raise InvalidConfiguration(path, f"is longer than {longest} characters")
    if not is_storable(value):
        raise InvalidConfiguration(path, "holds a character that cannot be stored")
    return value


def _refuse_unknown(path: str, fields: Mapping[Any, Any], known: set[str]) -> None:
    unknown = sorted(str(name)[:50] for name in fields if name not in known)
    if unknown:
        raise InvalidConfiguration(f"{path}.{unknown[0]}", "is unknown")


def _refuse_twice(labels: list[dict[str, str]], field: str) -> None:
    seen: set[str] = set()
    for place, label in enumerate(labels):
        if field in label and label[field] in seen:
            raise InvalidConfiguration(f"labels.{place}.{field}", "is there twice")
        seen.add(label.get(field, ""))
