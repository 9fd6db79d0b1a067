"""The auditor's pages."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from labeling.errors import Refused
from labeling.pages import framed, visible_project
from quality.pages import Page, page_of
from quality.queries import AnnotatorRow, annotators

LISTED = 200
FEW = 10  # below this many checks no percent stands alone


@login_required
@require_safe
def people(request: HttpRequest, project: str) -> HttpResponse:
    """Everybody in the project, by the lower end of the accuracy interval."""
    found = visible_project(request, project)
    page = _page(found.pk, request.GET.get("after") or None)
    rows = [_row(person) for person in page.rows]
    context = framed(request, found, "people", people=rows, next=page.next)
    return render(request, "quality/people.html", context)


def _page(project_id: int, after: str | None) -> Page[AnnotatorRow]:
    try:
        return page_of(
            annotators(project_id), lambda row: row.pseudonym, cursor=after, limit=LISTED
        )
    except Refused:
        raise Http404 from None


def _row(person: AnnotatorRow) -> dict[str, Any]:
    return {
        "pseudonym": person.pseudonym,
        "accuracy_text": _accuracy(person),
        "gold_right": person.gold_right,
        "gold_seen": person.gold_seen,
        "answers": person.answers,
        "status": person.status,
        "reason": person.reason,
    }


def _accuracy(person: AnnotatorRow) -> str:
    if person.accuracy is None or person.low is None or person.high is None:
        return "–"
    interval = f"({person.low:.0%}–{person.high:.0%})"
    return interval if person.answers < FEW else f"{person.accuracy:.0%} {interval}"
