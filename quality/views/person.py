"""One person's page: the verdict in a sentence, the evidence behind it, and what can be done and undone."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from labeling.amounts import money
from labeling.errors import Refused
from labeling.models import Enrollment, EnrollmentStatus, Project
from labeling.pages import framed, managed_project, person_of, visible_project
from labeling.plots import Point, draw
from quality.inference.intervals import share
from quality.models import Decision
from quality.queries import AnnotatorRow, annotators, person_file
from quality.queries.effects import effect_of_setting_aside
from quality.queries.findings import raised_findings
from quality.queries.neighbours import circle
from quality.rules import book
from quality.services.by_hand import decide_by_hand
from quality.services.decisions import reverse
from quality.services.restoring import restore
from quality.views.network import draw_network

PAUSE, SET_ASIDE, HOLD_PAY, WARN, REINSTATE = "pause", "set-aside", "hold-pay", "warn", "reinstate"
ACTS = {
    WARN: book.WARN,
    PAUSE: book.PAUSE,
    SET_ASIDE: book.SET_ASIDE,
    HOLD_PAY: book.HOLD_PAY,
    REINSTATE: "",
}
"""By the word in the address: what is decided."""
FEW = 10  # below this many checks no percent stands alone
GOOD, WEAK = 0.8, 0.6  # the interval lies above, below
LEAST_GOLD = 5
POINTS = 60  # of the record over time


@login_required
@require_safe
def person(request: HttpRequest, project: str, person: str) -> HttpResponse:
    """The file of the person behind this pseudonym."""
    found = visible_project(request, project)
    enrollment = _enrollment(found, person)
    context = framed(request, found, "people", person=enrollment, **_file_of(enrollment))
    return render(request, "quality/person.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def person_act(request: HttpRequest, project: str, person: str, act: str) -> HttpResponse:
    """What the act would do, and the form that does it with a reason."""
    found = managed_project(request, project)
    enrollment = _enrollment(found, person)
    if act not in ACTS:
        raise Http404
    problem, typed = "", {name: request.POST.get(name, "") for name in ("reason", "words")}
    if request.method == "POST":
        try:
            _do(act, enrollment, person_of(request), **typed)
            messages.success(request, _done()[act])
            return redirect("person", found.public_id, enrollment.pseudonym)
        except Refused as refused:
            problem = refused.message if refused.field == "reason" else str(refused)
    context = framed(request, found, "people", person=enrollment, act=act, **_words(act))
    effect = effect_of_setting_aside(found, enrollment.annotator_id) if act == SET_ASIDE else None
    cost = money(effect.micros, found.currency) if effect else ""
    more = {"effect": effect, "cost": cost, "problem": problem, **typed}
    return render(request, "quality/person_act.html", {**context, **more})


def _do(act: str, enrollment: Enrollment, by: User, reason: str, words: str) -> None:
    """Raises Refused, or Conflict where it stands already."""
    if act == REINSTATE:
        return restore(enrollment, by=by, reason=reason)
    decide_by_hand(
        enrollment.project,
        enrollment.pseudonym,
        actions=[ACTS[act]],
        reason=reason,
        by=by,
        words=words,
    )
    return None


@login_required
@require_POST
def undo_decision(request: HttpRequest, project: str, decision: str) -> HttpResponse:
    """Take one decision back, with a reason."""
    found = managed_project(request, project)
    made = get_object_or_404(Decision, project=found, public_id=decision)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Not taken back: give a reason."))
    elif reverse(made, by=person_of(request), reason=reason):
        messages.success(request, _("Taken back: work, votes and held pay are as before."))
    enrollment = Enrollment.objects.get(project=found, annotator_id=made.annotator_id)
    return redirect("person", found.public_id, enrollment.pseudonym)


def _enrollment(project: Project, pseudonym: str) -> Enrollment:
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
        "payments": {kind: money(micros, project.currency) for kind, micros in paid.items()},
        "paid": money(sum(paid.values()), project.currency),
    }


@dataclass(frozen=True)
class Fact:
    """A figure with the number of observations behind it."""

    name: str
    value: str
    note: str


def _verdict(standing: AnnotatorRow, *, failing: bool) -> str:
    """One sentence, with the figure that it rests on."""
    if standing.status != EnrollmentStatus.ACTIVE:
        return _("Paused: %(reason)s") % {"reason": standing.reason}
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
        shares = matrix.shares[k] if matrix.shares else None
        cells = [
            {
                "count": count,
                "share": _pct(shares[place]) if shares else "",
                "right": place == k,
                "depth": _depth(shares[place]) if shares else 0,
            }
            for place, count in enumerate(matrix.counts[k])
        ]
        rows.append({"label": label, "cells": cells})
    return {"labels": matrix.labels, "rows": rows}


def _depth(share_of_row: float) -> int:
    """How deep a cell is tinted: 0 to 4."""
    return min(4, int(share_of_row * 5))


def _pct(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}".replace("%", " %")


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _words(act: str) -> dict[str, str]:
    title = {
        WARN: _("Warn"),
        PAUSE: _("Pause"),
        SET_ASIDE: _("Set aside votes"),
        HOLD_PAY: _("Hold pay"),
        REINSTATE: _("Restore"),
    }[act]
    meaning = {
        WARN: _("The person reads what you write. Nothing else happens."),
        PAUSE: _(
            "No more work is handed out to this person here. What they hold may be finished and is "
            "paid; their votes keep counting."
        ),
        SET_ASIDE: _(
            "The votes of this person stop counting. The answers and their pay stay, and it can be "
            "taken back."
        ),
        HOLD_PAY: _(
            "What the answers of this person have earned is held back, and stays set aside in the "
            "budget. It can be contested, and given back."
        ),
        REINSTATE: _(
            "Work is handed out again. Votes and pay that a pause took away come back, and what "
            "counted against the person until now is forgiven."
        ),
    }[act]
    return {"title": title, "meaning": meaning}


def _done() -> dict[str, str]:
    return {
        WARN: _("Warned. The person reads it."),
        PAUSE: _("Paused. Take it back under Decisions."),
        SET_ASIDE: _("Votes set aside. Labels follow in a moment; take it back under Decisions."),
        HOLD_PAY: _("The pay is held. Give it back under Decisions."),
        REINSTATE: _("Restored."),
    }
