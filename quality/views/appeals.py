"""Disputes: what people say against decisions about them, with what was decided, and the answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from labeling.errors import Refused
from labeling.models import Project
from labeling.pages import framed, managed_project, person_of, visible_project
from quality.models import MOST_APPEAL_DAYS, Appeal, AppealState
from quality.queries.contested import contested
from quality.queries.decided import appeals as appeals_of
from quality.queries.policies import policy_of
from quality.services.appeals import decide_appeal
from quality.services.reviewing import set_policy

LISTED = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appeals(request: HttpRequest, project: str) -> HttpResponse:
    """Open ones first, the oldest first; who they are of when asked. A POST says within how many days."""
    if request.method == "POST":
        return _promise(request, managed_project(request, project))
    return _show(request, visible_project(request, project))


def _show(
    request: HttpRequest, found: Project, unsent: dict[str, str] | None = None
) -> HttpResponse:
    """``unsent``: an answer that was refused, with the appeal and the reason; it stays in its field."""
    try:
        page = appeals_of(found, cursor=request.GET.get("after") or None, limit=LISTED)
    except Refused:
        raise Http404 from None
    about = contested(row.decision.id for row in page.rows)
    context = framed(
        request,
        found,
        "appeals",
        appeals=[{"row": row, "answers": about.get(row.decision.id, [])} for row in page.rows],
        next=page.next,
        named="names" in request.GET,
        now=timezone.now(),
        unsent=unsent,
        days=policy_of(found.pk).appeal_days,
        most_days=MOST_APPEAL_DAYS,
        states=_states(),
    )
    return render(request, "quality/appeals.html", context)


def _promise(request: HttpRequest, project: Project) -> HttpResponse:
    """New appeals are answered within so many days; those that are open keep their day."""
    days = request.POST.get("days", "")
    number = int(days) if days.isascii() and days.isdecimal() and len(days) < 4 else 0
    try:
        set_policy(project, actor=person_of(request), appeal_days=number)
        messages.success(request, _("New appeals are answered within %(n)d days.") % {"n": number})
    except Refused as refused:
        messages.error(request, _("Not changed: the days %(why)s.") % {"why": refused.message})
    return redirect("appeals", project.public_id)


def _states() -> dict[str, str]:
    return {
        AppealState.UPHELD: _("The decision stands."),
        AppealState.OVERTURNED: _("The decision was taken back."),
    }


@login_required
@require_POST
def answer_appeal(request: HttpRequest, project: str, appeal: str) -> HttpResponse:
    """The decision stands, or is taken back with work, pay and votes."""
    found = managed_project(request, project)
    contested = get_object_or_404(Appeal, public_id=appeal, decision__project=found)
    overturn = request.POST.get("outcome") == "overturn"
    try:
        decide_appeal(
            contested,
            overturn=overturn,
            words=request.POST.get("words", ""),
            by=person_of(request),
        )
        done = _("Taken back, with work, pay and votes.") if overturn else _("The decision stands.")
        messages.success(request, done)
    except Refused as refused:
        why = _("Not answered: the answer %(why)s") % {"why": refused.message}
        words = request.POST.get("words", "")
        messages.error(request, why)
        return _show(request, found, {"id": appeal, "words": words, "why": why})
    return redirect("appeals", found.public_id)
