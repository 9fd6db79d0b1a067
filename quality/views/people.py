"""Everybody in a project, for auditors: searched, sorted and filtered, in the columns that one wants to see."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from labeling.amounts import percent
from labeling.models import EnrollmentStatus
from labeling.pages import framed, visible_project, wants_fragment
from labeling.services.exporting import defused
from labeling.sparks import Spark, spark
from quality.queries import AnnotatorRow, annotators
from quality.queries.people import ORDERS
from quality.queries.records import latest_gold

FEW = 10  # below this many checks no percent stands alone
A_PAGE = 50
NAME_LENGTH = 40
COLUMNS = ("accuracy", "record", "gold", "answers", "aside", "state", "reason")
COLUMNS_COOKIE = "people_columns"
LASTS = 365 * 24 * 3600


@dataclass(frozen=True)
class Chosen:
    """What the viewer asks for; ``page`` counts from 1."""

    order: str
    status: str
    name: str
    page: int


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, project: str) -> HttpResponse:
    """A page of them, by default by the lower end of the accuracy interval; a POST chooses the columns."""
    found = visible_project(request, project)
    if request.method == "POST":
        return _remember_columns(request, found.public_id)
    chosen, columns = _chosen(request), _columns(request)
    rows = _named(annotators(found.pk, status=chosen.status or None, order=chosen.order), chosen)
    start = (chosen.page - 1) * A_PAGE
    shown = rows[start : start + A_PAGE]
    context = framed(
        request,
        found,
        "people",
        people=_rows(found.pk, shown, with_record="record" in columns),
        chosen=chosen,
        columns=columns,
        total=len(rows),
        first=start + 1,
        last=start + len(shown),
        before=chosen.page - 1,
        after=chosen.page + 1 if len(rows) > start + A_PAGE else 0,
        **_choices(),
    )
    part = "_people" if wants_fragment(request) else "people"
    return render(request, f"quality/{part}.html", context)


@login_required
@require_safe
def people_file(request: HttpRequest, project: str) -> HttpResponse:
    """The same as CSV, all of them."""
    found = visible_project(request, project)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    write = csv.writer(response).writerow
    write(FILE_COLUMNS)
    for row in annotators(found.pk):
        write([defused(getattr(row, name)) for name in FILE_COLUMNS])
    return response


FILE_COLUMNS = (
    "pseudonym", "status", "accuracy", "low", "high", "gold_right", "gold_seen", "answers",
    "set_aside", "reason",
)  # fmt: skip


def _chosen(request: HttpRequest) -> Chosen:
    asked = request.GET
    order, status, page = (asked.get(name, "") for name in ("order", "status", "page"))
    return Chosen(
        order=order if order in ORDERS else "low",
        status=status if status in EnrollmentStatus.values else "",
        name=asked.get("name", "")[:NAME_LENGTH],
        page=int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1,
    )


def _named(rows: Sequence[AnnotatorRow], chosen: Chosen) -> Sequence[AnnotatorRow]:
    wanted = chosen.name.casefold()
    return [row for row in rows if wanted in row.pseudonym.casefold()] if wanted else rows


def _columns(request: HttpRequest) -> list[str]:
    """Those that this browser was told to show; all where it was told nothing."""
    kept = request.COOKIES.get(COLUMNS_COOKIE)
    wanted = COLUMNS if kept is None else kept.split(".")
    return [name for name in COLUMNS if name in wanted]


def _remember_columns(request: HttpRequest, project: str) -> HttpResponse:
    response = redirect("project-people", project)
    wanted = [name for name in COLUMNS if name in request.POST.getlist("column")]
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(
        COLUMNS_COOKIE, ".".join(wanted), max_age=LASTS, samesite="Lax", secure=secure
    )
    return response


def _rows(
    project_id: int, people: Sequence[AnnotatorRow], *, with_record: bool
) -> list[dict[str, Any]]:
    ids = [person.annotator_id for person in people] if with_record else []
    records = latest_gold(project_id, ids)
    return [_row(person, spark(records.get(person.annotator_id, []))) for person in people]


def _row(person: AnnotatorRow, record: Spark | None) -> dict[str, Any]:
    return {
        "pseudonym": person.pseudonym,
        "accuracy_text": _accuracy(person),
        "record": record,
        "gold_right": person.gold_right,
        "gold_seen": person.gold_seen,
        "answers": person.answers,
        "set_aside": person.set_aside,
        "status": person.status,
        "status_name": _status_names()[person.status],
        "reason": person.reason,
    }


def _accuracy(person: AnnotatorRow) -> str:
    """``92 % (87 – 96 %)``; of few observations the interval alone."""
    if person.accuracy is None or person.low is None or person.high is None:
        return "–"
    interval = f"({person.low:.0%} – {person.high:.0%})".replace("%", " %").replace(" % –", " –", 1)
    return interval if person.answers < FEW else f"{percent(person.accuracy)} {interval}"


def _choices() -> dict[str, dict[str, str]]:
    return {
        "orders": {
            "low": _("least certain to be good"),
            "high": _("best"),
            "answers": _("most answers"),
            "gold": _("most gold seen"),
            "pseudonym": _("name"),
        },
        "statuses": {"": _("any state"), **_status_names()},
        "column_names": {
            "accuracy": _("Accuracy"),
            "record": _("Gold record"),
            "gold": _("Gold right"),
            "answers": _("Answers"),
            "aside": _("Set aside"),
            "state": _("State"),
            "reason": _("Reason"),
        },
    }


def _status_names() -> dict[str, str]:
    return {
        EnrollmentStatus.ACTIVE: _("active"),
        EnrollmentStatus.PAUSED: _("paused"),
        EnrollmentStatus.BANNED: _("banned"),
    }
