"""Input that says everything it means: an unknown field is an error, not something to ignore.

In JSON a number is a number and a text is a text: nothing is turned into another type on its way in. A
form and an address have only texts, so there the framework's own conversions stay.
"""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from rest_framework import serializers

# The first that fits decides: a choice is also a field of its own kind.
TYPES: tuple[tuple[type[Any], tuple[type, ...], str], ...] = (
    (serializers.BooleanField, (bool,), "Must be true or false."),
    (serializers.IntegerField, (int,), "Must be a whole number."),
    (serializers.FloatField, (int, float), "Must be a number."),
    (serializers.CharField, (str,), "Must be a text."),
    (serializers.UUIDField, (str,), "Must be a text."),
    (serializers.ChoiceField, (str,), "Must be a text."),
)


class Texts(dict[str, str]):
    """What stands in an address: ``Shape(data=Texts(request.query_params.dict()))``."""


def _problem(field: Any, value: Any) -> list[str] | dict[int, list[str]]:
    """What is wrong with the JSON type of the value; empty where nothing is, or the field will say it."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return {n: found for n, entry in enumerate(value) if (found := _kind(field.child, entry))}
    return _kind(field, value)


def _kind(field: Any, value: Any) -> list[str]:
    if value is None:
        return []
    for kind, types, message in TYPES:
        if isinstance(field, kind):
            return [] if type(value) in types else [message]
    return []


class StrictSerializer(serializers.Serializer[Any]):
    """The base of every serializer that reads a request."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self._refuse_unknown(data)
            if not isinstance(data, QueryDict | Texts):
                self._refuse_other_types(data)
        return super().to_internal_value(data)

    def _refuse_other_types(self, data: Mapping[Any, Any]) -> None:
        wrong: dict[str, Any] = {
            name: problem for name in data if (problem := _problem(self.fields[name], data[name]))
        }
        if wrong:
            raise serializers.ValidationError(wrong)

    def _refuse_unknown(self, data: Mapping[Any, Any]) -> None:
        unknown = [str(name)[:100] for name in data if name not in self.fields]
        if unknown:
            raise serializers.ValidationError({name: ["Unknown field."] for name in unknown[:20]})
