"""What a project asks, remembered: answers are checked before the database is asked anything.

A version of a label set never changes, so what is remembered is never wrong. It can only be another
version than the one that a seat was given under: the turn compares, and then does nothing.
"""

import json
from dataclasses import dataclass
from typing import Any

from labeling.label_types import InvalidAnswer, Json, LabelType, label_type
from labeling.models import Assignment, LabelSet, Project

REMEMBERED = 1000


@dataclass(frozen=True)
class Question:
    """The current version of what is asked.

    ``closed``: the answers are a closed set of labels, so the label set alone decides what fits. Answers
    of other types are judged with the item at hand, by the reference.
    """

    version: int
    kind: LabelType
    configuration: dict[str, Any]
    closed: bool


_questions: dict[str, Question] = {}


def question(project: str) -> Question | None:
    """The question of the project with this public id; None if there is no such project."""
    return _questions.get(project) or _look_up(project)


def forget(project: str) -> None:
    """It is asked differently by now."""
    _questions.pop(project, None)


def project_of_seat(assignment: str) -> str | None:
    """Public id of the project in which the seat was given."""
    seats = Assignment.objects.filter(public_id=assignment)
    return seats.values_list("project__public_id", flat=True).first()


def canonical(asked: Question, value: Json) -> tuple[str, int | None] | None:
    """The answer as JSON text with its label code; None if it is for the reference to judge."""
    if not asked.closed:
        return None
    try:
        answer = asked.kind.canonical(asked.configuration, value, {})
    except InvalidAnswer:
        return None
    return json.dumps(answer.value), answer.label_code


def _look_up(project: str) -> Question | None:
    found = Project.objects.filter(public_id=project).first()
    if found is None:
        return None
    kind = label_type(found.label_type)
    label_set = LabelSet.objects.filter(project=found, version=found.label_set_version).first()
    if label_set is None:
        return None
    closed = bool(kind.label_values(label_set.configuration))
    asked = Question(label_set.version, kind, label_set.configuration, closed)
    if len(_questions) >= REMEMBERED:
        _questions.clear()
    _questions[project] = asked
    return asked
