"""From evidence to a proposal, so that no kind decides alone on a ban.

Kinds that rest on the same observations are one family and count once. What is proposed climbs:

    nothing raised                           none
    one family, other than gold              more_gold; lower_weight when twice over its threshold
    gold alone                               pause, with the explanation
    gold near its limit, and over it         pause: on few labels gold alone takes long
      together with the peers
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

SUPPORT = 0.5  # of a threshold: not enough by itself
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
    known = [e for e in evidence if e is not None]
    raised = tuple(e for e in known if e.raised)
    against = tuple(e for e in raised if e.family != "information")
    families = {e.family for e in against}
    if not families:
        return Standing("none", ())
    start = _start(known) if families <= _ABOUT_BEING_WRONG else None
    informative = len(against) < len(raised)
    if informative and families <= _ABOUT_BEING_WRONG and start is None:
        return Standing("use_confusion", raised)
    if families == {"agreement"} and _gold_agrees(known):
        return Standing("pause", against, start)
    return Standing(_climb(families, against), against, start)


def _climb(families: set[Family], against: tuple[Evidence, ...]) -> Proposal:
    if len(families) >= 3 or (len(families) == 2 and "gold" in families):
        return "ban_possible"
    if len(families) == 2:
        return "hold_pay"
    if families == {"gold"}:
        return "pause"
    strong = any(e.statistic >= 2.0 * e.threshold for e in against)
    return "lower_weight" if strong else "more_gold"


def _gold_agrees(known: Iterable[Evidence]) -> bool:
    """Gold speaks against the person as well, and with the peers it is enough."""
    reached = {e.kind: e.statistic / e.threshold for e in known}
    return reached.get("gold_and_peers", 0.0) >= 1.0 and reached.get("gold", 0.0) >= SUPPORT


def _start(known: Iterable[Evidence]) -> int | None:
    """Where the worst stretch begins, when it is not the whole record.

    Once a person is found to guess by any test, a weaker sign is enough to say since when.
    """
    clear = (e for e in known if e.kind == "bad_stretch" and e.statistic >= SUPPORT * e.threshold)
    return next((e.start for e in clear), None)
