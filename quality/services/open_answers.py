"""What open answers amount to: a value for each item, who agrees with it, and how likely it is right.

Items are merged some dozens at a time, together with the first items that the same people answered, so
that the model of the type knows the people; the result depends on rows alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from labeling.label_types import Json, label_type
from labeling.models import Project
from labeling.queries import label_set
from quality.inference.agreeing import ANCHOR, confidence
from quality.inference.answers import Bools, Floats, Ints
from quality.label_types import Merge
from quality.models import GoldAnswer, Skill
from quality.queries.said import companions, said_about

ITEMS_AT_ONCE = 50
COMPANIONS = 50


@dataclass(frozen=True, eq=False)
class Merged:
    """Some items with their value; ``item``, ``annotator_id`` and ``agrees`` are [answer].

    ``known[i]``: the value is gold. ``item`` holds places in ``item_ids``.
    """

    item_ids: list[int]
    values: list[Json]
    known: Bools
    item: Ints
    annotator_id: Ints
    agrees: Bools

    def answers_per_item(self) -> Ints:
        return np.bincount(self.item, minlength=len(self.item_ids)).astype(np.int64)


def merged(project: Project, merge: Merge, item_ids: Iterable[int]) -> Iterator[Merged]:
    """The answered ones among the items, part by part."""
    rest = iter(sorted(item_ids))
    while some := list(islice(rest, ITEMS_AT_ONCE)):
        yield _merged(project, merge, some)


def confidences(project: Project, part: Merged) -> Floats:
    """[i]: how likely each value is right, by the stored accuracy of who agrees with it."""
    known = Skill.objects.filter(project=project, accuracy__isnull=False)
    people = dict(
        known.filter(annotator_id__in=np.unique(part.annotator_id).tolist()).values_list(
            "annotator_id", "accuracy"
        )
    )
    accuracy = np.array(
        [people.get(who, ANCHOR) for who in part.annotator_id.tolist()], dtype=float
    )
    return confidence(part.item, part.agrees, accuracy, len(part.item_ids))


def _merged(project: Project, merge: Merge, item_ids: list[int]) -> Merged:
    """The values of these items that have an answer; of gold items, the known ones."""
    context = companions(project.pk, item_ids, COMPANIONS)
    said = said_about({*item_ids, *context})
    answers, ids = said.answers, said.item_ids.tolist()
    configuration = label_set(project.pk, project.label_set_version).configuration
    values = _unanimous_or(
        merge.values(configuration, answers) if ids else [], answers.label, answers.item
    )
    gold = _gold(item_ids)
    values = [gold.get(pk, value) for pk, value in zip(ids, values, strict=True)]
    place = {pk: n for n, pk in enumerate(pk for pk in ids if pk in set(item_ids))}
    rows = [r for r, i in enumerate(answers.item.tolist()) if ids[i] in place]
    agrees = label_type(project.label_type).agrees
    right = [agrees(configuration, answers.label[r], values[answers.item[r]]) for r in rows]
    return Merged(
        item_ids=list(place),
        values=[value for pk, value in zip(ids, values, strict=True) if pk in place],
        known=np.array([pk in gold for pk in place], dtype=bool),
        item=np.array([place[ids[answers.item[r]]] for r in rows], dtype=np.int64),
        annotator_id=said.annotator_ids[answers.annotator[rows]],
        agrees=np.array(right, dtype=bool),
    )


def _unanimous_or(values: list[Json], said: Sequence[Json], item: Ints) -> list[Json]:
    """Where everybody said the same, that; a merge may lose what it does not model."""
    every: list[list[Json]] = [[] for _ in values]
    for i, answer in zip(item.tolist(), said, strict=True):
        every[i].append(answer)
    return [
        answers[0] if all(answer == answers[0] for answer in answers) else value
        for value, answers in zip(values, every, strict=True)
    ]


def _gold(item_ids: Iterable[int]) -> dict[int, Json]:
    used = GoldAnswer.objects.filter(item_id__in=list(item_ids), retired_at__isnull=True)
    return dict(used.values_list("item_id", "value"))
