"""The list of projects: searched by name, filtered by state, newest first, in pages."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from labeling.models import Project, ProjectStatus
from labeling.pages import around, page_number, wants_fragment

A_PAGE = 50
NAME_LENGTH = 200


@dataclass(frozen=True)
class Chosen:
    name: str
    status: str


@login_required
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """Those that this person may look at; only the list for htmx."""
    chosen = _chosen(request)
    start = (page_number(request) - 1) * A_PAGE
    rows = list(_found(request, chosen)[start : start + A_PAGE + 1])
    context = {
        "site": "projects",
        "chosen": chosen,
        "projects": rows[:A_PAGE],
        "pages": around(request, more=len(rows) > A_PAGE),
        "statuses": {"": _("any state"), **dict(ProjectStatus.choices)},
    }
    part = "_projects" if wants_fragment(request) else "projects"
    return render(request, f"learning/{part}.html", context)


def _chosen(request: HttpRequest) -> Chosen:
    status = request.GET.get("status", "")
    name = request.GET.get("name", "")[:NAME_LENGTH]
    return Chosen(name.strip(), status if status in ProjectStatus.values else "")


def _found(request: HttpRequest, chosen: Chosen) -> QuerySet[Project]:
    found = Project.objects.visible_to(request.user).order_by("-pk")
    found = found.filter(name__icontains=chosen.name) if chosen.name else found
    return found.filter(status=chosen.status) if chosen.status else found
