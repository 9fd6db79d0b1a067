"""The model beside the crowd: how it is judged, what it asked and brought, and what can be set."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.services import audit
from labeling.errors import NotFound, Refused
from labeling.models import Project
from labeling.pages import framed, managed_project, person_of, visible_project
from learning import kinds
from learning.models import Plan, SyntheticWork
from learning.queries import learning_state, models, plan_rows, rounds
from learning.queries.gains import RoundGain, gains, round_gains
from learning.services.asking import ask
from learning.services.comparing import promote
from learning.services.plans import configure
from learning.services.synthesizing import as_json, synthesize
from learning.views.gains import gain_figures
from learning.views.plan_form import changes_in, groups

SHOWN = 50  # models and rounds; the API has all of them
MOST_MADE = 200


@login_required
@require_http_methods(["GET", "POST"])
def model(request: HttpRequest, project: str) -> HttpResponse:
    """Models and rounds; for managers also the plan, and what they can have done."""
    if request.method == "POST":
        return _change(request, managed_project(request, project))
    return _show(request, visible_project(request, project))


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


def _show(request: HttpRequest, project: Project, problem: str = "") -> HttpResponse:
    plan = plan_rows(project.pk).first() or Plan(project=project)
    found, brought = gains(project), {row.number: row for row in round_gains(project.pk)}
    made = SyntheticWork.objects.filter(project=project).select_related("made_in").first()
    context = framed(
        request,
        project,
        "model",
        problem=problem,
        state=learning_state(project.pk),
        figures=gain_figures(project, found),
        remedy=found.remedy,
        models=models(project.pk)[:SHOWN],
        rounds=_with_gains(project.pk, brought),
        groups=groups(plan),
        made=as_json(made) if made else None,
    )
    return render(request, "learning/model.html", context)


def _with_gains(project_id: int, brought: dict[int, RoundGain]) -> list[dict[str, Any]]:
    """The newest rounds; what each brought is counted for the last few."""
    return [{"round": row, "gain": brought.get(row.number)} for row in rounds(project_id)[:SHOWN]]
