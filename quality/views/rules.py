"""The rules about people on a page: what holds, whom a change would meet, and every version before."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from labeling.errors import Conflict, Refused
from labeling.models import Project
from labeling.pages import framed, managed_project, person_of, visible_project
from quality.queries.decided import decisions
from quality.queries.rules import book_of, books, current_book, facts_of
from quality.rules.book import ACTIONS, AMOUNTS, Book
from quality.rules.checking import able, read_rules
from quality.rules.kinds import KINDS
from quality.services.looking import Affected, affected
from quality.services.rule_sets import set_rules
from quality.views.rule_form import TypedRule, as_json, typed, typed_in

ROWS, VERSIONS = 50, 20


@dataclass
class _Form:
    """What the page shows above its lists."""

    rows: list[TypedRule]
    version: int
    problem: str = ""
    tried: bool = False
    affected: list[Affected] = field(default_factory=list)


@login_required
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, project: str) -> HttpResponse:
    """For those who may look: what holds. For managers: the form, its dry run, and a new version."""
    if request.method == "GET":
        found = visible_project(request, project)
        book = current_book(found.pk)
        return _show(
            request, found, _Form(typed(book, able(book.rules, facts_of(found))), book.version)
        )
    found = managed_project(request, project)
    form = _Form(typed_in(request.POST), _version(request))
    try:
        if request.POST.get("act") == "save":
            return _save(request, found, form)
        form.affected, form.tried = _try(found, form), True
    except (Refused, Conflict) as wrong:
        form.problem = _told(wrong)
    return _show(request, found, form)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _try(project: Project, form: _Form) -> list[Affected]:
    """Whom these rules would meet. Writes nothing. What holds may be tried also where a part of it cannot fire."""
    book, facts = current_book(project.pk), facts_of(project)
    if as_json(form.rows) != as_json(typed(book, book.rules)):
        book = Book(book.version, read_rules(as_json(form.rows), facts))
    return affected(project, book)


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
    context: dict[str, Any] = {
        "form": form,
        "rows": [*form.rows, TypedRule()],
        "kinds": KINDS.values(),
        "actions": action_names(),
        "amounts": AMOUNTS,
        "books": [(row, book_of(row)) for row in books(project.pk)[:VERSIONS]],
    }
    return render(request, "quality/rules.html", framed(request, project, "rules", **context))


@login_required
@require_safe
def decided(request: HttpRequest, project: str) -> HttpResponse:
    """Everything that was decided about people here, by whom or by which rules, the newest first."""
    found = visible_project(request, project)
    action, before = request.GET.get("action", ""), request.GET.get("before") or None
    action = action if action in ACTIONS else ""
    rows = decisions(found, action=action or None, before=before, limit=ROWS + 1)
    context: dict[str, Any] = {
        "decisions": rows[:ROWS],
        "next": rows[ROWS - 1].id if len(rows) > ROWS else "",
        "before": before,
        "action": action,
        "actions": action_names(),
    }
    return render(request, "quality/decisions.html", framed(request, found, "rules", **context))


def action_names() -> dict[str, str]:
    """What rules may do, in words."""
    words = {
        "pause": _("pause"),
        "hold_pay": _("hold pay"),
        "set_aside": _("set votes aside"),
        "set_skill": _("set the skill"),
        "lower_weight": _("lower the weight"),
        "practice": _("practice again"),
        "warn": _("warn"),
        "more_gold": _("more gold"),
        "notify": _("tell managers"),
    }
    return {name: words[name] for name in ACTIONS}
