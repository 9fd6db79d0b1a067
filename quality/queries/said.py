"""Answers as values: what people said about some items, for label types without codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from labeling.queries import counted_answers, counted_answers_to
from quality.inference.typed_answers import Ints, TypedAnswers


@dataclass(frozen=True, eq=False)
class Said:
    """Counted answers that no decision set aside, in order of arrival.

    ``item_ids[i]`` and ``annotator_ids[a]`` are ascending, and each has an answer.
    """

    answers: TypedAnswers[Any]
    item_ids: Ints
    annotator_ids: Ints


def said_about(item_ids: Iterable[int]) -> Said:
    """What people said about these items."""
    rows = list(
        counted_answers_to(item_ids)
        .filter(set_aside__isnull=True)
        .order_by("pk")
        .values_list("item_id", "annotator_id", "value")
    )
    items, item = np.unique(_column(rows, 0), return_inverse=True)
    people, annotator = np.unique(_column(rows, 1), return_inverse=True)
    said = [value for _, _, value in rows]
    return Said(TypedAnswers(item, annotator, said, len(items), len(people)), items, people)


def companions(project_id: int, item_ids: Iterable[int], most: int) -> list[int]:
    """The first items that the people who answered these have answered: what tells how they answer."""
    asked = list(item_ids)
    people = counted_answers_to(asked).values("annotator_id")
    theirs = counted_answers(project_id).filter(annotator_id__in=people)
    items = theirs.order_by("item_id").values_list("item_id", flat=True).distinct()
    return list(items[:most])


def answered_items(project_id: int) -> list[int]:
    """Every item with a counted answer, ascending."""
    answers = counted_answers(project_id).order_by("item_id")
    return list(answers.values_list("item_id", flat=True).distinct())


def _column(rows: list[tuple[Any, ...]], n: int) -> Ints:
    return np.fromiter((row[n] for row in rows), dtype=np.int64, count=len(rows))
