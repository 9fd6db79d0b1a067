"""The model beside the crowd: how it is judged, what it asked, and what can be set."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.services import audit
from labeling.models import Project
from labeling.pages import framed, managed_project, person_of, visible_project
from learning import kinds
from learning.models import Plan
from learning.queries import learning_state, models, plan_rows, rounds
from learning.services.asking import ask
from learning.services.plans import UnusablePlan, configure, usable_strategies

WHOLE = ("round_size", "retrain_after")
SHARES = ("certainty", "random_share")


@login_required
@require_http_methods(["GET", "POST"])
def model(request: HttpRequest, project: str) -> HttpResponse:
    """Models and rounds; for managers also the plan, and training on request."""
    if request.method == "POST":
        return _change(request, managed_project(request, project))
    return _show(request, visible_project(request, project))


def _change(request: HttpRequest, project: Project) -> HttpResponse:
    if request.POST.get("act") == "retrain":
        ask(kinds.RETRAIN, project)
        audit(project.organization, person_of(request), "model.asked", project.public_id)
        messages.success(request, _("A model is being trained. It is used if it is not worse."))
        return redirect("model", project.public_id)
    try:
        changes = _settings_in(request.POST.dict())
        configure(project.pk, **changes)
        audit(
            project.organization, person_of(request), "plan.changed", project.public_id, **changes
        )
    except UnusablePlan as wrong:
        return _show(request, project, str(wrong))
    messages.success(request, _("Saved. The next round follows it."))
    return redirect("model", project.public_id)


def _settings_in(form: Mapping[str, str]) -> dict[str, Any]:
    """The plan as typed. Raises UnusablePlan with the field that cannot be read."""
    found: dict[str, Any] = {name: form[name] for name in ("strategy",) if name in form}
    try:
        found |= {name: int(form[name]) for name in WHOLE if name in form}
        found |= {name: round(float(form[name]) / 100, 6) for name in SHARES if name in form}
    except ValueError:
        raise UnusablePlan(_("a number is missing or cannot be read")) from None
    return found


def _show(request: HttpRequest, project: Project, problem: str = "") -> HttpResponse:
    plan = plan_rows(project.pk).first() or Plan(project=project)
    context = framed(
        request,
        project,
        "model",
        problem=problem,
        state=learning_state(project.pk),
        models=models(project.pk),
        rounds=rounds(project.pk),
        plan=plan,
        certainty=f"{plan.certainty * 100:g}",
        random_share=f"{plan.random_share * 100:g}",
        strategies=usable_strategies(),
    )
    return render(request, "learning/model.html", context)
