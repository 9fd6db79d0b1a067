"""The settings of a project on a page: what holds, what was before, and what can be changed while work runs."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from labeling.drafts import LABELED
from labeling.errors import Refused
from labeling.models import Instructions, LabelSet, Project
from labeling.pages import framed, managed_project, person_of, visible_project
from labeling.queries.rules_seen import rules_seen
from labeling.services.projects import update_project
from labeling.settings_form import changes_in, shown_configuration, shown_settings

VERSIONS = 20
NAMED = 20  # people who have still to see a change


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, project: str) -> HttpResponse:
    """For those who may look: what holds. For managers: the form that changes it."""
    if request.method == "POST":
        return _change(request, managed_project(request, project))
    return _show(request, visible_project(request, project))


def _change(request: HttpRequest, project: Project) -> HttpResponse:
    form = request.POST.dict()
    try:
        changes = changes_in(project, form)
        if changes:
            update_project(project, changes, actor=person_of(request))
    except Refused as refused:
        return _show(request, project, form, {"field": refused.field, "message": refused.message})
    said = ngettext("%(n)d setting changed.", "%(n)d settings changed.", len(changes))
    messages.success(request, said % {"n": len(changes)} if changes else _("Nothing was changed."))
    return redirect("project-settings", project.public_id)


def _show(
    request: HttpRequest,
    project: Project,
    form: dict[str, str] | None = None,
    problem: dict[str, Any] | None = None,
) -> HttpResponse:
    shown = _shown(project, form)
    for field in (field for group in shown["groups"] for field in group["fields"]):
        if problem and problem["field"] == field["name"]:
            field["error"], problem["title"] = problem["message"], field["title"]
    errors = {problem["field"].partition(".")[0]: problem["message"]} if problem else {}
    context = framed(request, project, "settings", problem=problem, errors=errors, **shown)
    return render(request, "labeling/settings.html", context)


def _shown(project: Project, form: dict[str, str] | None) -> dict[str, Any]:
    fields = shown_settings(project, form)
    stored = shown_configuration(project)
    return {
        "groups": [
            {"title": title, "fields": [f for f in fields if f["group"] == group]}
            for group, title in _groups().items()
        ],
        "has_labels": project.label_type in LABELED,
        "labels": (form or stored).get("labels", ""),
        "configuration": (form or stored).get("configuration", stored["configuration"]),
        "seen": _told(project),
        "label_sets": LabelSet.objects.filter(project=project).order_by("-version")[:VERSIONS],
        "instructions": Instructions.objects.filter(project=project).order_by("-version")[
            :VERSIONS
        ],
    }


def _told(project: Project) -> list[dict[str, Any]]:
    """Of what was changed after the first version: who works under it, and who has still to see it."""
    found = rules_seen(project)
    versions = (
        (_("Instructions"), project.instructions_version, found.instructions),
        (_("Labels"), project.label_set_version, found.labels),
    )
    return [
        {
            "title": title,
            "version": version,
            "under": len(seen.under),
            "to_see": seen.to_see[:NAMED],
            "more": max(0, len(seen.to_see) - NAMED),
        }
        for title, version, seen in versions
        if version > 1
    ]


def _groups() -> dict[str, str]:
    return {
        "question": _("Question"),
        "asking": _("Redundancy and gold"),
        "items": _("Pictures"),
        "people": _("Who may work"),
        "money": _("Money"),
    }
