"""Limits of the sequential gold test, computed exactly.

The test (gold_test.py) keeps two sums of points, `total` since the first gold answer and `recent`
since the sum was last zero (a CUSUM). Each fails a person on reaching a limit. The limits are
those at which a person with an accuracy of 0.80 (`HONEST`) is failed by mistake with probability
at most `RISK`, over a whole career:

* the risk is spent over the answers by a schedule: for `total` evenly over the first 60, for
  `recent` as 1 / (t + 50)^1.5, whose sum is finite, so that no number of answers exhausts it;
* the distribution of the sum of the people not failed yet is carried from answer to answer, and
  the limit after t answers is the lowest one that keeps within the risk spent so far.

The idea is the spending function of Lan and DeMets (1983), "Discrete sequential boundaries for
clinical trials"; the CUSUM is Page's (1954), "Continuous inspection schemes". For `total` the state
is the number of wrong answers and nothing is rounded; for `recent` the points are rounded up to
`GRID`, which can only raise the limits. `total` never goes under `LEAST`: with many answers a
person of accuracy 0.65 could be told from one of 0.80 too, but would not be guessing.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRIFT = 0.75  # accuracy that counts neither for nor against a person, nearly
ABOVE_CHANCE = 0.05  # who is this little above chance is to be found
HONEST = 0.80
RISK = 0.003  # of each sum; together 0.6 %, which leaves room for uneven classes
TRIAL = 60  # the risk of `total` is spent over so many answers
LEAST = 2.0  # odds of about 7 to 1 for guessing
HORIZON = 2000  # beyond it the limits stay
GRID = 0.02


@dataclass(frozen=True)
class Step:
    """Points of one right and one wrong answer: log-likelihood ratios of `bad` to DRIFT."""

    right: float
    wrong: float


@dataclass(frozen=True, eq=False)
class Limits:
    """[t]: the limit after t gold answers, t = 0 .. HORIZON."""

    total: Floats
    recent: Floats

    def at(self, worth: float) -> tuple[float, float]:
        """Both limits after `worth` answers; between whole numbers, the earlier (higher) one."""
        t = min(int(worth), HORIZON)
        return float(self.total[t]), float(self.recent[t])


def step(chance: float) -> Step:
    """Points when a person without knowledge is right with probability `chance`."""
    bad = chance + ABOVE_CHANCE
    if not chance >= 0.0 or bad >= DRIFT:
        raise ValueError(f"chance must lie in [0, {DRIFT - ABOVE_CHANCE:.2f})")
    return Step(float(np.log(bad / DRIFT)), float(np.log((1 - bad) / (1 - DRIFT))))


@lru_cache(maxsize=256)
def limits(chance: float) -> Limits:
    """The limits for a question whose chance level is `chance` (1 / number of labels)."""
    points = step(chance)
    return Limits(_total_limits(points), _recent_limits(points))


def _total_limits(points: Step) -> Floats:
    spent_by = RISK * np.minimum(np.arange(HORIZON + 1) / TRIAL, 1.0)
    limit = np.full(HORIZON + 1, np.inf)
    alive = np.ones(1)  # [wrong]: probability of so many wrong answers, not failed yet
    spent = 0.0
    for t in range(1, TRIAL + 1):
        alive = np.append(alive, 0.0) * HONEST + np.append(0.0, alive) * (1 - HONEST)
        tail = np.cumsum(alive[::-1])  # P(at least so many wrong), the most first
        failing = int(np.searchsorted(tail, spent_by[t] - spent, side="right"))
        if failing:
            wrong = t + 1 - failing
            spent += float(tail[failing - 1])
            alive[wrong:] = 0.0
            limit[t] = points.wrong * wrong + points.right * (t - wrong)
    limit[TRIAL + 1 :] = limit[TRIAL]
    np.maximum(limit, LEAST, out=limit)
    return limit


def _recent_limits(points: Step) -> Floats:
    t = np.arange(HORIZON + 1)
    weight = (t + 50.0) ** -1.5
    weight[0] = 0.0
    spent_by = RISK * np.cumsum(weight) / (weight.sum() + 2.0 * (HORIZON + 50.0) ** -0.5)
    limit = np.full(HORIZON + 1, np.inf)
    up, down = round(points.wrong / GRID + 0.499), int(-points.right / GRID)
    alive = np.zeros(int(25.0 / GRID))  # [points / GRID]; nobody gets near 25 unnoticed
    alive[0] = 1.0
    spent = 0.0
    for now in range(1, HORIZON + 1):
        alive = _walk(alive, up, down)
        tail = np.cumsum(alive[::-1])
        failing = int(np.searchsorted(tail, spent_by[now] - spent, side="right"))
        if failing and tail[failing - 1] > 0.0:  # else nobody can have got there yet
            lowest = alive.size - failing
            spent += float(tail[failing - 1])
            alive[lowest:] = 0.0
            limit[now] = lowest * GRID
    return limit


def _walk(alive: Floats, up: int, down: int) -> Floats:
    """One answer further: up when wrong, down (not below zero) when right."""
    moved = np.zeros_like(alive)
    moved[up:] = alive[: alive.size - up] * (1 - HONEST)
    moved[: alive.size - down] += alive[down:] * HONEST
    moved[0] += alive[:down].sum() * HONEST
    return moved
