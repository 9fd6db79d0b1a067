"""Whom gold alone is too slow to notice: a bad stretch that others see and gold confirms.

Others (and the model) have an opinion about every answer, gold only about a few. So the stretch is
looked for in all answers, gold among them (people/change.py), and gold has to point the same way
inside it: an honest person of another view disagrees with the others, but not with gold. Where gold
has had no say, the stretch must be ``OVERWHELMING``.
"""

from dataclasses import dataclass

import numpy as np

from quality.inference.answers import Bools, Floats, Ints
from quality.inference.gold_test import points
from quality.inference.people.change import THRESHOLD, worst_stretch

LEAST_ANSWERS = 10
CONFIRMED = float(np.log(3.0))  # odds for guessing from the gold answers inside the stretch
OVERWHELMING = 3.0  # times the usual threshold


@dataclass(frozen=True)
class Stretch:
    """``start`` and ``end`` (excluded) in the person's own answers; sums of log odds for guessing."""

    start: int
    end: int
    total: float
    gold: float

    @property
    def noticed(self) -> bool:
        times = (self.total - float(np.log(max(self.end, 1)))) / THRESHOLD
        return (times >= 1 and self.gold >= CONFIRMED) or (times >= OVERWHELMING and self.gold >= 0)


def worst(label: Ints, belief: Floats, known: Bools) -> Stretch:
    """The worst stretch of one person's answers, in order; ``belief[v, k]`` is of the others."""
    even = np.full_like(belief, 1.0 / belief.shape[1])
    gain = points(even, label, belief)
    start, end, total = worst_stretch(gain)
    inside = np.arange(label.size)[known]
    inside = inside[(inside >= start) & (inside < end)]
    return Stretch(start, end, total, float(gain[inside].sum()))


def stretches(annotator: Ints, label: Ints, belief: Floats, known: Bools, n: int) -> list[Stretch]:
    """One for each of ``n`` annotators."""
    order = np.argsort(annotator, kind="stable")
    rows = np.split(order, np.searchsorted(annotator[order], np.arange(1, n)))
    return [worst(label[own], belief[own], known[own]) for own in rows]
