"""The list of projects, and one project's overview: how far it is, how good, what it cost."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jobs.models import LIVE
from jobs.queries import jobs_of_tenants
from labeling.amounts import money
from labeling.models import Project, ProjectStatus
from labeling.pages import framed, visible_project, wants_fragment
from labeling.plots import Point, draw
from labeling.queries import spent_micros
from learning.queries import CurvePoint, curve, learning_state
from quality.queries import expected_accuracy, progress

WORKING = (ProjectStatus.PILOT, ProjectStatus.LIVE)
JOBS_SHOWN = 12
MOVES = {
    ProjectStatus.DRAFT: ("pilot", "live"),
    ProjectStatus.PILOT: ("live", "paused", "done"),
    ProjectStatus.LIVE: ("paused", "done"),
    ProjectStatus.PAUSED: ("live", "done"),
    ProjectStatus.DONE: ("live",),
}
CURVES = {"label_accuracy": "labels", "model_accuracy": "model"}


@dataclass(frozen=True)
class Figure:
    name: str
    value: str
    note: str


@login_required
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    shown = Project.objects.visible_to(request.user).order_by("-id")
    return render(request, "learning/projects.html", {"site": "projects", "projects": shown})


@login_required
@require_safe
def overview(request: HttpRequest, project: str) -> HttpResponse:
    """The loop's state in figures, its learning curve and its jobs; only the fragment for htmx."""
    found = visible_project(request, project)
    part = "_overview" if wants_fragment(request) else "overview"
    link = request.build_absolute_uri(reverse("task-page", args=[found.public_id]))
    context = framed(request, found, "overview", task_link=link, **_context(found))
    return render(request, f"learning/{part}.html", context)


def _context(project: Project) -> dict[str, Any]:
    points, working = curve(project.pk), project.status in WORKING
    mine = jobs_of_tenants([project.organization_id])
    jobs = mine.filter(subject=f"project:{project.public_id}")[:JOBS_SHOWN]
    return {
        "working": working,
        "ended": project.status == ProjectStatus.DONE,
        "live": working or any(job.state in LIVE for job in jobs),
        "moves": _moves(ProjectStatus(project.status)),
        "sentence": project.stopped_because or learning_state(project.pk).sentence,
        "progress": progress(project.pk),
        "figures": _figures(project),
        "plot": draw({CURVES[name]: _points(points, name) for name in CURVES}),
        "curve_rows": [_row(point) for point in points if point.name in CURVES],
        "jobs": jobs,
    }


def _moves(now: ProjectStatus) -> dict[str, str]:
    """What the project can become, and what the button for it says."""
    again = {ProjectStatus.PAUSED: _("Resume"), ProjectStatus.DONE: _("Reopen")}
    words = {
        "pilot": _("Launch pilot"),
        "live": again.get(now, _("Launch")),
        "paused": _("Pause"),
        "done": _("End"),
    }
    return {status: words[status] for status in MOVES[now]}


def _figures(project: Project) -> list[Figure]:
    done, expected, learning = (
        progress(project.pk),
        expected_accuracy(project.pk),
        learning_state(project.pk),
    )
    spent = money(spent_micros(project.pk), project.currency)
    cap = (
        _("no cap")
        if project.budget_micros is None
        else money(project.budget_micros, project.currency)
    )
    return [
        Figure(
            _("Items settled"),
            f"{done.settled:,}",
            _("of %(total)s") % {"total": f"{done.total:,}"},
        ),
        Figure(_("Answers"), f"{done.answers:,}", _("gold questions included")),
        Figure(
            _("Expected accuracy"), _share(expected.value), _interval(expected.low, expected.high)
        ),
        Figure(_("Spent"), spent, cap),
        Figure(_("Model accuracy"), _share(learning.accuracy), _("on gold items")),
        Figure(_("Query rounds"), f"{learning.rounds:,}", project.get_status_display()),
    ]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}" if value < 0.99 else f"{value:.1%}"


def _interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return _("needs gold or settled items")
    return f"{low:.1%} – {high:.1%}"


def _points(points: list[CurvePoint], name: str) -> list[Point]:
    return [
        Point(point.answers, point.value, point.low, point.high)
        for point in points
        if point.name == name
    ]


def _row(point: CurvePoint) -> dict[str, str]:
    interval = "" if point.low is None else _interval(point.low, point.high)
    return {
        "name": CURVES[point.name],
        "answers": f"{point.answers:,}",
        "value": f"{point.value:.1%}",
        "interval": interval,
    }
