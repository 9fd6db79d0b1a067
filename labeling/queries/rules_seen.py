"""Who has worked under the present instructions and labels, and who will meet them with the next item."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from labeling.models import Answer, Enrollment, EnrollmentStatus, Project


@dataclass(frozen=True)
class Seen:
    """Pseudonyms of people at work: whose last answer was ``under`` the present version, and who are ``to_see`` it."""

    under: Sequence[str]
    to_see: Sequence[str]


@dataclass(frozen=True)
class RulesSeen:
    instructions: Seen
    labels: Seen


def rules_seen(project: Project) -> RulesSeen:
    """Of active people who have answered before. One look-up each by ``answers_of_person``; one statement."""
    last = Answer.objects.filter(project=project, annotator=OuterRef("annotator")).order_by("-pk")
    people = Enrollment.objects.filter(
        project=project, status=EnrollmentStatus.ACTIVE, answers__gt=0
    ).order_by("pseudonym")
    rows = list(
        people.values_list(
            "pseudonym",
            Subquery(last.values("assignment__instructions_version")[:1]),
            Subquery(last.values("assignment__label_set_version")[:1]),
        )
    )
    return RulesSeen(
        _seen([(name, told) for name, told, _ in rows], project.instructions_version),
        _seen([(name, asked) for name, _, asked in rows], project.label_set_version),
    )


def _seen(rows: Sequence[tuple[str, int | None]], now: int) -> Seen:
    return Seen(
        [name for name, version in rows if version == now],
        [name for name, version in rows if version != now],
    )
