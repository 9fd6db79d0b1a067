"""Answers as votes: counted, the last revision, and not set aside by a decision."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Max

from labeling.models import Label
from labeling.queries import AnswerArrays, answer_arrays, counted_answers_to
from quality.inference.answers import Answers, Ints
from quality.models import SetAside


@dataclass(frozen=True, eq=False)
class Ballots:
    """Answers with the row ids behind the codes, in order of arrival.

    ``item_ids[i]`` and ``annotator_ids[a]`` are ascending; ``answer_ids[v]`` belong to ``votes``.
    """

    votes: Answers
    answer_ids: Ints
    item_ids: Ints
    annotator_ids: Ints


def n_labels_of(project_id: int) -> int:
    """How many labels the project has, all versions of its label set together."""
    highest = Label.objects.filter(label_set__project_id=project_id).aggregate(top=Max("code"))
    return 0 if highest["top"] is None else highest["top"] + 1


def ballots_of_project(project_id: int, n_labels: int) -> Ballots:
    """Every vote of a project, work and gold, read in key ranges."""
    arrays = answer_arrays(project_id)
    aside = np.fromiter(
        SetAside.objects.filter(answer__project_id=project_id).values_list("answer_id", flat=True),
        dtype=np.int64,
    )
    kept = (arrays.label_code >= 0) & ~np.isin(arrays.answer_id, aside)
    columns = (arrays.answer_id, arrays.item_id, arrays.annotator_id, arrays.label_code)
    return ballots(AnswerArrays(*(column[kept] for column in columns)), n_labels)


def ballots_of_items(item_ids: Iterable[int], n_labels: int) -> Ballots:
    """The votes on some items; items without a vote are among ``item_ids`` all the same."""
    wanted = np.unique(np.fromiter(item_ids, dtype=np.int64))
    rows = (
        counted_answers_to(wanted.tolist())
        .filter(set_aside__isnull=True, label_code__isnull=False)
        .order_by("pk")
        .values_list("pk", "item_id", "annotator_id", "label_code")
    )
    table = np.array(list(rows), dtype=np.int64).reshape(-1, 4)
    return ballots(AnswerArrays(*table.T), n_labels, wanted)


def ballots(arrays: AnswerArrays, n_labels: int, item_ids: Ints | None = None) -> Ballots:
    """Codes for ids. ``item_ids`` (ascending) may name items that have no vote."""
    items = np.unique(arrays.item_id) if item_ids is None else item_ids
    people, who = np.unique(arrays.annotator_id, return_inverse=True)
    place = np.searchsorted(items, arrays.item_id)
    votes = Answers(place, who, arrays.label_code, len(items), len(people), n_labels)
    return Ballots(votes, arrays.answer_id, items, people)
