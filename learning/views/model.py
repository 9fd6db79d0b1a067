"""The model beside the crowd: how it is judged, what it asked and brought, and what can be set."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.services import audit
from labeling.errors import NotFound, Refused
from labeling.models import Project
from labeling.pages import (
    Around,
    around,
    framed,
    managed_project,
    page_number,
    person_of,
    visible_project,
)
from learning import kinds
from learning.models import Plan, SyntheticWork
from learning.queries import current_model, learning_state, plan_rows
from learning.queries.figures import (
    model_row,
    round_row,
    rows_of_models,
    rows_of_rounds,
    thinned_curve,
)
from learning.queries.gains import RoundGain, gains, round_gains
from learning.services.asking import ask
from learning.services.comparing import compare, model_named, promote
from learning.services.plans import configure
from learning.services.synthesizing import as_json, synthesize
from learning.views.gains import gain_figures
from learning.views.model_charts import CURVES, model_charts
from learning.views.plan_form import changes_in, groups

SHOWN = 50  # models and rounds on a page
Row = TypeVar("Row", bound=Model)
MOST_MADE = 200


@login_required
@require_http_methods(["GET", "POST"])
def model(request: HttpRequest, project: str) -> HttpResponse:
    """Models and rounds; for managers also the plan, and what they can have done."""
    if request.method == "POST":
        return _change(request, managed_project(request, project))
    found = visible_project(request, project)
    try:
        return _show(request, found, beside=_beside(request, found))
    except NotFound:
        raise Http404 from None


def _beside(request: HttpRequest, project: Project) -> dict[str, Any] | None:
    """The model in use and the one that the address names, compared; None where there are no two."""
    used, other = current_model(project.pk), request.GET.get("compare", "")
    if used is None or not (other.isascii() and other.isdecimal() and len(other) < 9):
        return None
    other_model = model_named(project, int(other))
    return {"used": used.number, "other": other_model.number, "of": compare(used, other_model)}


def _change(request: HttpRequest, project: Project) -> HttpResponse:
    act = _ACTS.get(request.POST.get("act", ""), _plan)
    try:
        messages.success(request, act(request, project))
    except Refused as wrong:
        return _show(request, project, str(wrong))
    except NotFound:
        raise Http404 from None
    return redirect("model", project.public_id)


def _train(request: HttpRequest, project: Project) -> str:
    ask(kinds.RETRAIN, project)
    audit(project.organization, person_of(request), "model.asked", project.public_id)
    return _("A model is being trained. It is used if it is not worse.")


def _plan(request: HttpRequest, project: Project) -> str:
    changes = changes_in(request.POST.dict())
    configure(project.pk, **changes)
    audit(project.organization, person_of(request), "plan.changed", project.public_id, **changes)
    return _("Saved. The next round follows it.")


def _use(request: HttpRequest, project: Project) -> str:
    used = promote(project, _number(request, "model"), actor=person_of(request))
    return _("Model %(n)d is in use.") % {"n": used.number}


def _make(request: HttpRequest, project: Project) -> str:
    wanted = min(MOST_MADE, max(1, _number(request, "items")))
    synthesize(project, wanted, actor=person_of(request))
    return _("Made. People are asked about them in the project beside this one.")


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Refused(_("a number is missing or cannot be read"), field=name)
    return int(text)


_ACTS: dict[str, Callable[[HttpRequest, Project], str]] = {
    "retrain": _train,
    "use": _use,
    "make": _make,
}


def _show(
    request: HttpRequest,
    project: Project,
    problem: str = "",
    *,
    beside: dict[str, Any] | None = None,
) -> HttpResponse:
    plan = plan_rows(project.pk).first() or Plan(project=project)
    found, brought = gains(project), {row.number: row for row in round_gains(project.pk)}
    made = SyntheticWork.objects.filter(project=project).select_related("made_in").first()
    context = framed(
        request,
        project,
        "model",
        problem=problem,
        beside=beside,
        state=learning_state(project.pk),
        figures=gain_figures(project, found),
        remedy=found.remedy,
        **_lists(request, project.pk, brought),
        groups=groups(plan),
        charts=model_charts(project, thinned_curve(project.pk, CURVES)),
        made=as_json(made) if made else None,
    )
    return render(request, "learning/model.html", context)


def _lists(request: HttpRequest, project_id: int, brought: dict[int, RoundGain]) -> dict[str, Any]:
    """Models and rounds, each in pages of its own; what a round brought is counted for the last few."""
    models, models_around = _paged(request, rows_of_models(project_id), "models")
    rounds, rounds_around = _paged(
        request, rows_of_rounds(project_id).order_by("-number"), "rounds"
    )
    found = [round_row(row) for row in rounds]
    return {
        "models": [model_row(row) for row in models],
        "models_around": models_around,
        "rounds": [{"round": row, "gain": brought.get(row.number)} for row in found],
        "rounds_around": rounds_around,
    }


def _paged(request: HttpRequest, rows: QuerySet[Row], name: str) -> tuple[Sequence[Row], Around]:
    start = (page_number(request, name) - 1) * SHOWN
    some = list(rows[start : start + SHOWN + 1])
    return some[:SHOWN], around(request, name, more=len(some) > SHOWN)
