"""What one annotator may know: the projects open to them, and their own work and money."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Sum

from accounts.models import User
from labeling.models import (
    Answer,
    Assignment,
    AssignmentState,
    Enrollment,
    EnrollmentStatus,
    Instructions,
    LabelSet,
    LedgerEntry,
    Project,
    ProjectStatus,
)
from labeling.models.projects import ProjectQuerySet
from labeling.queries.admission import may_work

ANSWERS_FOR_MEDIAN = 1000


@dataclass(frozen=True)
class OpenProject:
    """A project as an annotator sees it; ``why_not`` says why no work is handed out, if so."""

    project: Project
    instructions: str
    configuration: dict[str, Any]
    median_seconds: float | None
    done: int
    why_not: str | None


@dataclass(frozen=True)
class MyProject:
    """What a person has done and earned in one project; money in micro-units."""

    project: Project
    done: int
    paid_micros: int
    pending_micros: int
    status: str
    reason: str


def open_projects(user: User, projects: Iterable[Project]) -> list[OpenProject]:
    """What the person sees of these projects, which are open to them. Four queries, however many they
    are, and one or two for each that asks who may work.
    """
    projects = list(projects)
    texts = _texts(projects)
    configurations = _configurations(projects)
    seconds = _median_seconds(projects)
    enrolled = Enrollment.objects.filter(annotator=user, project__in=projects)
    mine = {enrollment.project_id: enrollment for enrollment in enrolled}
    return [
        OpenProject(
            project=project,
            instructions=texts.get(project.pk, ""),
            configuration=configurations.get(project.pk, {}),
            median_seconds=seconds.get(project.pk),
            done=mine[project.pk].answers if project.pk in mine else 0,
            why_not=_why_not(user, project, mine.get(project.pk)),
        )
        for project in projects
    ]


def worked_in(user: User) -> ProjectQuerySet:
    """Every project that this person has worked in, also what is over."""
    return Project.objects.filter(enrollments__annotator=user)


def my_projects(user: User, projects: Iterable[Project]) -> list[MyProject]:
    """The person's own work in these projects, in the order in which they began it. Three queries."""
    among = {"annotator": user, "project__in": list(projects)}
    enrollments = Enrollment.objects.filter(**among).select_related("project").order_by("pk")
    entries = LedgerEntry.objects.filter(**among)
    leased = Assignment.objects.filter(**among, state=AssignmentState.LEASED)
    paid, pending = _sums(entries, "amount_micros"), _sums(leased, "price_micros")
    return [
        MyProject(
            project=enrollment.project,
            done=enrollment.answers,
            paid_micros=paid.get(enrollment.project_id, 0),
            pending_micros=pending.get(enrollment.project_id, 0),
            status=enrollment.status,
            reason=enrollment.status_reason,
        )
        for enrollment in enrollments
    ]


def _sums(rows: Any, amount: str) -> dict[int, int]:
    sums = rows.values("project_id").annotate(sum=Sum(amount)).order_by()
    return {row["project_id"]: row["sum"] for row in sums}


def _why_not(user: User, project: Project, enrollment: Enrollment | None) -> str | None:
    if project.status == ProjectStatus.PAUSED:
        return "paused"
    if project.status == ProjectStatus.DONE:
        return "done"
    if enrollment and enrollment.status != EnrollmentStatus.ACTIVE:
        return "you_are_paused"
    return None if may_work(project, user.pk) else "not_admitted"


def _texts(projects: Sequence[Project]) -> dict[int, str]:
    current = {(project.pk, project.instructions_version) for project in projects}
    rows = Instructions.objects.filter(project__in=projects)
    return {row.project_id: row.text for row in rows if (row.project_id, row.version) in current}


def _configurations(projects: Sequence[Project]) -> dict[int, dict[str, Any]]:
    current = {(project.pk, project.label_set_version) for project in projects}
    rows = LabelSet.objects.filter(project__in=projects)
    return {
        row.project_id: row.configuration
        for row in rows
        if (row.project_id, row.version) in current
    }


def _median_seconds(projects: Iterable[Project]) -> dict[int, float]:
    """Of the latest answers: what the task takes now."""
    latest = Answer.objects.filter(project__in=list(projects), seconds__isnull=False).order_by(
        "-pk"
    )
    times: dict[int, list[float]] = defaultdict(list)
    for project_id, seconds in latest.values_list("project_id", "seconds")[:ANSWERS_FOR_MEDIAN]:
        times[project_id].append(seconds or 0.0)
    return {project_id: round(median(each), 1) for project_id, each in times.items()}
