"""The gold test for label types where an answer is near enough or not.

A number, a text or a box is compared with gold by the label type's own distance and tolerance; what
is left is right or wrong, and how often somebody who does not look would be right (`chance`: the
share of other items' answers that would pass, which the label type can measure). The sums and
their limits are those of gold_test.py with an even habit; there is no habit of labels to judge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from quality.inference.gold_limits import limits, step
from quality.inference.gold_test import CREDIT_CAP, ENOUGH, GoldState, Verdict

Answer = TypeVar("Answer")

LEAST_CHANCE, MOST_CHANCE = 0.02, 0.6
SAMPLED = 2000


@dataclass(frozen=True)
class GradedGoldTest:
    """`chance` from 0 up to 0.7; `start`, `observe` and `verdict` as in `GoldTest`."""

    chance: float

    def __post_init__(self) -> None:
        step(self.chance)  # raises when chance and good work can not be told apart

    def start(self) -> GoldState:
        return GoldState(said=())

    def observe(self, state: GoldState, *, right: bool) -> GoldState:
        points = step(self.chance)
        gain = points.right if right else points.wrong
        worth, total = state.worth + 1.0, state.total[0] + gain
        recent = max(0.0, state.recent + gain)
        credit = min(max(0.0, state.credit - gain), CREDIT_CAP)
        most_total, most_recent = limits(self.chance).at(worth)
        failing = total >= most_total or recent >= most_recent
        failed_at = worth if failing and state.failed_at is None else state.failed_at
        return GoldState((), worth, (total, total), recent, credit, failed_at)

    def forgive(self, state: GoldState) -> GoldState:
        """After a reversed decision: nothing held against the person, the record goes on."""
        total = min(state.total[0], 0.0)
        return replace(state, total=(total, total), recent=0.0, failed_at=None)

    def verdict(self, state: GoldState) -> Verdict:
        if state.failed_at is not None:
            return "fail"
        return "pass" if state.credit >= ENOUGH else "watch"


def chance_of(
    answers: Sequence[Answer],
    matches: Callable[[Answer, Answer], bool],
    rng: Generator,
    *,
    pairs: int = SAMPLED,
) -> float:
    """How often the answer to one item would pass for another item's.

    `answers` are one for each of several items (gold, or consensus). A sample of `pairs`; with fewer
    than two answers, `LEAST_CHANCE`. Kept within the range in which the test works.
    """
    n = len(answers)
    if n < 2:
        return LEAST_CHANCE
    one = rng.integers(n, size=pairs)
    two = (one + rng.integers(1, n, size=pairs)) % n
    hits = [
        matches(answers[a], answers[b]) for a, b in zip(one.tolist(), two.tolist(), strict=True)
    ]
    return float(np.clip(np.mean(hits), LEAST_CHANCE, MOST_CHANCE))
