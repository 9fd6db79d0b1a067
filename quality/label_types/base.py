"""What a merge is."""

from typing import Any, Protocol

from quality.inference.typed_answers import TypedAnswers

Json = Any


class Merge(Protocol):
    """Values out of canonical answers. ``method`` names the model that it rests on."""

    method: str

    def values(self, configuration: dict[str, Json], answers: TypedAnswers[Json]) -> list[Json]:
        """[i]: the value of each item, in canonical form; every item has an answer."""
