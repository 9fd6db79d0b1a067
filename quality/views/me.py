"""What a worker may know of their own work: answers, pay, accuracy, and what was decided about them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from labeling.amounts import money
from labeling.errors import NotFound, Refused
from labeling.pages import person_of
from labeling.queries.person import MyProject, my_projects, worked_in
from labeling.standing import UNKNOWN, Band
from quality.queries.decided import my_decisions
from quality.queries.standing import standings
from quality.services.appeals import appeal

DECISIONS = 200  # the newest; older ones are in the API


@login_required
@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(request: HttpRequest, unsent: dict[str, str] | None = None) -> HttpResponse:
    """``unsent``: what was refused, so that nothing typed is lost: the decision, the text, and why."""
    user = person_of(request)
    mine, told = my_projects(user, worked_in(user)), standings(user.pk)
    context = {
        "site": "me",
        "projects": [
            _row(project, told.get(project.project.pk, UNKNOWN).accuracy) for project in mine
        ],
        "earned": _sums(mine),
        "now": timezone.now(),
        "unsent": unsent,
        "decisions": my_decisions(user.pk, limit=DECISIONS).rows,
    }
    return render(request, "quality/me.html", context)


@login_required
@require_POST
def contest(request: HttpRequest, decision: str) -> HttpResponse:
    """Contest a decision about oneself."""
    user: User = person_of(request)
    try:
        appeal(user, decision, request.POST.get("text", ""))
        messages.success(request, _("Sent. Somebody will read it and answer here."))
    except NotFound:
        raise Http404 from None
    except Refused as refused:
        why = _("Not sent: %(why)s") % {"why": refused.message}
        messages.error(request, why)
        return _show(request, {"id": decision, "text": request.POST.get("text", ""), "why": why})
    return redirect("my-work")


def _row(mine: MyProject, band: Band | None) -> dict[str, Any]:
    currency = mine.project.currency
    return {
        "id": mine.project.public_id,
        "name": mine.project.name,
        "done": mine.done,
        "paid": money(mine.paid_micros, currency),
        "pending": money(mine.pending_micros, currency),
        "band": f"{band.low:.0%} – {band.high:.0%}".replace("%", " %") if band else "",
        "active": mine.status == "active",
        "reason": mine.reason,
    }


def _sums(mine: list[MyProject]) -> list[dict[str, str]]:
    """Earned and still pending, one row a currency."""
    currencies = sorted({each.project.currency for each in mine})
    return [
        {
            "paid": money(sum(m.paid_micros for m in mine if m.project.currency == c), c),
            "pending": money(sum(m.pending_micros for m in mine if m.project.currency == c), c),
        }
        for c in currencies
    ]
