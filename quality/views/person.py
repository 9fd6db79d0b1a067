"""One person's page: the verdict in a sentence, and the evidence behind it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from labeling.amounts import money
from labeling.models import Enrollment, EnrollmentStatus, EntryKind, Project
from labeling.pages import framed, visible_project
from labeling.plots import Point, draw
from quality.inference.intervals import share
from quality.queries import AnnotatorRow, annotators, person_file
from quality.queries.findings import raised_findings
from quality.queries.neighbours import circle
from quality.services.reacting import SAYS
from quality.views.network import draw_network

FEW = 10  # below this many checks no percent stands alone
GOOD, WEAK = 0.8, 0.6  # the interval lies above, below
LEAST_GOLD = 5
POINTS = 60  # of the record over time


@login_required
@require_safe
def person(request: HttpRequest, project: str, person: str) -> HttpResponse:
    """The file of the person behind this pseudonym."""
    found = visible_project(request, project)
    enrollment = enrollment_or_404(found, person)
    context = framed(request, found, "people", person=enrollment, **_file_of(enrollment))
    return render(request, "quality/person.html", context)


def enrollment_or_404(project: Project, pseudonym: str) -> Enrollment:
    found = person_file.enrollment_named(project, pseudonym)
    if found is None:
        raise Http404
    return found


def _file_of(enrollment: Enrollment) -> dict[str, Any]:
    project, skill = enrollment.project, person_file.skill_of(enrollment)
    [standing] = annotators(project.pk, only=[enrollment.annotator_id])
    around = circle(enrollment)
    paid = person_file.paid_by_kind(enrollment)
    return {
        "paused": enrollment.status != EnrollmentStatus.ACTIVE,
        "verdict": _verdict(standing, failing=bool(skill and skill.failing)),
        "facts": _facts(enrollment, standing),
        "plot": _record(enrollment),
        "matrix": _matrix(person_file.matrix_of(enrollment, skill)),
        "gold": person_file.gold_list(enrollment),
        "findings": raised_findings(project.pk, enrollment.annotator_id),
        "circle": around,
        "network": draw_network(enrollment.pseudonym, around),
        "decisions": person_file.decisions_about(enrollment),
        "payments": [
            {"name": _payment_names()[kind], "sum": money(micros, project.currency)}
            for kind, micros in paid.items()
        ],
        "paid": money(sum(paid.values()), project.currency),
    }


@dataclass(frozen=True)
class Fact:
    """A figure with the number of observations behind it."""

    name: str
    value: str
    note: str


def _but_paused(reason: str) -> str:
    """Rules begin with what they did; here it is said already."""
    return reason.removeprefix(SAYS["pause"]).lstrip()


def _verdict(standing: AnnotatorRow, *, failing: bool) -> str:
    """One sentence, with the figure that it rests on."""
    if standing.status != EnrollmentStatus.ACTIVE:
        return _("Paused: %(reason)s") % {"reason": _but_paused(standing.reason)}
    if failing:
        return _("Fails the gold test: the answers to gold look like guesses.")
    if standing.low is None or standing.high is None:
        return _("Not known yet: nothing has been compared so far.")
    if standing.answers < FEW:
        return _("Too early to say: %(n)d answers so far.") % {"n": standing.answers}
    low, high = _pct(standing.low), _pct(standing.high)
    if standing.low >= GOOD:
        return _("Reliable: right at least %(low)s of the time.") % {"low": low}
    if standing.high < WEAK:
        return _("Weak: right at most %(high)s of the time.") % {"high": high}
    return _("Usable: right between %(low)s and %(high)s of the time.") % {"low": low, "high": high}


def _facts(enrollment: Enrollment, standing: AnnotatorRow) -> list[Fact]:
    speed, agreement = person_file.speed_of(enrollment), person_file.agreement_of(enrollment)
    gold = _share_of(standing.gold_right, standing.gold_seen, _("gold answers"))
    same = _share_of(agreement.same, agreement.items, _("items"))
    others = _("others %(seconds)s") % {"seconds": _seconds(speed.others)}
    return [
        Fact(_("Accuracy"), *_accuracy(standing)),
        Fact(_("Gold"), *gold),
        Fact(_("Same as the settled label"), *same),
        Fact(_("Seconds for an answer"), _seconds(speed.own), others),
        Fact(_("Answers"), f"{enrollment.answers:,}", _("counted, gold included")),
    ]


def _accuracy(standing: AnnotatorRow) -> tuple[str, str]:
    if standing.accuracy is None:
        return "–", _("needs answers that can be compared")
    interval = f"{_pct(standing.low)} – {_pct(standing.high)}"
    answers = _("%(n)d answers") % {"n": standing.answers}
    shown = "–" if standing.answers < FEW else _pct(standing.accuracy)
    return shown, f"{interval}, {answers}"


def _share_of(part: int, whole: int, what: str) -> tuple[str, str]:
    """No bare percent on few observations."""
    if whole == 0:
        return "–", _("no %(what)s yet") % {"what": what}
    found = share(part, whole - part)
    note = _("%(part)d of %(whole)d %(what)s") % {"part": part, "whole": whole, "what": what}
    if whole < FEW or found.low is None or found.high is None:
        return f"{part} / {whole}", what
    return _pct(part / whole), f"{_pct(found.low)} – {_pct(found.high)}, {note}"


def _record(enrollment: Enrollment) -> Any:
    """The share of gold answers that were right so far, with its interval, from the fifth on."""
    steps = person_file.running_gold(enrollment)[LEAST_GOLD - 1 :]
    every = max(1, len(steps) // POINTS)
    points = []
    for seen, right in steps[::every]:
        found = share(right, seen - right)
        points.append(Point(seen, right / seen, found.low, found.high))
    return draw({_("right"): points})


def _matrix(matrix: person_file.Matrix | None) -> dict[str, Any] | None:
    if matrix is None:
        return None
    rows = []
    for k, label in enumerate(matrix.labels):
        used = matrix.shares[k] if matrix.shares else None
        counts = matrix.counts[k]
        cells = [_cell(counts, used, k, place) for place in range(len(counts))]
        rows.append({"label": label, "seen": sum(counts), "cells": cells})
    return {"labels": matrix.labels, "rows": rows, "used": matrix.shares is not None}


def _cell(counts: list[int], used: list[float] | None, truth: int, place: int) -> dict[str, Any]:
    """How often, which share of the row (where that says something), and what is reckoned with."""
    seen = sum(counts)
    return {
        "count": counts[place],
        "percent": _pct(counts[place] / seen) if seen >= FEW else "",
        "used": _pct(used[place]) if used else "",
        "right": place == truth,
        "depth": _depth(used[place]) if used else 0,
    }


def _depth(share_of_row: float) -> int:
    """How deep a cell is tinted: 0 to 4."""
    return min(4, int(share_of_row * 5))


def _pct(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}".replace("%", " %")


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _payment_names() -> dict[str, str]:
    return {
        EntryKind.ANSWER: _("for answers"),
        EntryKind.BONUS: _("bonus"),
        EntryKind.REVERSAL: _("held back"),
        EntryKind.RESTORED: _("given back"),
    }
