"""What the kinds of evidence say about one person, in the form that rules are compared with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from quality.inference.people.combine import Standing
from quality.inference.people.evidence import Evidence
from quality.rules.kinds import KINDS, TOGETHER

Key = tuple[str, int]  # kind, window


@dataclass(frozen=True)
class Found:
    """One kind over one window. ``since`` is the place among the person's answers from which it holds."""

    kind: str
    family: str
    statistic: float
    threshold: float
    reason: str
    window: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    since: int | None = None
    others: tuple[int, ...] = ()

    @property
    def raised(self) -> bool:
        return self.statistic >= self.threshold


@dataclass(frozen=True)
class Profile:
    """Everything found about one person.

    ``regular``: wrong in a regular way, so of use, and not to be acted upon for being wrong. ``start``: the
    place among their answers where a bad stretch begins; None where nothing says so.
    """

    findings: Mapping[Key, Found]
    regular: bool = False
    start: int | None = None


def found(evidence: Evidence, *, window: int = 0, offset: int = 0) -> Found:
    """The same in our words; ``offset`` answers of the person come before those looked at."""
    start = evidence.start if evidence.start is None else evidence.start + offset
    return Found(
        kind=evidence.kind,
        family=evidence.family,
        statistic=evidence.statistic,
        threshold=evidence.threshold,
        reason=evidence.reason,
        window=window,
        counts=dict(evidence.counts),
        since=offset if window and start is None else start,
    )


def profile(findings: Iterable[Found], standing: Standing) -> Profile:
    """With the evidence that counts how many independent kinds there are."""
    table = {(one.kind, one.window): one for one in findings}
    whole = [one for (_, window), one in table.items() if not window]
    raised = [one for one in whole if one.raised and one.family in TOGETHER]
    families = sorted({one.family for one in raised})
    table["together", 0] = Found(
        kind="together",
        family="",
        statistic=float(len(families)),
        threshold=KINDS["together"].usual,
        reason=" ".join(dict.fromkeys(one.reason for one in raised)),
        counts=dict.fromkeys(families, 1),
    )
    return Profile(table, standing.proposal == "use_confusion", standing.start)
