"""The auditor's pages."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from labeling.pages import framed, visible_project
from quality.queries import AnnotatorRow, annotators

FEW = 10  # below this many checks no percent stands alone


@login_required
@require_safe
def people(request: HttpRequest, project: str) -> HttpResponse:
    """Everybody in the project, by the lower end of the accuracy interval."""
    found = visible_project(request, project)
    rows = [_row(person) for person in annotators(found.pk)]
    return render(request, "quality/people.html", framed(request, found, "people", people=rows))


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
