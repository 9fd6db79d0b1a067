"""Vectors that come with the data: which the model sees, and a file of others, whose reading can be watched."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jobs.models import LIVE, Job
from labeling.errors import Refused
from labeling.models import Project
from labeling.pages import framed, managed_project, person_of, visible_project, wants_fragment
from learning import kinds, queries
from learning.blocks import unpack_ids
from learning.services.vectors import accept_vectors

LISTED = 10
ENDINGS = (".npz", ".npy", ".parquet")


@login_required
@require_http_methods(["GET", "POST"])
def vectors(request: HttpRequest, project: str) -> HttpResponse:
    """What the model sees; for managers the form. For htmx only the files that are read."""
    if request.method == "GET":
        return _show(request, visible_project(request, project))
    found = managed_project(request, project)
    try:
        _take(request, found)
    except Refused as wrong:
        return _show(request, found, str(wrong))
    messages.success(request, _("The file is being read. How far it is stands below."))
    return redirect("vectors", found.public_id)


def _take(request: HttpRequest, project: Project) -> None:
    file, ids = request.FILES.get("file"), request.FILES.get("ids")
    if file is None:
        raise Refused(_("choose a file"), field="file")
    name = file.name or ""
    if not name.lower().endswith(ENDINGS):
        raise Refused(_("must end in .npz, .npy or .parquet"), field="file")
    chunks = ids.chunks() if ids else None
    accept_vectors(project, file.chunks(), name, ids=chunks, actor=person_of(request))


def _show(request: HttpRequest, project: Project, problem: str = "") -> HttpResponse:
    files = Job.objects.filter(
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
        kind=kinds.VECTORS,
    ).order_by("-pk")[:LISTED]
    space = queries.space_of(project.pk)
    context = framed(
        request,
        project,
        "model",
        problem=problem,
        files=files,
        live=any(job.state in LIVE for job in files),
        space=space,
        featured=queries.rows_featured(space) if space else 0,
        unusable=len(unpack_ids(space.unusable)) if space else 0,
        largest=settings.MAX_UPLOAD_BYTES // (1 << 20),
    )
    part = "_vectors" if wants_fragment(request) else "vectors"
    return render(request, f"learning/{part}.html", context)
