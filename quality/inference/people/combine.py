"""From evidence to a proposal, so that no kind decides alone on a ban.

Kinds that rest on the same observations are one family and count once. What is proposed climbs:

    nothing raised                           none
    one family, other than gold              more_gold; lower_weight when twice over its threshold
    gold alone                               pause, with the explanation
    two families                             hold_pay
    gold and another, or three families      ban_possible; a person decides

Who is wrong in a regular way is used through the confusion matrix (`use_confusion`), unless the
offence is another than being wrong. A proposal is not an act: the rules of a project decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from quality.inference.people.evidence import Evidence, Family

Proposal = Literal[
    "none", "use_confusion", "more_gold", "lower_weight", "pause", "hold_pay", "ban_possible"
]

_ABOUT_BEING_WRONG: frozenset[Family] = frozenset({"gold", "agreement"})


@dataclass(frozen=True)
class Standing:
    """What is proposed for one person, why, and from which of their answers on.

    `start` is None when the evidence concerns all answers, or nothing is proposed.
    """

    proposal: Proposal
    raised: tuple[Evidence, ...]
    start: int | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(evidence.reason for evidence in self.raised)


def combine(evidence: Iterable[Evidence | None]) -> Standing:
    """The standing of one person from all kinds of evidence; None entries are left out."""
    raised = [e for e in evidence if e is not None and e.raised]
    against = tuple(e for e in raised if e.family != "information")
    families = {e.family for e in against}
    if not families:
        return Standing("none", ())
    informative = len(against) < len(raised)
    if informative and families <= _ABOUT_BEING_WRONG and not _starts(against):
        return Standing("use_confusion", tuple(raised))
    return Standing(_climb(families, against), against, _start(against, families))


def _climb(families: set[Family], against: tuple[Evidence, ...]) -> Proposal:
    if len(families) >= 3 or (len(families) == 2 and "gold" in families):
        return "ban_possible"
    if len(families) == 2:
        return "hold_pay"
    if families == {"gold"}:
        return "pause"
    strong = any(e.statistic >= 2.0 * e.threshold for e in against)
    return "lower_weight" if strong else "more_gold"


def _starts(against: Iterable[Evidence]) -> list[int]:
    """Where bad stretches begin that are not the whole record."""
    return [e.start for e in against if e.kind == "bad_stretch" and e.start is not None]


def _start(against: tuple[Evidence, ...], families: set[Family]) -> int | None:
    """A change point limits the matter, unless the offence is of another kind."""
    starts = _starts(against)
    return min(starts) if starts and families <= _ABOUT_BEING_WRONG else None
