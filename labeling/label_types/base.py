"""What a label type is: the schema of its configuration and of its answers.

Nothing here touches the database: a type is a stateless object, and configuration, answer and payload
are plain JSON values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.utils.functional import Promise

Json = Any  # what ``json.loads`` gives


class InvalidConfiguration(ValueError):
    """The configuration cannot be used; ``field`` is the path of what is wrong (``labels.2.value``)."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


class InvalidAnswer(ValueError):
    """The answer does not fit the question; ``field`` is the path of what is wrong (``value.2.end``)."""

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
    """One kind of question. A type that inherits from this reads texts and forms as plain texts."""

    name: str
    any_order: ClassVar[bool] = False  # whether the labels may stand in any order
    titles: ClassVar[Mapping[str, Promise]] = {}  # what closed answers are called, for readers

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        """The configuration in its canonical form. Raises InvalidConfiguration."""

    def label_values(self, configuration: dict[str, Json]) -> list[str]:
        """The closed set of answers in order of their codes; empty where there is none."""

    def canonical(
        self, configuration: dict[str, Json], value: Json, payload: Json
    ) -> CanonicalAnswer:
        """The answer in its canonical form. Raises InvalidAnswer.

        ``payload`` is what the annotator was shown (see ``labeling.shown``): an item's payload, and
        ``image: {"width", "height"}`` in pixels if a picture belongs to it.
        """

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:
        """Whether a canonical answer is right, given the canonical known one (with the type's tolerance)."""

    def from_text(self, configuration: dict[str, Json], text: str) -> Json:  # noqa: ARG002
        """The answer that a table's cell holds, still to be checked. Raises InvalidAnswer."""
        return text

    def from_form(
        self, configuration: dict[str, Json], fields: Mapping[str, Sequence[str]]
    ) -> Json:
        """The answer that a posted form holds, still to be checked. Raises InvalidAnswer."""
        return self.from_text(configuration, first(fields, "value"))


def first(fields: Mapping[str, Sequence[str]], name: str) -> str:
    """The first value of a form's field; empty without one."""
    return next(iter(fields.get(name, ())), "")
