"""What one kind of evidence says about one person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

# Which observations a kind rests on. Two kinds of one family are not two pieces of evidence.
Family = Literal["gold", "agreement", "gap", "timing", "copying", "information"]


@dataclass(frozen=True)
class Evidence:
    """A statistic beside its threshold, and what it means in plain words.

    annotator   whom it is about
    kind        the module's name for it
    statistic   larger is stronger
    threshold   `raised` when the statistic reaches it
    counts      the numbers the reason speaks of
    reason      one sentence that can be shown to a manager, and to the person
    start       position among the person's own answers from which it holds; None for all of them
    """

    annotator: int
    kind: str
    family: Family
    statistic: float
    threshold: float
    reason: str
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    start: int | None = None

    @property
    def raised(self) -> bool:
        return self.statistic >= self.threshold
