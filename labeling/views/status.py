"""Starting, pausing and ending a project from its overview."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from labeling.errors import Refused
from labeling.pages import managed_project, person_of
from labeling.services.projects import set_status

SAID = {"pilot", "live", "paused", "done"}


@login_required
@require_POST
def project_status(request: HttpRequest, project: str) -> HttpResponse:
    """Everything said here can be taken back by the next button, and is in the audit log."""
    found = managed_project(request, project)
    status = request.POST.get("status", "")
    try:
        if status in SAID and set_status(found, status, actor=person_of(request)):
            messages.success(request, _sentences()[status])
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("project-overview", found.public_id)


def _sentences() -> dict[str, str]:
    return {
        "pilot": _("The pilot runs: people can answer the first 50 items now."),
        "live": _("The project is live. People can answer now."),
        "paused": _("Paused. People finish what they hold; nothing more is handed out."),
        "done": _("Ended. Nothing more is handed out; it can be reopened."),
    }
