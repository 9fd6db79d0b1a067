"""Honest people, the usual ones and those whom a careless rule would punish."""

# ruff: noqa: ARG002 (all kinds show one face, few need all of it)

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from quality.simulation.confusion import Floats, draw_confusion
from quality.simulation.person import Pace, Person

SLOW = Pace(median=40.0, spread=0.6)
UNEVEN = Pace(median=22.0, spread=1.0)
QUICK = Pace(median=1.6, spread=0.3)
TRAPPED = 0.5  # how often an honest person falls for an item that misleads


@dataclass(eq=False, kw_only=True)
class Competent(Person):
    """Reads, thinks, and errs in their own way. `accuracy` is that on items that do not mislead."""

    kind: ClassVar[str] = "competent"
    honest: ClassVar[bool] = True

    accuracy: float = 0.87
    confusion: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.confusion = draw_confusion(self.rng, self.n_labels, self.accuracy)
        self._cumulative = np.cumsum(self.confusion, axis=1)

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        if self.scene.is_hard(item_index) and self.rng.random() < TRAPPED:
            return self.scene.trap(true_label, item_index, self.n_labels)
        row = self._cumulative[true_label]
        return min(int(row.searchsorted(self.rng.random(), side="right")), self.n_labels - 1)


@dataclass(eq=False, kw_only=True)
class HonestMinority(Competent):
    """Takes the other defensible reading of contested items, as others of the same view do."""

    kind: ClassVar[str] = "honest_minority"

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        if self.scene.is_contested(item_index):
            true_label = self.scene.trap(true_label, item_index, self.n_labels)
        return super().choose(true_label, item_index, nth_answer)


@dataclass(eq=False, kw_only=True)
class SlowReader(Competent):
    """Five times the usual time."""

    kind: ClassVar[str] = "slow_reader"

    pace: Pace = SLOW


@dataclass(eq=False, kw_only=True)
class ScreenReader(Competent):
    """Hears the page: long and very uneven times, some answers quick after a known beginning."""

    kind: ClassVar[str] = "screen_reader"

    pace: Pace = UNEVEN


@dataclass(eq=False, kw_only=True)
class FastExpert(Competent):
    """Knows the labels by heart and the keys by touch: very fast, and right."""

    kind: ClassVar[str] = "fast_expert"

    accuracy: float = 0.96
    pace: Pace = QUICK


@dataclass(eq=False, kw_only=True)
class SharedAddress(Competent):
    """One of many honest people behind one address: a school, a call centre, a carrier's NAT."""

    kind: ClassVar[str] = "shared_address"

    address: str = "203.0.113.7"


@dataclass(eq=False, kw_only=True)
class LoneExpert(Competent):
    """Falls for no item that misleads the others, and so stands alone against them there."""

    kind: ClassVar[str] = "lone_expert"

    accuracy: float = 0.97

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        if self.scene.is_hard(item_index):
            return true_label
        return super().choose(true_label, item_index, nth_answer)


@dataclass(eq=False, kw_only=True)
class ColourBlind(Competent):
    """Cannot tell two of the labels apart (of three or more), and says now one, now the other. Elsewhere good."""

    kind: ClassVar[str] = "colour_blind"

    accuracy: float = 0.93
    alike: tuple[int, int] = (0, 1)

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        if true_label in self.alike:
            return int(self.rng.choice(self.alike))
        return super().choose(true_label, item_index, nth_answer)
