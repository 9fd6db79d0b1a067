"""Disputes: what people say against decisions about them, with what was decided, and the answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from labeling.errors import Refused
from labeling.pages import framed, managed_project, person_of, visible_project
from quality.models import Appeal
from quality.queries.decided import appeals as appeals_of
from quality.services.appeals import decide_appeal

LISTED = 50


@login_required
@require_safe
def appeals(request: HttpRequest, project: str) -> HttpResponse:
    """Open ones first, the oldest first."""
    found = visible_project(request, project)
    try:
        page = appeals_of(found, cursor=request.GET.get("after") or None, limit=LISTED)
    except Refused:
        raise Http404 from None
    context = framed(request, found, "appeals", appeals=page.rows, next=page.next)
    return render(request, "quality/appeals.html", context)


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
        messages.error(request, _("Not answered: the answer %(why)s") % {"why": refused.message})
    return redirect("appeals", found.public_id)
