"""The worker's pages. The task page works by its module and the API; without JavaScript, by plain forms."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from labeling.models import Enrollment, Project
from labeling.amounts import money
from labeling.queries import current_instructions, enrollments_of, label_set
from labeling.services.answering import Submission, submit
from labeling.services.claiming import claim
from labeling.tasks_shown import shown_task

KEYS = "1234567890abcdeghjklmnopqrtuvwxyz"  # without s, f, i: skip, flag, instructions
"""Keys of the answers in order."""


@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """The projects that are open to this person."""
    rows = [_project_row(enrollment) for enrollment in enrollments_of(request.user)]
    return render(request, "labeling/tasks.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def task_page(request: HttpRequest, project: str) -> HttpResponse:
    """The page itself. Looking claims nothing; a POST (no JavaScript) answers and takes the next item."""
    enrollment = enrollments_of(request.user).filter(project__public_id=project).first()
    if enrollment is None:
        raise Http404
    context = _frame(enrollment)
    if request.method == "POST":
        context |= _next_by_form(request, enrollment)
    return render(request, "labeling/task_page.html", context)
