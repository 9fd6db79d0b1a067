"""Answers that are lists of labelled marks: one question a label."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from labeling.label_types.configuration import values_of
from quality.inference.typed_answers import TypedAnswers
from quality.label_types.base import Json

Mark = TypeVar("Mark")


def split(
    configuration: dict[str, Json],
    answers: TypedAnswers[Json],
    mark: Callable[[dict[str, Json]], Mark],
) -> dict[str, TypedAnswers[Sequence[Mark]]]:
    """The answers to "where is there a ...?", for each label that anybody used."""
    used = {entry["label"] for answer in answers.label for entry in answer}
    return {
        label: _about(label, answers, mark) for label in values_of(configuration) if label in used
    }


def _about(
    label: str, answers: TypedAnswers[Json], mark: Callable[[dict[str, Json]], Mark]
) -> TypedAnswers[Sequence[Mark]]:
    marks = [[mark(entry) for entry in said if entry["label"] == label] for said in answers.label]
    return TypedAnswers(
        answers.item, answers.annotator, marks, answers.n_items, answers.n_annotators
    )
