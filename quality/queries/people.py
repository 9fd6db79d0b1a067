"""Everybody in a project as an auditor sees them: accuracy with interval, gold record, status, reason."""

from dataclasses import dataclass

from labeling.models import Enrollment
from quality.inference.intervals import share
from quality.models import Decision, Skill
from quality.queries.decisions import PAUSING


@dataclass(frozen=True)
class AnnotatorRow:
    """One annotator under the project's pseudonym. Accuracy is None while nothing is known."""

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


def annotators(project_id: int) -> list[AnnotatorRow]:
    """Sorted by the lower end of the accuracy interval, the doubtful first, the unknown last."""
    reasons = _reasons(project_id)
    skills = {skill.annotator_id: skill for skill in _skills(project_id)}
    enrollments = Enrollment.objects.filter(project_id=project_id).order_by("pk")
    rows = [
        _row(enrollment, skills.get(enrollment.annotator_id), reasons) for enrollment in enrollments
    ]
    return sorted(rows, key=lambda row: (row.low is None, row.low or 0.0, row.pseudonym))


def _skills(project_id: int) -> list[Skill]:
    return list(Skill.objects.filter(project_id=project_id).defer("confusion", "gold_test"))


def _reasons(project_id: int) -> dict[int, str]:
    """By annotator id: why a pause stands, as managers read it."""
    standing = Decision.objects.filter(
        project_id=project_id, action__in=PAUSING, reversed_at__isnull=True
    )
    return dict(standing.order_by("pk").values_list("annotator_id", "reason"))


def _row(enrollment: Enrollment, skill: Skill | None, reasons: dict[int, str]) -> AnnotatorRow:
    accuracy, low, high = _accuracy(skill)
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
    )


def _accuracy(skill: Skill | None) -> tuple[float | None, float | None, float | None]:
    """From the last refit; before the first, from gold alone."""
    if skill is None:
        return None, None, None
    if skill.accuracy is not None:
        return skill.accuracy, skill.accuracy_low, skill.accuracy_high
    gold = share(skill.gold_right, skill.gold_seen - skill.gold_right)
    return gold.value, gold.low, gold.high
