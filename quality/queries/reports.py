"""What an auditor reads about one person: how right, since when, how fast, how like others, what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labeling.models import Enrollment, Project
from labeling.queries import counted_answers, counted_answers_to
from quality.inference.answers import Bools, Floats
from quality.inference.estimate import Estimate
from quality.inference.intervals import share
from quality.models import Consensus, GoldResult, Skill
from quality.queries.answer_log import answer_seconds
from quality.queries.decided import DecisionRow, decisions
from quality.queries.findings import FoundRow, raised_findings
from quality.queries.handling import AS_LEARNED, handling
from quality.queries.labels import label_values_of
from quality.queries.people import AnnotatorRow, annotators

GOLD_WINDOW = 20
LATEST = 5_000  # answers that speed and agreement are read from


@dataclass(frozen=True)
class GoldPoint:
    """``right`` of ``answers`` gold answers up to the ``until``-th, with the 95 % interval of the share."""

    until: int
    answers: int
    right: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Speed:
    """Seconds an answer by the server's clock: the middle, and what nine of ten exceed and stay under.

    ``usual`` is the middle of everybody's latest answers in the project.
    """

    median: float | None
    low: float | None
    high: float | None
    usual: float | None


@dataclass(frozen=True)
class Alike:
    """How often others gave the same answer, where the person's is right and where it is wrong.

    Agreeing on what is right tells little; agreeing on errors more than others do is a sign of copying.
    """

    when_right: Estimate
    when_wrong: Estimate


@dataclass(frozen=True)
class AnnotatorReport:
    """``confusion[k][l]``: how often the person says label l where label k is right; None without codes.

    ``weight`` and ``set_accuracy`` are decisions about how votes are read, if any stands.
    """

    person: AnnotatorRow
    gold: list[GoldPoint]
    labels: list[str]
    confusion: list[list[float]] | None
    alike: Alike
    speed: Speed
    weight: float
    set_accuracy: float | None
    findings: list[FoundRow]
    decisions: list[DecisionRow]


def annotator_report(project: Project, pseudonym: str) -> AnnotatorReport | None:
    """None for a pseudonym that the project does not have."""
    enrollment = Enrollment.objects.filter(project=project, pseudonym=pseudonym).first()
    if enrollment is None:
        return None
    who = enrollment.annotator_id
    [row] = annotators(project.pk, only=[who])
    skill = Skill.objects.filter(project=project, annotator_id=who).first()
    handled = handling(project.pk).get(who, AS_LEARNED)
    values = label_values_of(project.pk)
    return AnnotatorReport(
        person=row,
        gold=gold_over_time(project.pk, who),
        labels=[values[code] for code in sorted(values)],
        confusion=skill.confusion if skill else None,
        alike=alike(project.pk, who),
        speed=speed(project.pk, who),
        weight=handled.weight,
        set_accuracy=handled.accuracy,
        findings=raised_findings(project.pk, who),
        decisions=list(decisions(project, annotator=pseudonym).rows),
    )


def gold_over_time(project_id: int, annotator_id: int) -> list[GoldPoint]:
    """The gold record in pieces of twenty answers, in order."""
    rows = GoldResult.objects.filter(project_id=project_id, annotator_id=annotator_id)
    right = list(rows.order_by("answer_id").values_list("right", flat=True))
    starts = range(0, len(right), GOLD_WINDOW)
    return [_point(right[start : start + GOLD_WINDOW], start) for start in starts]


def _point(part: Sequence[bool], start: int) -> GoldPoint:
    known = share(sum(part), len(part) - sum(part))
    return GoldPoint(start + len(part), len(part), sum(part), known.low, known.high)


def speed(project_id: int, annotator_id: int) -> Speed:
    """Of the latest answers."""
    seconds = _seconds(project_id, annotator_id)
    everybody = _seconds(project_id, None)
    usual = float(np.median(everybody)) if everybody.size else None
    if not seconds.size:
        return Speed(None, None, None, usual)
    low, middle, high = np.quantile(seconds, [0.1, 0.5, 0.9]).tolist()
    return Speed(middle, low, high, usual)


def _seconds(project_id: int, annotator_id: int | None) -> Floats:
    answers = counted_answers(project_id).order_by("-pk")
    if annotator_id is not None:
        answers = answers.filter(annotator_id=annotator_id)
    columns = ("annotator_id", "created_at", "assignment__created_at")
    rows = list(answers.values_list(*columns)[:LATEST])
    who = np.array([row[0] for row in rows], dtype=np.int64)
    answered = np.array([row[1].timestamp() for row in rows], dtype=np.float64)
    taken = np.array([row[2].timestamp() for row in rows], dtype=np.float64)
    return answer_seconds(who, answered, taken)


def alike(project_id: int, annotator_id: int) -> Alike:
    """Against what is believed now; of the latest answers to items that others answered too."""
    own = counted_answers(project_id).filter(annotator_id=annotator_id, label_code__isnull=False)
    said = dict(own.order_by("-pk").values_list("item_id", "label_code")[:LATEST])
    known = dict(
        Consensus.objects.filter(item_id__in=list(said), label_code__isnull=False).values_list(
            "item_id", "label_code"
        )
    )
    others = (
        counted_answers_to(known)
        .filter(label_code__isnull=False)
        .exclude(annotator_id=annotator_id)
        .values_list("item_id", "label_code")
    )
    rows = [(known[item] == said[item], code == said[item]) for item, code in others]
    table: Bools = np.array(rows, dtype=bool).reshape(-1, 2)
    return Alike(*(_share(table[table[:, 0] == right, 1]) for right in (True, False)))


def _share(same: Bools) -> Estimate:
    return share(int(same.sum()), int((~same).sum()))
