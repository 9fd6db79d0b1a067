"""The face every simulated person shows."""

# ruff: noqa: ARG002 (all kinds show one face, few need all of it)

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from numpy.random import Generator

from quality.simulation.scene import Scene


@dataclass(frozen=True)
class Pace:
    """How long this person takes: a log-normal around `median` seconds.

    One who `reads` takes longer for longer items; one who does not, takes the same for all.
    """

    median: float = 8.0
    spread: float = 0.45
    reads: bool = True


@dataclass(eq=False, kw_only=True)
class Person(ABC):
    """A simulated annotator.

    kind     the registry's name
    honest   whether acting against this person would be wrong
    address  the network address the answers come from
    """

    kind: ClassVar[str]
    honest: ClassVar[bool]

    rng: Generator
    n_labels: int
    scene: Scene = field(default_factory=Scene)
    pace: Pace = field(default_factory=Pace)
    address: str = "198.51.100.1"

    def answer(self, true_label: int, item_index: int, nth_answer: int) -> int:
        """This person's label for the item; `nth_answer` counts their own answers from 0."""
        label = self.choose(true_label, item_index, nth_answer)
        self.scene.hear(item_index, label)
        return label

    @abstractmethod
    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        """The answer, before anybody hears it."""

    def seconds(self, item_index: int, nth_answer: int) -> float:
        """Time between receiving the item and answering it."""
        return self._time(self.pace, item_index)

    def _time(self, pace: Pace, item_index: int) -> float:
        length = self.scene.length(item_index) if pace.reads else 1.0
        return float(pace.median * length * self.rng.lognormal(0.0, pace.spread))

    def guess(self) -> int:
        return int(self.rng.integers(self.n_labels))
