"""One project's overview: how far it is, how good, what it cost, and how it will end."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jobs.models import LIVE
from jobs.queries import jobs_of_tenants
from labeling.models import Project, ProjectStatus
from labeling.pages import framed, visible_project, wants_fragment
from labeling.queries.queue import Queue, queue
from labeling.services.exporting import defused
from learning.queries import CurvePoint, curve, learning_state, thinned_curve
from learning.queries.outlook import Outlook, outlook, spending
from learning.queries.pilot import pilot_and_since
from learning.views import charts, crowd_charts
from learning.views.alerts import alerts
from learning.views.beside import people_rows, pilot_table
from learning.views.figures import WORKING, figures
from learning.views.model_charts import model_charts
from quality.models import ConsensusState
from quality.queries.agreed import agreed
from quality.queries.extremes import extremes
from quality.queries.labels import label_values_of
from quality.queries.progress import Progress, Standing, progress_at, promise_at, standing_of
from quality.queries.sampled import agreeing, sampled

JOBS_SHOWN = 4
MOVES = {
    ProjectStatus.DRAFT: ("pilot", "live"),
    ProjectStatus.PILOT: ("live", "paused", "done"),
    ProjectStatus.LIVE: ("paused", "done"),
    ProjectStatus.PAUSED: ("live", "done"),
    ProjectStatus.DONE: ("live",),
}


@login_required
@require_safe
def overview(request: HttpRequest, project: str) -> HttpResponse:
    """The loop's state in figures, four charts and its jobs; htmx refreshes only those.

    Below stands what changes slowly: it is read once for each look at the page.
    """
    found = visible_project(request, project)
    link = request.build_absolute_uri(reverse("task-page", args=[found.public_id]))
    seen = _seen(found)
    context = framed(request, found, "overview", task_link=link, **_context(found, seen))
    if wants_fragment(request):
        return render(request, "learning/_overview.html", context)
    return render(request, "learning/overview.html", {**context, **_below(found, seen)})


@login_required
@require_safe
def chart_file(request: HttpRequest, project: str, chart: str) -> HttpResponse:
    """The numbers behind one chart, as CSV."""
    found = visible_project(request, project)
    points = curve(found.pk)
    every = [*_charts(found, _seen(found), points), *_slow_charts(found)]
    every += model_charts(found, points)
    drawn = {one.key: one for one in every}
    if chart not in drawn:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{chart}.csv"'
    rows = [drawn[chart].headers, *drawn[chart].rows]
    csv.writer(response).writerows([defused(cell) for cell in row] for row in rows)
    return response


@dataclass(frozen=True)
class Seen:
    """What several parts of the page are made of, read once."""

    standing: Standing
    progress: Progress
    outlook: Outlook
    waiting: Queue


def _seen(project: Project) -> Seen:
    standing = standing_of(project.pk)
    done = progress_at(standing)
    return Seen(
        standing,
        done,
        outlook(project, done, working=project.status in WORKING),
        queue(project.pk, standing.items),
    )


def _charts(project: Project, seen: Seen, points: Sequence[CurvePoint]) -> list[charts.Chart]:
    """Of the part that is refreshed."""
    return [
        charts.burn_up(seen.outlook),
        charts.learning_curve(points),
        crowd_charts.waiting_for(
            seen.waiting,
            any_items=seen.progress.total > 0,
            ended=project.status == ProjectStatus.DONE,
        ),
        charts.spend(project, spending(points), seen.progress.settled, seen.outlook),
    ]


def _slow_charts(project: Project) -> list[charts.Chart]:
    sample = sampled(project.pk)
    return [
        crowd_charts.label_mix(sample.bins, label_values_of(project.pk)),
        crowd_charts.unanimity(agreeing(sample.labels)),
        charts.agreement(agreed(project.pk)),
    ]


def _below(project: Project, seen: Seen) -> dict[str, Any]:
    settled = seen.standing.counts.get(ConsensusState.SETTLED, {})
    pilot = pilot_and_since(
        project, seen.progress, settled.get("confidence"), seen.outlook.spent_micros
    )
    return {
        "slow_charts": _slow_charts(project),
        "pilot": pilot_table(project, pilot) if pilot else [],
        "people": people_rows(extremes(project.pk)),
    }


def _context(project: Project, seen: Seen) -> dict[str, Any]:
    working = project.status in WORKING
    mine = jobs_of_tenants([project.organization_id])
    jobs = mine.filter(subject=f"project:{project.public_id}")[:JOBS_SHOWN]
    done, promise = seen.progress, promise_at(seen.standing)
    return {
        "working": working,
        "ended": project.status == ProjectStatus.DONE,
        "live": working or any(job.state in LIVE for job in jobs),
        "moves": _moves(ProjectStatus(project.status)),
        "sentence": project.stopped_because or learning_state(project.pk).sentence,
        "progress": done,
        "alerts": alerts(project, done, seen.outlook),
        "figures": figures(
            project, done, seen.outlook, promise, agreed(project.pk), waiting=seen.waiting
        ),
        "charts": _charts(project, seen, thinned_curve(project.pk, charts.CURVES)),
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
