"""Taking labels and answers away: at once, or prepared in the background when there are many."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jobs.models import LIVE, Job
from labeling.pages import framed, person_of, visible_project, wants_fragment
from labeling.services.export_jobs import enqueue_export
from labeling.services.exporting import ANSWERS_EXPORT
from labeling.services.exporting import CONTENT_TYPES as ANSWER_FORMATS
from quality.services.exporting import CONTENT_TYPES as LABEL_FORMATS
from quality.services.exporting import LABELS_EXPORT

LISTED = 20
KINDS = {"labels": (LABELS_EXPORT, LABEL_FORMATS), "answers": (ANSWERS_EXPORT, ANSWER_FORMATS)}


@login_required
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest, project: str) -> HttpResponse:
    """What can be taken away, and the files that jobs have prepared; only those for htmx."""
    found = visible_project(request, project)
    what, _dot, form = request.POST.get("what", "").partition(".")
    if request.method == "POST":
        kind, formats = KINDS.get(what, KINDS["labels"])
        if form in formats:
            enqueue_export(found, kind, {"format": form}, actor=person_of(request))
            messages.success(request, _("The file is being written. It appears below."))
        return redirect("exports", found.public_id)
    jobs = Job.objects.filter(
        tenant=found.organization_id,
        subject=f"project:{found.public_id}",
        kind__in=[kind for kind, _formats in KINDS.values()],
    ).order_by("-pk")[:LISTED]
    context = framed(
        request, found, "exports", files=jobs, live=any(job.state in LIVE for job in jobs)
    )
    part = "_exports" if wants_fragment(request) else "exports"
    return render(request, f"quality/{part}.html", context)
