"""People who do not do the work, each on their own."""

# ruff: noqa: ARG002 (all kinds show one face, few need all of it)

from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

from quality.simulation.honest import Competent
from quality.simulation.person import Pace, Person

HURRIED = Pace(median=3.0, spread=0.5, reads=False)
INSTANT = Pace(median=0.6, spread=0.25, reads=False)


@dataclass(eq=False, kw_only=True)
class Random(Person):
    """Any label, whatever the item."""

    kind: ClassVar[str] = "random"
    honest: ClassVar[bool] = False

    pace: Pace = HURRIED

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        return self.guess()


@dataclass(eq=False, kw_only=True)
class OneLabel(Person):
    """Always the same label; a random one unless given."""

    kind: ClassVar[str] = "one_label"
    honest: ClassVar[bool] = False

    favourite: int | None = None
    pace: Pace = HURRIED

    def __post_init__(self) -> None:
        if self.favourite is None:
            self.favourite = self.guess()

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        return self.favourite or 0


@dataclass(eq=False, kw_only=True)
class TurnsBad(Competent):
    """Competent for the first `turns_after` answers, then any label."""

    kind: ClassVar[str] = "turns_bad"
    honest: ClassVar[bool] = False

    turns_after: int = 60
    later_pace: Pace = HURRIED

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        if nth_answer >= self.turns_after:
            return self.guess()
        return super().choose(true_label, item_index, nth_answer)

    def seconds(self, item_index: int, nth_answer: int) -> float:
        bad = nth_answer >= self.turns_after
        return self._time(self.later_pace if bad else self.pace, item_index)


@dataclass(eq=False, kw_only=True)
class TooFast(Competent):
    """Clicks before the item can be read; sometimes the label was plain at a glance."""

    kind: ClassVar[str] = "too_fast"
    honest: ClassVar[bool] = False

    glance: float = 0.3
    pace: Pace = INSTANT

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        if self.rng.random() >= self.glance:
            return self.guess()
        return super().choose(true_label, item_index, nth_answer)


@dataclass(eq=False, kw_only=True)
class FollowMajority(Person):
    """Says what others said, where that can be learned, else the label met most often so far."""

    kind: ClassVar[str] = "follow_majority"
    honest: ClassVar[bool] = False

    pace: Pace = HURRIED
    _met: Counter[int] = field(default_factory=Counter)

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        heard = self.scene.heard(item_index)
        self._met.update(heard)
        votes = heard or self._met
        return votes.most_common(1)[0][0] if votes else self.guess()
