"""What a label type is: the schema of its configuration and of its answers.

Nothing here touches the database: a type is a stateless object, and configuration, answer and payload
are plain JSON values.
"""

from dataclasses import dataclass
from typing import Any, Protocol

Json = Any  # what ``json.loads`` gives


class InvalidConfiguration(ValueError):
    """The configuration cannot be used; ``field`` is the path of what is wrong (``labels.2.value``)."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


class InvalidAnswer(ValueError):
    """The answer does not fit the question; ``field`` is the path of what is wrong (``value``)."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


@dataclass(frozen=True)
class CanonicalAnswer:
    """An answer in the one form in which equal answers are equal.

    ``label_code`` is the answer's number in arrays where the type has a closed set of labels.
    """

    value: Json
    label_code: int | None = None


class LabelType(Protocol):
    """One kind of question."""

    name: str

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        """The configuration in its canonical form. Raises InvalidConfiguration."""

    def label_values(self, configuration: dict[str, Json]) -> list[str]:
        """The closed set of answers in order of their codes; empty where there is none."""

    def canonical(
        self, configuration: dict[str, Json], value: Json, payload: Json
    ) -> CanonicalAnswer:
        """The answer in its canonical form. Raises InvalidAnswer."""

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:
        """Whether a canonical answer is right, given the canonical known one (with the type's tolerance)."""
