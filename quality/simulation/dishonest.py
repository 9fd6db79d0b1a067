"""People who plan: to pass the gold, to be paid several times, to spoil a class."""

# ruff: noqa: ARG002 (all kinds show one face, few need all of it)

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from quality.simulation.careless import HURRIED
from quality.simulation.honest import Competent
from quality.simulation.person import Pace

COPYING = Pace(median=2.0, spread=0.3, reads=False)
AUTOMATIC = Pace(median=2.5, spread=0.12)  # an answer from a service, with its even delay


@dataclass(eq=False, kw_only=True)
class GoldAware(Competent):
    """Has learned to recognise gold: careful there, any label elsewhere."""

    kind: ClassVar[str] = "gold_aware"
    honest: ClassVar[bool] = False

    lazy_pace: Pace = HURRIED

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        if item_index not in self.scene.gold:
            return self.guess()
        return super().choose(true_label, item_index, nth_answer)

    def seconds(self, item_index: int, nth_answer: int) -> float:
        pace = self.pace if item_index in self.scene.gold else self.lazy_pace
        return self._time(pace, item_index)


@dataclass(eq=False, kw_only=True)
class Copier(Competent):
    """Gives the answer of the group; with probability `slip` their own."""

    honest: ClassVar[bool] = False

    group: str = ""
    slip: float = 0.0

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        own = super().choose(true_label, item_index, nth_answer)
        agreed = self.scene.first_answer(self.group or self.kind, item_index, own)
        return own if self.rng.random() < self.slip else agreed


@dataclass(eq=False, kw_only=True)
class Colluder(Copier):
    """One of a group that sends each other answers: one looks, badly, and all say the same."""

    kind: ClassVar[str] = "colluder"

    accuracy: float = 0.6
    pace: Pace = COPYING


@dataclass(eq=False, kw_only=True)
class ManyAccounts(Copier):
    """One hasty person behind several accounts, at one address."""

    kind: ClassVar[str] = "many_accounts"

    accuracy: float = 0.7
    slip: float = 0.05
    address: str = "192.0.2.66"


@dataclass(eq=False, kw_only=True)
class LanguageModel(Copier):
    """Hands the item to a model: often right, and wrong on the same items as its siblings."""

    kind: ClassVar[str] = "language_model"

    accuracy: float = 0.78
    slip: float = 0.08
    pace: Pace = AUTOMATIC


@dataclass(eq=False, kw_only=True)
class LabelFlipper(Competent):
    """Competent, but gives another label for each: wrong in a regular way, so informative."""

    kind: ClassVar[str] = "label_flipper"
    honest: ClassVar[bool] = False

    permutation: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.permutation:  # a shift of a shuffled order: no label stays where it was
            order = self.rng.permutation(self.n_labels)
            shifted = np.empty(self.n_labels, dtype=np.int64)
            shifted[order] = np.roll(order, 1)
            self.permutation = tuple(int(label) for label in shifted)

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        return self.permutation[super().choose(true_label, item_index, nth_answer)]


@dataclass(eq=False, kw_only=True)
class OneClassPoisoner(Competent):
    """Competent on all classes but one, which always gets the same wrong label."""

    kind: ClassVar[str] = "one_class_poisoner"
    honest: ClassVar[bool] = False

    target: int = 0
    poison: int = 1

    def choose(self, true_label: int, item_index: int, nth_answer: int) -> int:
        if true_label == self.target:
            return self.poison
        return super().choose(true_label, item_index, nth_answer)
