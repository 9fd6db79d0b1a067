"""What can be done about somebody: its effect before, a reason, and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from labeling.errors import Refused
from labeling.models import Enrollment
from labeling.pages import framed, managed_project, person_of
from quality.models import Decision
from quality.rules import book
from quality.services.by_hand import decide_by_hand
from quality.services.decisions import reverse
from quality.services.restoring import restore
from quality.views.foretelling import (
    HOLD_PAY,
    PAUSE,
    PRACTICE,
    REINSTATE,
    SET_ASIDE,
    WARN,
    effect_of,
)
from quality.views.person import enrollment_or_404

ACTS = {
    WARN: book.WARN,
    PRACTICE: book.PRACTICE,
    PAUSE: book.PAUSE,
    SET_ASIDE: book.SET_ASIDE,
    HOLD_PAY: book.HOLD_PAY,
    REINSTATE: "",
}
"""By the word in the address: what is decided."""


@login_required
@require_http_methods(["GET", "POST"])
def person_act(request: HttpRequest, project: str, person: str, act: str) -> HttpResponse:
    """What the act would do, and the form that does it with a reason."""
    found = managed_project(request, project)
    enrollment = enrollment_or_404(found, person)
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
    more = {"effect": effect_of(act, enrollment), "problem": problem, **typed}
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


def _words(act: str) -> dict[str, str]:
    title = {
        WARN: _("Warn"),
        PRACTICE: _("Ask to practise again"),
        PAUSE: _("Pause"),
        SET_ASIDE: _("Set aside votes"),
        HOLD_PAY: _("Hold pay"),
        REINSTATE: _("Restore"),
    }[act]
    meaning = {
        WARN: _("The person reads what you write. Nothing else happens."),
        PRACTICE: _(
            "Before more work the person gets practice items, and has to pass them anew. What they "
            "have answered stays as it is."
        ),
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
        PRACTICE: _("The person practises before more work. Take it back under Decisions."),
        PAUSE: _("Paused. Take it back under Decisions."),
        SET_ASIDE: _("Votes set aside. Labels follow in a moment; take it back under Decisions."),
        HOLD_PAY: _("The pay is held. Give it back under Decisions."),
        REINSTATE: _("Restored."),
    }
