"""The expert's queue: one disputed item at a time, what people said without who, and one answer that decides."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import roles_of
from labeling.errors import NotFound, Refused
from labeling.frames import widget_of
from labeling.label_types import InvalidAnswer, label_type
from labeling.models import Project, ProjectStatus
from labeling.pages import framed, person_of
from labeling.queries import current_instructions, label_set
from quality.queries.reviews import WHYS, how_many_wait
from quality.services.gold_care import promote
from quality.services.reviewing import ReviewTask, claim_reviews, give_review

LISTED = 50


@login_required
@require_safe
def review_projects(request: HttpRequest) -> HttpResponse:
    """The projects whose labels this person may review; first those where something waits."""
    if not roles_of(request.user).reviewer:
        raise Http404
    mine = Project.objects.reviewed_by(request.user).exclude(status=ProjectStatus.DRAFT)
    rows = [
        {"project": project, "waiting": max(how_many_wait(project).values())}
        for project in mine.order_by("-pk")[:LISTED]
    ]
    context = {
        "site": "reviews",
        "rows": [row for row in rows if row["waiting"]],
        "quiet": [row["project"] for row in rows if not row["waiting"]],
    }
    return render(request, "quality/review_projects.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def reviews(request: HttpRequest, project: str) -> HttpResponse:
    """Looking shows how many wait; a POST gives an answer, if there is one, and takes the next item."""
    found = Project.objects.reviewed_by(request.user).filter(public_id=project).first()
    if found is None:
        raise Http404
    why = request.POST.get("why", "")
    chosen = why if why in WHYS else None
    problem = _answer(request, found) if request.method == "POST" else ""
    tasks = claim_reviews(found, person_of(request), why=chosen) if request.method == "POST" else []
    context = framed(
        request,
        found,
        "reviews",
        waiting=how_many_wait(found),
        why_names=_why_names(),
        why=chosen or "",
        asked=request.method == "POST",
        problem=problem,
        makes_gold=bool(problem and "make_gold" in request.POST),
        **_frame(found, tasks[0] if tasks else None),
    )
    return render(request, "quality/reviews.html", context)


def _answer(request: HttpRequest, project: Project) -> str:
    """What is wrong with the answer, if anything; then the same item comes again."""
    item = request.POST.get("item", "")[:32]
    if not item or request.POST.get("act") == "later":
        return ""
    configuration = label_set(project.pk, project.label_set_version).configuration
    try:
        kind = label_type(project.label_type)
        value = kind.from_form(configuration, dict(request.POST.lists()))
        said = {name: request.POST.get(name, "") for name in ("note", "why")}
        give_review(project, person_of(request), item, value, **said)
    except (InvalidAnswer, Refused) as wrong:
        return str(wrong.message)
    except NotFound:
        raise Http404 from None
    messages.success(request, _("Kept. The label follows it at once."))
    if "make_gold" in request.POST:
        _make_gold(request, project, item)
    return ""


def _make_gold(request: HttpRequest, project: Project, item: str) -> None:
    """For those who may change the project; the label that was just given is the known answer."""
    if not Project.objects.managed_by(request.user).filter(pk=project.pk).exists():
        return
    try:
        promote(project, [item], actor=person_of(request))
        messages.success(request, _("It is gold now."))
    except Refused:
        messages.error(request, _("It is not gold: one expert's word does not settle items here."))


def _frame(project: Project, task: ReviewTask | None) -> dict[str, Any]:
    if task is None:
        return {"task": None}
    configuration = label_set(project.pk, project.label_set_version).configuration
    return {
        "task": task,
        "seat": True,
        "question": current_instructions(project).partition("\n")[0],
        **widget_of(project.label_type, configuration),
    }


def _why_names() -> dict[str, str]:
    return {
        "camps": _("two camps"),
        "expert": _("seats used up"),
        "disputed": _("many answers, no decision"),
        "uncertain": _("settled, but not certain"),
        "reported": _("flagged by people"),
    }
