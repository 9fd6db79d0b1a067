"""Everybody in a project as an auditor sees them: accuracy with interval, gold record, status, reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from labeling.models import Enrollment
from quality.inference.intervals import share
from quality.models import Decision, SetAside, Skill
from quality.queries.decisions import PAUSING


@dataclass(frozen=True)
class AnnotatorRow:
    """One annotator under the project's pseudonym. Accuracy is None while nothing is known.

    Of somebody with answers set aside it is what was observed on all their gold: what still counts would
    speak for the answers that were left, not for the person.
    """

    annotator_id: int
    pseudonym: str
    answers: int
    accuracy: float | None
    low: float | None
    high: float | None
    gold_right: int
    gold_seen: int
    status: str
    reason: str
    set_aside: int = 0


def _by_low(row: AnnotatorRow) -> tuple[Any, ...]:
    return (row.low is None, row.low or 0.0, row.pseudonym)


ORDERS: dict[str, Callable[[AnnotatorRow], tuple[Any, ...]]] = {
    "low": _by_low,
    "high": lambda row: (row.high is None, -(row.high or 0.0), row.pseudonym),
    "answers": lambda row: (-row.answers, row.pseudonym),
    "gold": lambda row: (-row.gold_seen, row.pseudonym),
    "pseudonym": lambda row: (row.pseudonym,),
}


def annotators(
    project_id: int,
    *,
    status: str | None = None,
    order: str = "low",
    only: Sequence[int] | None = None,
) -> list[AnnotatorRow]:
    """By default by the lower end of the accuracy interval, the doubtful first, the unknown last.

    Everybody, or of the annotator ids ``only``.
    """
    reasons, aside = _reasons(project_id), _set_aside(project_id)
    people = Q() if only is None else Q(annotator_id__in=list(only))
    skills = {skill.annotator_id: skill for skill in _skills(project_id).filter(people)}
    enrollments = Enrollment.objects.filter(people, project_id=project_id).order_by("pk")
    if status is not None:
        enrollments = enrollments.filter(status=status)
    rows = [
        _row(one, skills.get(one.annotator_id), reasons, aside.get(one.annotator_id, 0))
        for one in enrollments
    ]
    return sorted(rows, key=ORDERS[order])


def _set_aside(project_id: int) -> dict[int, int]:
    """By annotator id: answers that do not count."""
    rows = SetAside.objects.filter(decision__project_id=project_id).values("answer__annotator_id")
    counts = rows.annotate(n=Count("pk")).order_by()
    return {row["answer__annotator_id"]: row["n"] for row in counts}


def _skills(project_id: int) -> QuerySet[Skill]:
    return Skill.objects.filter(project_id=project_id).defer("confusion", "gold_test")


def _reasons(project_id: int) -> dict[int, str]:
    """By annotator id: why a pause stands, as managers read it."""
    standing = Decision.objects.filter(
        project_id=project_id, action__in=PAUSING, reversed_at__isnull=True
    )
    return dict(standing.order_by("pk").values_list("annotator_id", "reason"))


def _row(
    enrollment: Enrollment, skill: Skill | None, reasons: dict[int, str], set_aside: int
) -> AnnotatorRow:
    accuracy, low, high = _accuracy(skill, observed=set_aside > 0)
    return AnnotatorRow(
        annotator_id=enrollment.annotator_id,
        pseudonym=enrollment.pseudonym,
        answers=enrollment.answers,
        accuracy=accuracy,
        low=low,
        high=high,
        gold_right=skill.gold_right if skill else 0,
        gold_seen=skill.gold_seen if skill else 0,
        status=enrollment.status,
        reason=reasons.get(enrollment.annotator_id, enrollment.status_reason),
        set_aside=set_aside,
    )


def _accuracy(
    skill: Skill | None, *, observed: bool
) -> tuple[float | None, float | None, float | None]:
    """From the last refit; before the first, and where answers were set aside, from gold alone."""
    if skill is None:
        return None, None, None
    if skill.accuracy is not None and not observed:
        return skill.accuracy, skill.accuracy_low, skill.accuracy_high
    gold = share(skill.gold_right, skill.gold_seen - skill.gold_right)
    return gold.value, gold.low, gold.high
