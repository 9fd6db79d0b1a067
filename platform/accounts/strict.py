"""Input that says everything it means: an unknown field is an error, not something to ignore."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """The base of every serializer that reads a request."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self._refuse_unknown(data)
        return super().to_internal_value(data)

    def _refuse_unknown(self, data: Mapping[Any, Any]) -> None:
        unknown = [str(name)[:100] for name in data if name not in self.fields]
        if unknown:
            raise serializers.ValidationError({name: ["Unknown field."] for name in unknown[:20]})
