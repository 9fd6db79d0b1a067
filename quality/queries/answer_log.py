"""All answers of a project as the survey of its people reads them: in order, with times by our own clock.

The time of an answer is that since the same person's last answer, or since the seat was taken if that
came later. Answers that arrive together share the time evenly: nobody can be accused for sending a batch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from labeling.queries import counted_answers
from quality.inference.answers import Floats, Ints
from quality.inference.people.survey import AnswerLog
from quality.models import SetAside
from quality.queries.decisions import forgiven
from quality.queries.labels import known_codes
from quality.queries.votes import n_labels_of

KEYS_AT_ONCE = 20_000
TOGETHER = 0.05  # seconds: answers of one person that came so near each other came in one batch
LEAST_USUAL = (
    1.0  # seconds: where a task takes less, answers are given by programs and time says nothing
)

Table = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ProjectLog:
    """``log`` with the row ids behind its codes. ``seconds[v]``; ``label`` is -1 without codes."""

    log: AnswerLog
    answer_ids: Ints
    item_ids: Ints
    annotator_ids: Ints
    seconds: Floats

    @cached_property
    def _by_person(self) -> list[Ints]:
        order = np.argsort(self.log.annotator, kind="stable")
        edges = np.searchsorted(self.log.annotator[order], np.arange(1, self.log.n_annotators))
        return np.split(self.answer_ids[order], edges)

    def answers_of(self, annotator: int) -> Ints:
        """Ids of one person's answers, in order."""
        return self._by_person[annotator]


def read_log(project_id: int) -> ProjectLog:
    """Counted answers that stand and were not forgiven; read in key ranges."""
    parts = list(_parts(project_id))
    table = np.concatenate(parts) if parts else np.empty((0, 6))
    table = table[_standing(project_id, table)]
    answer_ids, item_id, annotator_id, label = (table[:, c].astype(np.int64) for c in range(4))
    items, item = np.unique(item_id, return_inverse=True)
    people, annotator = np.unique(annotator_id, return_inverse=True)
    seconds = answer_seconds(annotator, table[:, 4], table[:, 5])
    usual = float(np.median(seconds)) if seconds.size else 0.0
    log = AnswerLog(
        item=item.astype(np.int64),
        annotator=annotator.astype(np.int64),
        label=label,
        gold=known_codes(project_id, items),
        n_annotators=len(people),
        n_labels=n_labels_of(project_id),
        seconds=seconds if usual >= LEAST_USUAL else None,
    )
    return ProjectLog(log, answer_ids, items, people, seconds)


def _parts(project_id: int) -> Iterator[Table]:
    """float64[answer, (id, item, annotator, label, answered, seat taken)], range by range."""
    last = 0
    while rows := list(_after(project_id, last)):
        last = rows[-1][0]
        yield np.array(
            [
                (pk, item, who, -1 if label is None else label, at.timestamp(), taken.timestamp())
                for pk, item, who, label, at, taken in rows
            ],
            dtype=np.float64,
        )


def _after(project_id: int, answer_id: int):  # type: ignore[no-untyped-def]
    answers = counted_answers(project_id).filter(pk__gt=answer_id).order_by("pk")
    columns = ("pk", "item_id", "annotator_id", "label_code", "created_at")
    return answers.values_list(*columns, "assignment__created_at")[:KEYS_AT_ONCE]


def _standing(project_id: int, table: Table) -> NDArray[np.bool_]:
    aside = SetAside.objects.filter(answer__project_id=project_id)
    ids = np.fromiter(aside.values_list("answer_id", flat=True), dtype=np.int64)
    stands = ~np.isin(table[:, 0], ids)
    people = np.unique(table[:, 2]).astype(np.int64).tolist()
    for who, until in forgiven(project_id, people).items():
        stands &= (table[:, 2] != who) | (table[:, 0] > max(until))
    return stands


def answer_seconds(annotator: Ints, answered: Floats, taken: Floats) -> Floats:
    """[v]: how long each answer took, of times in seconds."""
    order = np.lexsort((answered, annotator))
    who, at, since = annotator[order], answered[order], taken[order]
    first = np.r_[True, (who[1:] != who[:-1]) | (np.diff(at) > TOGETHER)][: at.size]
    starts = np.flatnonzero(first)
    size = np.diff(np.r_[starts, at.size])
    if not at.size:
        return np.empty(0)
    seat = np.minimum.reduceat(since, starts)
    same = np.r_[False, who[starts][1:] == who[starts][:-1]]
    before = np.where(same, np.r_[0.0, at[starts[1:] - 1]], 0.0)
    took = np.maximum(at[starts] - np.maximum(seat, before), 0.0) / size
    seconds = np.empty(at.size)
    seconds[order] = np.repeat(took, size)
    return seconds
