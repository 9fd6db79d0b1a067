"""The worker's pages. The task page works by its module and the API; without JavaScript, by plain forms."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from labeling.amounts import money
from labeling.media import seat_link
from labeling.models import Assignment
from labeling.queries.person import MyProject, OpenProject, my_projects, open_projects
from labeling.services.answering import submit
from labeling.services.claiming import claim, held_by
from labeling.services.verdicts import Submission

KEYS = "1234567890abcdeghjklmnopqrtuvwxyz"
"""Keys of the answers in their order: s, f and i are taken by skip, flag and instructions."""


@login_required
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The projects that are open to this person."""
    rows = [_row(project) for project in open_projects(_person(request))]
    return render(request, "labeling/tasks.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def task_page(request: HttpRequest, project: str) -> HttpResponse:
    """The page itself. Looking claims nothing; a POST (no JavaScript) answers and takes the next item."""
    user = _person(request)
    found = _open_project(user, project)
    seat, sentence = None, ""
    if request.method == "POST":
        seat, sentence = _next_by_form(request, found)
    return render(request, "labeling/task_page.html", _frame(user, found, seat, sentence))


def _frame(
    user: User, found: OpenProject, seat: Assignment | None, sentence: str
) -> dict[str, Any]:
    mine = _mine(user, found)
    return {
        "project": found.project,
        "answered": found.done,
        "instructions": found.instructions,
        "choices": _choices(found.configuration),
        "earned": money(mine.paid_micros if mine else 0, found.project.currency),
        "seat": seat,
        "picture": seat_link(seat) if seat and seat.item.media_id else None,
        "sentence": sentence,
        "key": uuid.uuid4(),
    }


def _choices(configuration: dict[str, Any]) -> list[dict[str, str]]:
    """The labels with the key of each: the manager's, else the next free one."""
    labels = configuration.get("labels", [])
    taken = {label["key"].lower() for label in labels if "key" in label}
    free = iter([key for key in KEYS if key not in taken] + [""] * len(labels))
    return [
        {
            "value": label["value"],
            "title": label.get("title", label["value"]),
            "key": label["key"].lower() if "key" in label else next(free),
        }
        for label in labels
    ]


def _next_by_form(request: HttpRequest, found: OpenProject) -> tuple[Assignment | None, str]:
    """Store the answer that the form holds, if any, and take up the next seat."""
    user = _person(request)
    if request.POST.get("assignment"):
        submit(user, [_submission(request)])
    held = held_by(found.project, user)[:1] or claim(found.project, user, 1).assignments
    return (
        (held[0], "")
        if held
        else (None, _("All caught up. Other items are waiting for other people."))
    )


def _submission(request: HttpRequest) -> Submission:
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        raise Http404 from None
    return Submission(request.POST["assignment"][:32], request.POST.get("value", ""), None, key)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required let nobody else in
    return request.user


def _open_project(user: User, public_id: str) -> OpenProject:
    for found in open_projects(user):
        if found.project.public_id == public_id:
            return found
    raise Http404


def _mine(user: User, found: OpenProject) -> MyProject | None:
    return next((mine for mine in my_projects(user) if mine.project == found.project), None)


def _row(found: OpenProject) -> dict[str, Any]:
    return {
        "public_id": found.project.public_id,
        "name": found.project.name,
        "question": found.instructions.partition("\n")[0],
        "pay": money(found.project.price_micros, found.project.currency),
        "seconds": found.median_seconds,
        "done": found.done,
        "why_not": _why_not(found),
    }


def _why_not(found: OpenProject) -> str:
    sentences = {
        "paused": _("The project is paused at the moment."),
        "done": _("The project is finished. Thank you."),
        "you_are_paused": _("Your work here is paused."),
    }
    return sentences.get(found.why_not or "", "")
