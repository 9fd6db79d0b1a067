"""The worker's pages. The task page works by its module and the API; without JavaScript, by plain forms."""

import uuid
from contextlib import suppress
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from labeling.amounts import money
from labeling.errors import Conflict, NotFound
from labeling.frames import widget_of
from labeling.label_types import InvalidAnswer, label_type
from labeling.models import Assignment, Project
from labeling.queries.person import MyProject, OpenProject, my_projects, open_projects
from labeling.seat_json import seat_json
from labeling.services import leases
from labeling.services.answering import submit
from labeling.services.claiming import claim, held_by
from labeling.services.reasons import OTHER, UNSURE
from labeling.services.verdicts import INVALID, Submission
from labeling.standing import UNKNOWN, standings_of

TURN_AWAY = {
    "skip": (leases.skip, OTHER),
    "flag": (leases.flag, OTHER),
    "unsure": (leases.skip, UNSURE),
}
ID_LENGTH = 32
LISTED = 200  # projects on one page


@login_required
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The projects that are open to this person."""
    user = _person(request)
    projects = Project.objects.open_to(user).order_by("name", "pk")[:LISTED]
    mine = {project.project.pk: project for project in my_projects(user, projects)}
    rows = [_row(mine, project) for project in open_projects(user, projects)]
    rows.sort(key=lambda row: bool(row["why_not"]))  # what can be done comes first
    return render(request, "labeling/tasks.html", {"site": "tasks", "rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def task_page(request: HttpRequest, project: str) -> HttpResponse:
    """The page itself. Looking claims nothing; a POST (no JavaScript) answers and takes the next item."""
    user = _person(request)
    found = _open_project(user, project)
    problem = ""
    if request.method == "POST":
        problem = _take_form(request, user, found)
        _take_next(found, user)
        found = _open_project(user, project)  # one answer more
    return render(request, "labeling/task_page.html", _frame(user, found, problem))


def _frame(user: User, found: OpenProject, problem: str) -> dict[str, Any]:
    mine = _mine(user, found)
    paid = mine.paid_micros if mine else 0
    held = held_by(found.project, user)
    return {
        "project": found.project,
        "answered": found.done,
        "question": found.instructions.partition("\n")[0],
        "instructions": found.instructions,
        "problem": problem,
        **widget_of(found.project.label_type, found.configuration, _own_order(user, found.project)),
        "paid_micros": paid,
        "earned": money(paid, found.project.currency),
        "band": _band(user, found.project),
        "held": [seat_json(seat) for seat in held],
        "seat": seat_json(held[0]) if held else None,
        "pair": _pair(held[0], found.configuration) if held else [],
        "sentence": _why_not(found, mine),
        "key": uuid.uuid4(),
    }


def _own_order(user: User, project: Project) -> str:
    return f"{user.public_id} {project.public_id}" if project.shuffle_labels else ""


def _pair(seat: Assignment, configuration: dict[str, Any]) -> list[Any]:
    """The two things of a comparison, for a page without scripts; nothing for other questions."""
    fields = (configuration.get("left"), configuration.get("right"))
    return [seat.item.payload.get(field, "") for field in fields if field]


def _band(user: User, project: Project) -> str:
    """The person's accuracy here as they may know it: a range, told late; empty while there is none."""
    known = standings_of(user.pk).get(project.pk, UNKNOWN).accuracy
    return f"{known.low * 100:.0f}–{known.high * 100:.0f} %" if known else ""


def _take_form(request: HttpRequest, user: User, found: OpenProject) -> str:
    """Store what the form holds, if anything: an answer, or that the person turns the item away.

    Gives what is wrong with the answer, if anything; then the same item is shown again.
    """
    seat, act = request.POST.get("assignment", "")[:ID_LENGTH], request.POST.get("act")
    if act in TURN_AWAY:
        with suppress(Conflict, NotFound):  # it is gone already, which is as good
            turn_away, reason = TURN_AWAY[act]
            turn_away(user, seat, reason)
    elif seat:
        return _take_answer(request, user, seat, found)
    return ""


def _take_answer(request: HttpRequest, user: User, seat: str, found: OpenProject) -> str:
    kind, key = label_type(found.project.label_type), _key(request)
    try:
        value = kind.from_form(found.configuration, dict(request.POST.lists()))
    except InvalidAnswer as wrong:
        return str(wrong)
    [outcome] = submit(user, [Submission(seat, value, None, key)])
    return f"{outcome.field}: {outcome.message}" if outcome.verdict == INVALID else ""


def _take_next(found: OpenProject, user: User) -> None:
    if not held_by(found.project, user):
        claim(found.project, user, 1)


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        raise Http404 from None


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required let nobody else in
    return request.user


def _open_project(user: User, public_id: str) -> OpenProject:
    found = open_projects(user, Project.objects.open_to(user).filter(public_id=public_id))
    if not found:
        raise Http404
    return found[0]


def _mine(user: User, found: OpenProject) -> MyProject | None:
    return next(iter(my_projects(user, [found.project])), None)


def _row(user_projects: dict[int, MyProject], found: OpenProject) -> dict[str, Any]:
    return {
        "public_id": found.project.public_id,
        "name": found.project.name,
        "question": found.instructions.partition("\n")[0],
        "pay": money(found.project.price_micros, found.project.currency),
        "seconds": found.median_seconds,
        "done": found.done,
        "why_not": _why_not(found, user_projects.get(found.project.pk)),
        "paused": found.why_not == "you_are_paused",
    }


def _why_not(found: OpenProject, mine: MyProject | None) -> str:
    """Why no work is handed out here; to somebody who is paused, with the reason."""
    if found.why_not == "you_are_paused" and mine and mine.reason:
        return _("Your work here is paused: %(reason)s") % {"reason": mine.reason}
    sentences = {
        "paused": _("The project is paused at the moment."),
        "done": _("The project is finished. Thank you."),
        "you_are_paused": _("Your work here is paused."),
        "not_admitted": _(
            "This project is for others: it asks for a group, a language or a skill."
        ),
    }
    return sentences.get(found.why_not or "", "")
