"""What the chosen certainty comes to: answers, right labels, money and time, each between a careless and a
careful crowd; and the same drawn for every certainty.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organization
from labeling.amounts import duration, money
from labeling.drafts import GOLD_SHARE, Draft, micros
from labeling.errors import Refused
from labeling.estimates import Estimate, estimate
from labeling.guessing import LEFT, RIGHT, TEXT
from labeling.plots import SHARES, Plot, Point, amounts, draw
from labeling.queries.habits import habits
from labeling.reading_time import seconds_guessed
from labeling.services.looking import Look

CURRENCY = "USD"
DRAWN = (70, 80, 90, 93, 95, 97, 98, 99)
SUPPOSED = 5  # people, where nobody is there yet
MOST_SIMULATED = 50


@dataclass(frozen=True)
class _Asked:
    """What the form says: how many items, and the limits of asking."""

    items: int
    n_labels: int
    fewest: int
    most: int
    micros: int

    def at(self, certainty: int) -> Estimate:
        return estimate(self.n_labels, target=certainty / 100, fewest=self.fewest, most=self.most)

    def cost(self, answers: float) -> int:
        """Of all items, gold included."""
        return int(self.items * (1 + GOLD_SHARE) * self.micros * answers)


def outlook(draft: Draft, seen: Look, organization: Organization) -> dict[str, Any] | None:
    """For the page; None while it cannot be said."""
    asked = _asked(draft, seen.count)
    if asked is None:
        return None
    found = asked.at(draft.certainty)
    return {
        **_answers(found),
        **_cost(asked, found),
        "time": _time(draft, seen, organization, asked, found),
        "plot": _plot(draft, asked),
    }


def _asked(draft: Draft, items: int) -> _Asked | None:
    try:
        most, price = draft.most_answers(), micros("price", draft.price) or 0
    except Refused:
        return None
    n_labels = len(draft.label_list) if draft.has_labels else 4
    return _Asked(items, n_labels, draft.fewest(), min(most, MOST_SIMULATED), price)


def _answers(found: Estimate) -> dict[str, Any]:
    low, high = found.careful, found.careless
    return {
        "answers": found.typical.answers,
        "answers_low": low.answers,
        "answers_high": high.answers,
        "accuracy": round(found.typical.accuracy * 100),
        "accuracy_low": round(high.accuracy * 100),
        "accuracy_high": round(low.accuracy * 100),
    }


def _cost(asked: _Asked, found: Estimate) -> dict[str, Any]:
    high = asked.cost(found.careless.answers)
    return {
        "cost": money(asked.cost(found.typical.answers), CURRENCY),
        "cost_low": money(asked.cost(found.careful.answers), CURRENCY),
        "cost_high": money(high, CURRENCY),
        "cap_note": _cap_note(int(high * 1.1)),
    }


def _cap_note(enough: int) -> str:
    """The careless crowd's cost and a tenth: with less, the end may come before the last label."""
    if not enough:
        return ""
    return _("Empty: no limit. Enough for all: %(n)s.") % {"n": money(enough, CURRENCY)}


def _time(
    draft: Draft, seen: Look, organization: Organization, asked: _Asked, found: Estimate
) -> dict[str, Any]:
    """Work in all, and how long it takes whoever is there, all at it at the same time."""
    known = habits(organization, draft.kind)
    each = known.seconds or seconds_guessed(draft.kind, _texts(draft, seen))
    people = known.people or SUPPOSED

    def took(answers: float) -> float:
        return asked.items * (1 + GOLD_SHARE) * answers * each

    low, high = took(found.careful.answers), took(found.careless.answers)
    return {
        "work": duration(took(found.typical.answers)),
        "finish": duration(took(found.typical.answers) / people),
        "finish_low": duration(low / people),
        "finish_high": duration(high / people),
        "people": people,
        "supposed": not known.people,
        "each": duration(each),
        "project": known.project,
    }


def _texts(draft: Draft, seen: Look) -> list[str]:
    """What people would read of the first rows; nothing where they look at pictures."""
    shown = [name for name, role in draft.roles.items() if role in (TEXT, LEFT, RIGHT)]
    rows = [row.fields for row in seen.rows if not row.broken]
    return (
        [" ".join(str(fields.get(name, "")) for name in shown) for fields in rows] if shown else []
    )


def _plot(draft: Draft, asked: _Asked) -> Plot | None:
    """Right labels against what they cost: the way that the slider goes, and where it stands."""
    points = [_point(asked, certainty) for certainty in sorted({*DRAWN, draft.certainty})]
    here = _point(asked, draft.certainty)
    x = amounts(lambda value: money(round(value), CURRENCY) if asked.cost(1) else f"{value:g}")
    return draw({"": points, f"{draft.certainty} %": [here, here]}, x=x, y=SHARES)


def _point(asked: _Asked, certainty: int) -> Point:
    found = asked.at(certainty)
    across = asked.cost(found.typical.answers) if asked.cost(1) else found.typical.answers
    return Point(across, found.typical.accuracy, found.careless.accuracy, found.careful.accuracy)
