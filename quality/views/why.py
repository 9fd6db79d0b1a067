"""Why this label, as a picture: each vote a bar of log-odds, together the certainty; each with a switch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from labeling.amounts import percent
from labeling.models import Item
from quality.given import MACHINE
from quality.queries import Provenance, provenance

WIDTH = 100  # of the picture of the sum, in its own units
THINNEST = 0.4
LEFT_OUT_AT_ONCE = 50
LEAST_LIKELY, MOST_LIKELY, SMALL = 2, 4, 0.005


class Term(NamedTuple):
    """One summand. ``person``: whose vote it is; empty for what nobody said."""

    name: str
    note: str
    person: str
    log_odds: float


@dataclass(frozen=True)
class Bar:
    """A term of the sum: where it starts and how wide it is, in units of the picture."""

    term: Term
    out: bool
    x: float
    width: float
    zero: float
    tone: str


def grounds_of(item: Item, asked: Sequence[str]) -> dict[str, Any]:
    """What the label rests on, and what it would rest on without the votes of those ``asked`` about."""
    why = provenance(item)
    if why is None:
        return {"why": None}
    given = {vote.pseudonym for vote in why.votes}
    left_out = [name for name in asked[:LEFT_OUT_AT_ONCE] if name in given]
    what_if = provenance(item, left_out) if left_out else None
    return {
        "why": why,
        "left_out": left_out,
        "what_if": what_if,
        "likely": _likely(what_if or why),
        "bars": _bars(_terms(why, what_if or why), left_out),
        "together": (what_if or why).confidence,
    }


def _terms(why: Provenance, now: Provenance) -> list[Term]:
    """In the order of the full sum, so that no row moves when a vote is left out of it."""
    added = {vote.pseudonym: vote.log_odds for vote in now.votes}
    model = [Term(_("The model"), _version(now), "", now.prior - now.class_shares)]
    return [
        Term(_("How common the labels are"), "", "", now.class_shares),
        *(model if now.voice else []),
        *(
            Term(vote.pseudonym, _said(vote.said), vote.pseudonym, added.get(vote.pseudonym, 0.0))
            for vote in why.votes
        ),
        *(
            []
            if now.method == MACHINE
            else [Term(_("What all may have missed"), "", "", now.doubt)]
        ),
        *([Term(_("What experts say"), "", "", now.experts)] if now.reviews else []),
    ]


def _bars(terms: Sequence[Term], left_out: Iterable[str]) -> list[Bar]:
    """Each bar begins where the last one ended, so that they add up before one's eyes."""
    ends = list(accumulate(term.log_odds for term in terms))
    low, high = min(0.0, *ends), max(0.0, *ends)
    unit = WIDTH / ((high - low) or 1.0)
    rows = [*zip(terms, [0.0, *ends], ends, strict=False)]
    rows.append((Term(_("Together"), "", "", ends[-1]), 0.0, ends[-1]))
    out = set(left_out)
    return [
        _bar(term, term.person in out, sorted((start, end)), low, unit) for term, start, end in rows
    ]


def _bar(term: Term, out: bool, reach: list[float], low: float, unit: float) -> Bar:
    left, right = reach
    return Bar(
        term=term,
        out=out,
        x=round((left - low) * unit, 2),
        width=max(round((right - left) * unit, 2), THINNEST),
        zero=round(-low * unit, 2),
        tone="for" if term.log_odds >= 0 else "against",
    )


def _version(why: Provenance) -> str:
    return str((why.voice or {}).get("version", ""))


def _likely(why: Provenance) -> list[tuple[str, str]]:
    """The labels that come into question, with their probabilities; at least the best two."""
    ranked = list(why.belief.items())[:MOST_LIKELY]
    return [
        (label, percent(share) if share >= SMALL else _("less than 1 %"))
        for place, (label, share) in enumerate(ranked)
        if place < LEAST_LIKELY or share >= SMALL
    ]


def _said(label: str | None) -> str:
    return _("said %(label)s") % {"label": label}
