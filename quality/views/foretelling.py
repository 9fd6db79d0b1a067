"""The effect of an act, told before it is done: how many answers, which labels, what money."""

from django.utils.translation import gettext as _

from labeling.amounts import money
from labeling.models import Enrollment
from quality.queries.effects import effect_of_setting_aside
from quality.queries.forecasts import (
    answers_given,
    pay_to_give_back,
    pay_to_hold,
    practice_items,
    seats_held,
    votes_to_give_back,
)

WARN, PRACTICE, PAUSE = "warn", "practice", "pause"
SET_ASIDE, HOLD_PAY, REINSTATE = "set-aside", "hold-pay", "reinstate"


def effect_of(act: str, enrollment: Enrollment) -> str:
    """A sentence with figures: affects so many answers, changes so many labels, costs so much."""
    return FORETOLD[act](enrollment)


def _warn(_enrollment: Enrollment) -> str:
    return _("Affects no answer, changes no label, costs nothing.")


def _practice(enrollment: Enrollment) -> str:
    left = practice_items(enrollment)
    if not left.count:
        return _(
            "There is no practice item left for this person: they get no work until there is one."
        )
    said = _(
        "Affects no answer given so far, changes no label. Up to %(n)s practice items, %(cost)s."
    )
    return said % {"n": f"{left.count:,}", "cost": _cost(enrollment, left.micros)}


def _pause(enrollment: Enrollment) -> str:
    held = seats_held(enrollment)
    said = _(
        "Affects none of the %(answers)s answers given so far, changes no label. %(n)s items in hand "
        "may be finished, for %(cost)s."
    )
    words = {"answers": f"{answers_given(enrollment):,}", "n": f"{held.count:,}"}
    return said % {**words, "cost": _cost(enrollment, held.micros)}


def _set_aside(enrollment: Enrollment) -> str:
    effect = effect_of_setting_aside(enrollment.project, enrollment.annotator_id)
    said = _(
        "Affects %(answers)s answers to %(items)s items, changes %(changed)s labels, and asks again "
        "about %(reopened)s items, which costs about %(cost)s."
    )
    figures = ("answers", "items", "changed", "reopened")
    words = {name: f"{getattr(effect, name):,}" for name in figures}
    return said % {**words, "cost": _cost(enrollment, effect.micros)}


def _hold_pay(enrollment: Enrollment) -> str:
    pay = pay_to_hold(enrollment)
    said = _("Holds back %(sum)s for %(n)s answers, changes no label, costs nothing.")
    return said % {"sum": _cost(enrollment, pay.micros), "n": f"{pay.count:,}"}


def _reinstate(enrollment: Enrollment) -> str:
    pay, votes = pay_to_give_back(enrollment), votes_to_give_back(enrollment)
    said = _(
        "Lets %(votes)s votes count again; labels follow in a moment. Pays %(sum)s for %(n)s answers."
    )
    words = {"votes": f"{votes:,}", "sum": _cost(enrollment, pay.micros), "n": f"{pay.count:,}"}
    return said % words


def _cost(enrollment: Enrollment, micros: int) -> str:
    return money(micros, enrollment.project.currency)


FORETOLD = {
    WARN: _warn,
    PRACTICE: _practice,
    PAUSE: _pause,
    SET_ASIDE: _set_aside,
    HOLD_PAY: _hold_pay,
    REINSTATE: _reinstate,
}
