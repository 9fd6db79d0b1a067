"""Files on their way to becoming items: live progress, and what is wrong row by row."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jobs.models import LIVE, Job
from labeling.errors import Refused
from labeling.models import Import, ImportState, Project
from labeling.pages import (
    around,
    framed,
    managed_project,
    page_number,
    person_of,
    visible_project,
    wants_fragment,
)
from labeling.services.importing import KIND, accept_file

LISTED = 50


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, project: str) -> HttpResponse:
    """The files of a project, newest first, and the form that takes another."""
    if request.method == "POST":
        return _take(request, managed_project(request, project))
    return _list(request, visible_project(request, project))


def _list(request: HttpRequest, project: Project, problem: str = "") -> HttpResponse:
    start = (page_number(request) - 1) * LISTED
    mine = Import.objects.filter(project=project).order_by("-pk")
    rows = list(mine[start : start + LISTED + 1])
    files, pages = rows[:LISTED], around(request, more=len(rows) > LISTED)
    ended = _ended(project, files)
    kept = {"ended": ended, "keep_good": "keep_good" in request.POST, "problem": problem}
    context = framed(request, project, "items", files=files, pages=pages, **kept)
    return render(request, "labeling/imports.html", context)


def _ended(project: Project, files: list[Import]) -> set[str]:
    """Files whose job was stopped or failed: they wait for nothing any more."""
    waiting = {file.public_id for file in files if file.state == ImportState.WAITING}
    if not waiting:
        return waiting
    jobs = Job.objects.filter(subject=f"project:{project.public_id}", kind=KIND, state__in=LIVE)
    return waiting - {job.arguments.get("import") for job in jobs}


def _take(request: HttpRequest, project: Project) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return _list(request, project, _("Choose a file first."))
    name, keep_good = file.name or "", "keep_good" in request.POST
    try:
        upload, _job = accept_file(
            project, file.chunks(), name, keep_good=keep_good, actor=person_of(request)
        )
    except Refused as refused:
        return _list(request, project, f"{name} {refused.message}")
    messages.success(request, _("The file is kept. Its rows are being read."))
    return redirect("import-page", project.public_id, upload.public_id)


@login_required
@require_safe
def import_page(request: HttpRequest, project: str, upload: str) -> HttpResponse:
    """One file: how far it is, and which rows are wrong; only the fragment for htmx."""
    found = visible_project(request, project)
    file = get_object_or_404(Import, project=found, public_id=upload)
    context = framed(request, found, "items", **_standing(file))
    part = "_import" if wants_fragment(request) else "import"
    return render(request, f"labeling/{part}.html", context)


def _standing(file: Import) -> dict[str, Any]:
    job = _job_of(file)
    return {
        "file": file,
        "job": job,
        "live": file.state == ImportState.WAITING and job is not None and job.state in LIVE,
    }


def _job_of(file: Import) -> Job | None:
    """Newest first; the subject has an index, and a project has few imports."""
    jobs = Job.objects.filter(subject=f"project:{file.project.public_id}", kind=KIND)
    mine = (job for job in jobs.order_by("-pk") if job.arguments.get("import") == file.public_id)
    return next(mine, None)
