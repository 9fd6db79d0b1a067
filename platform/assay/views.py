"""Pages that belong to no app alone: the start page, jumping to a place, all long work of one's organizations."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import MANAGERS, STAFF, organizations_of, roles_of
from assay.places import places
from jobs.models import LIVE, Job, State
from jobs.queries import jobs_of_tenants
from jobs.services import JobBusy, cancel, retry
from labeling.models import Project
from labeling.pages import person_of, wants_fragment

JOBS_A_PAGE = 50
STATES = {
    "": Q(),
    "live": Q(state__in=LIVE),
    "failed": Q(state=State.FAILED),
    "done": Q(state=State.DONE),
    "cancelled": Q(state=State.CANCELLED),
}


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Sends everybody to where their work is."""
    roles = roles_of(request.user)
    if roles.staff:
        return redirect("projects")
    return redirect("review-projects" if roles.reviewer and not roles.annotator else "tasks")


@login_required
@require_safe
def jump(request: HttpRequest) -> HttpResponse:
    """Places whose name fits the words, for those who look after projects; only the list for htmx."""
    if not roles_of(request.user).staff:
        raise Http404
    words, named = request.GET.get("words", "")[:100], request.GET.get("project", "")
    project = Project.objects.visible_to(request.user).filter(public_id=named).first()
    found = places(person_of(request), words, project)
    context = {"places": found, "words": words, "project": project}
    part = "_places" if wants_fragment(request) else "jump"
    return render(request, f"assay/{part}.html", context)


@login_required
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """All long work of my organizations, newest first; only the list for htmx."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    mine = _my_jobs(request, STAFF)
    rows = list(_page(mine, request.GET.get("before", "")).filter(STATES[state])[: JOBS_A_PAGE + 1])
    shown = rows[:JOBS_A_PAGE]
    context: dict[str, Any] = {
        "site": "jobs",
        "jobs": shown,
        "projects": _projects_of(request, shown),
        "state": state,
        "states": _state_names(),
        "before": request.GET.get("before", ""),
        "next": shown[-1].public_id if len(rows) > JOBS_A_PAGE else "",
        "managed": set(organizations_of(request.user, MANAGERS).values_list("pk", flat=True)),
        "live": any(job.state in LIVE for job in shown),
    }
    part = "_all_jobs" if wants_fragment(request) else "jobs"
    return render(request, f"assay/{part}.html", context)


@login_required
@require_POST
def change_job(request: HttpRequest, job: str, job_act: str) -> HttpResponse:
    """Stop a job, or let one that ended without success try again."""
    found = get_object_or_404(_my_jobs(request, MANAGERS), public_id=job)
    if job_act not in JOB_ACTS:
        raise Http404
    JOB_ACTS[job_act](request, found)
    return redirect("jobs")


def _stop(request: HttpRequest, job: Job) -> None:
    if cancel(job):
        messages.success(request, _("Stopped. What it had already stored stays."))
    else:
        messages.error(request, _("It had ended before."))


def _try_again(request: HttpRequest, job: Job) -> None:
    try:
        retry(job)
        messages.success(request, _("It starts again in a moment."))
    except JobBusy:
        messages.error(request, _("The same work is waiting or running already."))


JOB_ACTS = {"stop": _stop, "retry": _try_again}


def _my_jobs(request: HttpRequest, roles: tuple[str, ...]) -> QuerySet[Job]:
    tenants = organizations_of(request.user, roles).values_list("pk", flat=True)
    return jobs_of_tenants(list(tenants))


def _page(mine: QuerySet[Job], before: str) -> QuerySet[Job]:
    last = mine.filter(public_id=before).values_list("pk", flat=True).first()
    return mine.filter(pk__lt=last) if last else mine


def _state_names() -> dict[str, str]:
    return {
        "": _("All"),
        "live": _("Waiting or running"),
        "failed": _("Failed"),
        "done": _("Done"),
        "cancelled": _("Stopped"),
    }


def _projects_of(request: HttpRequest, rows: list[Job]) -> dict[str, Project]:
    """The projects that these jobs are about, by the jobs' subject."""
    ids = {job.subject.removeprefix("project:") for job in rows}
    found = Project.objects.visible_to(request.user).filter(public_id__in=ids)
    return {f"project:{project.public_id}": project for project in found}
