"""What the pilot was like, beside what came after it.

Told apart by time: a label belongs to the pilot when its last answer came before the pilot ended. Answers and
money have gold among them on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Avg, Count, Sum

from labeling.models import Answer, LedgerEntry, Project
from labeling.queries.among import among
from learning.queries.gains import seconds_an_answer
from quality.models import Consensus, ConsensusState
from quality.queries import Progress

MOST_ANSWERS = 5_000  # of a pilot: it asks about some fifty items


@dataclass(frozen=True)
class Part:
    """Labels of one part of the work, and what they took. ``seconds``: median of an answer; None: unknown."""

    labels: int
    answers: int
    micros: int
    certainty: float | None
    seconds: float | None

    @property
    def answers_each(self) -> float | None:
        return self.answers / self.labels if self.labels else None

    @property
    def micros_each(self) -> float | None:
        return self.micros / self.labels if self.labels else None


@dataclass(frozen=True)
class Pilot:
    pilot: Part
    since: Part


def pilot_and_since(
    project: Project, done: Progress, certainty: float | None, spent: int
) -> Pilot | None:
    """None while there was no pilot, or nobody answered in it. ``certainty``: the mean of all settled labels."""
    if project.pilot_until is None:
        return None
    first = _first_answers(project.pk, project.pilot_until)
    if not first:
        return None
    pilot = _pilot(project.pk, project.pilot_until, first)
    since = Part(
        labels=max(0, done.settled - pilot.labels),
        answers=max(0, done.answers - pilot.answers),
        micros=spent - pilot.micros,
        certainty=_rest(certainty, done.settled, pilot),
        seconds=seconds_an_answer(project.pk) if done.answers > pilot.answers else None,
    )
    return Pilot(pilot, since)


def _first_answers(project_id: int, until: datetime) -> list[Any]:
    """Id and seconds of those before the pilot ended: the first by the index ``answers_of_project``."""
    rows = Answer.objects.filter(project_id=project_id, counted=True, revision=1).order_by("pk")
    first = rows.values_list("pk", "seconds", "created_at")[:MOST_ANSWERS]
    return [row[:2] for row in first if row[2] <= until]


def _pilot(project_id: int, until: datetime, answers: Sequence[Any]) -> Part:
    settled = Consensus.objects.filter(
        project_id=project_id, state=ConsensusState.SETTLED, settled_at__lte=until
    )
    labels = settled.aggregate(n=Count("*"), sure=Avg("confidence"))
    entries = LedgerEntry.objects.filter(answer_id__in=among(pk for pk, _ in answers))
    seconds = [taken for _, taken in answers if taken is not None]
    return Part(
        labels=labels["n"],
        answers=len(answers),
        micros=entries.aggregate(sum=Sum("amount_micros"))["sum"] or 0,
        certainty=labels["sure"],
        seconds=median(seconds) if seconds else None,
    )


def _rest(certainty: float | None, labels: int, pilot: Part) -> float | None:
    """The mean over the labels that are not of the pilot."""
    if certainty is None or labels <= pilot.labels:
        return None
    return (certainty * labels - (pilot.certainty or 0.0) * pilot.labels) / (labels - pilot.labels)
