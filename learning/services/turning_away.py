"""People clearly below the crowd get no more questions, and get them again when the evidence changes.

Whom is decided by ``decision.who_may_answer``: everybody's answers are compared with what the others and
the gold say. It is judged anew after every fit, in both directions. Where too few would be left, the best of
those below the line stay.

This is about where money is spent best, not about conduct: no answer is set aside, no pay is held, and a
pause that quality has decided on is never lifted here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jobs.running import Run
from labeling.models import Enrollment, EnrollmentStatus, Project, ProjectStatus
from labeling.services import people
from learning import kinds
from learning.decision import who_may_answer
from learning.models import Plan, TurnedAway
from learning.queries.agreeing import Standing, standing_of
from learning.services.asking import ask
from quality.models import Decision
from quality.queries.decisions import PAUSING

LEAST_LEFT = 3  # people; and never fewer than an item may have answers
NO_QUESTIONS = "There are no more questions for you in this project at the moment."


@dataclass(frozen=True)
class Changed:
    """How many people were turned away, and how many got questions again."""

    away: int
    back: int


def ask_where_due() -> int:
    """Ask for a job in each running project whose skills were fitted since people were last judged."""
    unlike = ~Q(people_judged_at=F("project__fit__version")) & Q(turn_away=True)
    switched_off = Q(turn_away=False, project__enrollments__turned_away__ended_at__isnull=True)
    standing = Q(project__enrollments__turned_away__isnull=False)
    running = Plan.objects.filter(project__status__in=(ProjectStatus.LIVE, ProjectStatus.PILOT))
    due = running.filter(
        (unlike & Q(project__fit__version__gt=0)) | (switched_off & standing)
    ).distinct()
    for plan in due.select_related("project"):
        ask(kinds.PEOPLE, plan.project)
    return len(due)


def judge_people(run: Run) -> dict[str, int]:
    """The handler."""
    plan = Plan.objects.select_related("project").get(project_id=int(run.arguments["project_id"]))
    standing = standing_of(plan.project_id) if plan.turn_away else None
    with run.fenced():
        changed = _follow(plan.project, standing)
        version = standing.version if standing else 0
        Plan.objects.filter(pk=plan.pk).update(people_judged_at=version)
    return {"away": changed.away, "back": changed.back}


def _follow(project: Project, standing: Standing | None) -> Changed:
    """Without a standing everybody may answer."""
    enrollments = _enrollments(project, standing)
    below = _below(project, enrollments, standing) if standing else {}
    away = sum(_turn_away(one, *below[one.pk]) for one in enrollments if one.pk in below)
    back = [row for row in _standing_rows(project) if row.enrollment_id not in below]
    return Changed(away, sum(_let_back(row) for row in back))


def _enrollments(project: Project, standing: Standing | None) -> list[Enrollment]:
    """Of the people with votes, in the order of the standing; locked one by one later."""
    if standing is None:
        return []
    rows = Enrollment.objects.filter(
        project=project, annotator_id__in=standing.annotator_ids.tolist()
    )
    return list(rows.select_related("annotator", "project").order_by("annotator_id"))


def _below(
    project: Project, enrollments: Sequence[Enrollment], standing: Standing
) -> dict[int, tuple[float, float]]:
    """Enrollment to (right, judged) of those who get no questions."""
    place = np.searchsorted(standing.annotator_ids, [one.annotator_id for one in enrollments])
    right, judged = standing.right[place], standing.judged[place]
    allowed = who_may_answer(right, judged, standing.n_labels)
    most = _left_out_at_most(project)
    worst_first = np.argsort((right + 1) / (judged + 2), kind="stable")
    out = [n for n in worst_first.tolist() if not allowed[n]][:most]
    return {enrollments[n].pk: (float(right[n]), float(judged[n])) for n in out}


def _left_out_at_most(project: Project) -> int:
    """Those who are paused for other reasons answer nothing anyway."""
    away = {row.enrollment_id for row in _standing_rows(project)}
    could = Enrollment.objects.filter(
        Q(status=EnrollmentStatus.ACTIVE) | Q(pk__in=away), project=project
    )
    return max(0, could.count() - max(LEAST_LEFT, project.seats_max))


def _turn_away(enrollment: Enrollment, right: float, judged: float) -> int:
    people.lock_person(enrollment.project_id, enrollment.annotator_id)
    if not people.pause(enrollment.project, enrollment.annotator, NO_QUESTIONS):
        return 0
    TurnedAway.objects.update_or_create(
        enrollment=enrollment, ended_at=None, defaults={"right": right, "judged": judged}
    )
    return 1


def _let_back(row: TurnedAway) -> int:
    """A pause that somebody else has decided on meanwhile stays."""
    one = row.enrollment
    people.lock_person(one.project_id, one.annotator_id)
    TurnedAway.objects.filter(pk=row.pk).update(ended_at=timezone.now())
    decided = Decision.objects.filter(
        project=one.project, annotator=one.annotator, action__in=PAUSING, reversed_at__isnull=True
    )
    ours = Enrollment.objects.filter(pk=one.pk, status_reason=NO_QUESTIONS)
    if decided.exists() or not ours.exists():
        return 0
    return int(people.reinstate(one.project, one.annotator))


def _standing_rows(project: Project) -> "QuerySet[TurnedAway]":
    rows = TurnedAway.objects.filter(enrollment__project=project, ended_at__isnull=True)
    return rows.select_related("enrollment__annotator", "enrollment__project").order_by("pk")
