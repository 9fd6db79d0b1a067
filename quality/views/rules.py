"""The rules about people on a page: what holds, whom a change would meet, and every version before."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from labeling.errors import Conflict, Refused
from labeling.models import Project
from labeling.pages import framed, managed_project, person_of, visible_project, wants_fragment
from quality.pages import Page
from quality.queries.decided import DecisionRow, decisions
from quality.queries.rules import book_of, books, current_book, facts_of
from quality.rules.book import ACTIONS, AMOUNTS
from quality.rules.checking import able
from quality.rules.kinds import KINDS
from quality.rules.names import action_name
from quality.services.rule_sets import set_rules
from quality.services.trying import request_trying, takes_long
from quality.views.rule_form import TypedRule, as_json, typed, typed_in
from quality.views.rule_trying import Tried, job_of, proposed, tried_at_once, tried_by, typed_for

ROWS, VERSIONS = 50, 20


@dataclass
class _Form:
    """What the page shows above its lists."""

    rows: list[TypedRule]
    version: int
    problem: str = ""
    tried: Tried | None = None


@login_required
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, project: str) -> HttpResponse:
    """For those who may look: what holds. For managers: the form, its dry run, and a new version."""
    if request.method == "GET":
        return _look(request, visible_project(request, project))
    found = managed_project(request, project)
    form = _Form(typed_in(request.POST), _version(request.POST))
    try:
        if request.POST.get("act") == "save":
            return _save(request, found, form)
        if takes_long(found):
            return _ask_for(found, form)
        form.tried = tried_at_once(found, proposed(found, form.rows))
    except (Refused, Conflict) as wrong:
        form.problem = _told(wrong)
    return _show(request, found, form)


def _look(request: HttpRequest, project: Project) -> HttpResponse:
    """What holds; with ``tried``, what that job was asked and has found, and only that part for htmx."""
    book = current_book(project.pk)
    if "tried" not in request.GET:
        rows = typed(book, able(book.rules, facts_of(project)))
        return _show(request, project, _Form(rows, book.version))
    job = job_of(project, request.GET["tried"])
    version = _version(request.GET) or book.version
    return _show(request, project, _Form(typed_for(job, book), version, tried=tried_by(job)))


def _ask_for(project: Project, form: _Form) -> HttpResponse:
    """A job tries them; the page that follows it keeps what was typed. Raises Refused."""
    job = request_trying(project, proposed(project, form.rows))
    address = reverse("rules", args=[project.public_id])
    return redirect(f"{address}?tried={job.public_id}&version={form.version}")


def _version(given: QueryDict) -> int:
    text = given.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _save(request: HttpRequest, project: Project, form: _Form) -> HttpResponse:
    made = set_rules(
        project, as_json(form.rows), actor=person_of(request), based_on=form.version or None
    )
    messages.success(request, _("Version %(n)d holds from now on.") % {"n": made.version})
    return redirect("rules", project.public_id)


def _told(wrong: Refused | Conflict) -> str:
    """``rules.3.window`` is the fourth row to people."""
    place, _dot, name = wrong.field.removeprefix("rules.").partition(".")
    if not place.isdecimal():
        return wrong.message
    words = {"n": int(place) + 1, "field": name.partition(".")[0], "why": wrong.message}
    return _("Rule %(n)d, %(field)s: %(why)s") % words


def _show(request: HttpRequest, project: Project, form: _Form) -> HttpResponse:
    context: dict[str, Any] = {"form": form}
    if wants_fragment(request):
        return render(request, "quality/_tried.html", framed(request, project, "rules", **context))
    context |= {
        "rows": [*form.rows, TypedRule()],
        "kinds": KINDS.values(),
        "actions": named_actions(),
        "amounts": AMOUNTS,
        "books": [(row, book_of(row)) for row in books(project.pk)[:VERSIONS]],
    }
    return render(request, "quality/rules.html", framed(request, project, "rules", **context))


@login_required
@require_safe
def decided(request: HttpRequest, project: str) -> HttpResponse:
    """Everything that was decided about people here, by whom or by which rules, the newest first."""
    found = visible_project(request, project)
    action, cursor = request.GET.get("action", ""), request.GET.get("before") or None
    action = action if action in ACTIONS else ""
    page = _page_of(found, action or None, cursor)
    context: dict[str, Any] = {
        "decisions": page.rows,
        "next": page.next,
        "before": cursor,
        "action": action,
        "actions": named_actions(),
    }
    return render(request, "quality/decisions.html", framed(request, found, "rules", **context))


def _page_of(project: Project, action: str | None, cursor: str | None) -> Page[DecisionRow]:
    try:
        return decisions(project, action=action, cursor=cursor, limit=ROWS)
    except Refused:
        raise Http404 from None


def named_actions() -> dict[str, str]:
    """What rules may do, in words."""
    return {action: action_name(action) for action in ACTIONS}
