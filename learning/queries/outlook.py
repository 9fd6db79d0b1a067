"""Where a project will end: when its labels will be there, what they will cost, and how the labels came in so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, IntegerField, QuerySet, Value
from django.utils import timezone

from labeling.models import Project, ProjectStatus
from labeling.queries import spent_micros
from learning.pace import Range, cost_at_end, pace, time_left
from learning.queries.figures import CurvePoint
from quality.models import Consensus, ConsensusState
from quality.queries import Progress
from quality.queries.settled import settled_between

MARKS = 24
RECENT = 6  # of the marks: the pace is that of the last quarter


@dataclass(frozen=True)
class Mark:
    """So many labels were settled until then."""

    at: datetime
    settled: int


@dataclass(frozen=True)
class Outlook:
    """``left`` labels that people still have to settle; None where too little has happened to say."""

    marks: list[Mark]
    left: int
    spent_micros: int
    seconds: Range | None
    cost_micros: Range | None


def outlook(project: Project, progress: Progress, *, working: bool) -> Outlook:
    """Seen from now. While nobody may answer, nothing is said about time; nothing comes after the end."""
    marks, spent = burn_up(project.pk), spent_micros(project.pk)
    ended = project.status == ProjectStatus.DONE
    left = 0 if ended else progress.open + progress.unanswered
    return Outlook(
        marks=marks,
        left=left,
        spent_micros=spent,
        seconds=time_left(left, _pace(marks)) if working else None,
        cost_micros=cost_at_end(spent, progress.settled, left, progress.votes),
    )


def burn_up(project_id: int) -> list[Mark]:
    """Settled labels over time, at marks of even distance; empty before the second label.

    One pass over the index ``consensus_by_state``, in as many ranges as there are marks.
    """
    settled = Consensus.objects.filter(project_id=project_id, state=ConsensusState.SETTLED)
    ends = settled_between(project_id)
    if ends is None:
        return []
    first, last = ends
    step = (last - first) / MARKS
    edges = [first + step * n for n in range(MARKS)] + [last]
    return _cumulated(edges, _counted(settled, edges))


def _counted(settled: QuerySet[Consensus], edges: list[datetime]) -> dict[int, int]:
    """By the number of the mark: labels after the edge before it, up to its own (the first with the start)."""
    parts = [
        settled.filter(settled_at__gt=edges[n] if n else edges[0] - timedelta(1))
        .filter(settled_at__lte=edges[n + 1])
        .order_by()
        .values(mark=Value(n, output_field=IntegerField()))
        .annotate(n=Count("pk"))
        for n in range(MARKS)
    ]
    return {row["mark"]: row["n"] for row in parts[0].union(*parts[1:], all=True)}


def _cumulated(edges: list[datetime], counts: dict[int, int]) -> list[Mark]:
    marks = [Mark(edges[0], 0)]
    for n in range(MARKS):
        marks.append(Mark(edges[n + 1], marks[-1].settled + counts.get(n, 0)))
    return marks


def _pace(marks: list[Mark]) -> Range | None:
    """Of the last quarter, to which the silence since then belongs."""
    if not marks:
        return None
    since = marks[-1 - RECENT]
    return pace(marks[-1].settled - since.settled, (timezone.now() - since.at).total_seconds())


@dataclass(frozen=True)
class Spent:
    """What had been spent when so many labels were settled."""

    labels: int
    micros: int


def spending(points: Iterable[CurvePoint]) -> list[Spent]:
    """As it was written down whenever the labels were judged, in the order of time."""
    judged = (point for point in points if point.name == "label_accuracy")
    return [Spent(p.labels, p.spent_micros) for p in judged if p.spent_micros is not None]
