"""Labelling functions: how good each of them is; for managers also the form that tries, adds and switches."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from labeling.errors import Refused
from labeling.models import Project
from labeling.pages import framed, managed_project, person_of, visible_project
from learning.models import LabelingFunction
from learning.services.functions import add_function, function_table, switch
from learning.services.trying import Tried, try_function
from quality.queries.labels import label_values

NAMES = ("name", "kind", "label", "field", "words", "pattern", "above", "below", "path")


@login_required
@require_http_methods(["GET", "POST"])
def functions(request: HttpRequest, project: str) -> HttpResponse:
    """All of them with coverage, overlap, conflict and accuracy."""
    if request.method == "GET":
        return _show(request, visible_project(request, project))
    found = managed_project(request, project)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _show(request, found)
    try:
        tried = act(request, found)
    except Refused as wrong:
        return _show(request, found, problem=str(wrong))
    if tried is not None:
        return _show(request, found, tried=tried)
    return redirect("functions-page", found.public_id)


def _try(request: HttpRequest, project: Project) -> Tried:
    typed = _typed(request)
    return try_function(project, typed["kind"], _parameters(typed))


def _add(request: HttpRequest, project: Project) -> None:
    typed = _typed(request)
    if not typed["name"]:
        raise Refused(_("give it a name"), field="name")
    actor = person_of(request)
    add_function(project, typed["name"], typed["kind"], _parameters(typed), actor=actor)
    messages.success(request, _("Added. Its votes are being collected."))


def _switch(request: HttpRequest, project: Project) -> None:
    name = request.POST.get("function", "")[:60]
    found = LabelingFunction.objects.filter(project=project, name=name).first()
    if found is None:
        raise Http404
    switch(found, active=not found.active, actor=person_of(request))
    messages.success(request, _("Saved."))


_ACTS: dict[str, Callable[[HttpRequest, Project], Tried | None]] = {
    "try": _try,
    "add": _add,
    "switch": _switch,
}


def _typed(request: HttpRequest) -> dict[str, str]:
    longest = {"name": 60, "words": 20_000}
    given = {name: request.POST.get(name, "").strip() for name in NAMES}
    return {name: text[: longest.get(name, 1000)] for name, text in given.items()}


def _parameters(typed: dict[str, str]) -> dict[str, Any]:
    """What this kind of function takes, out of all fields of the form."""
    common = {"field": typed["field"], "label": typed["label"]}
    words = [word.strip() for word in typed["words"].splitlines() if word.strip()]
    limits = {name: _number(typed, name) for name in ("above", "below") if typed[name]}
    by_kind: dict[str, dict[str, Any]] = {
        "keyword": {**common, "words": words},
        "pattern": {**common, "pattern": typed["pattern"]},
        "threshold": {**common, **limits},
        "python": {"path": typed["path"]},
    }
    return by_kind.get(typed["kind"], {})


def _number(typed: dict[str, str], name: str) -> float:
    try:
        return float(typed[name])
    except ValueError:
        raise Refused(_("a number is missing or cannot be read"), field=name) from None


def _show(
    request: HttpRequest, project: Project, *, problem: str = "", tried: Tried | None = None
) -> HttpResponse:
    labels = list(label_values(project).values())
    context = framed(
        request,
        project,
        "model",
        problem=problem,
        tried=tried,
        rows=[(one, _told(one), row) for one, row in function_table(project.pk)],
        typed=_typed(request),
        kinds=_kinds(),
        labels=dict(zip(labels, labels, strict=True)),
    )
    return render(request, "learning/functions.html", context)


def _kinds() -> dict[str, str]:
    return {
        "keyword": _("Words in a text"),
        "pattern": _("A pattern in a text"),
        "threshold": _("A number beyond a limit"),
        "python": _("A function in Python"),
    }


def _told(function: LabelingFunction) -> str:
    """What it looks for, in one line."""
    known = function.parameters
    if function.kind == "python":
        return str(known["path"])
    looked = known.get("pattern") or ", ".join(known.get("words", [])[:8])
    limits = [f"{sign} {known[n]:g}" for n, sign in (("above", ">"), ("below", "<")) if n in known]
    return f"{known['field']}: {looked or ' '.join(limits)} → {known['label']}"
