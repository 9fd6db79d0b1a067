"""The sequential gold test: is this person guessing?

Each gold answer adds points, the log-likelihood ratio of two stories about the person:

    guessing   the answer follows the person's own habit q[l] (how often they say l), whatever the
               item; only with probability `tilt` it is right on purpose (0.05 above chance)
    working    right with probability DRIFT = 0.75, errors spread over the other labels

The habit is told in two ways, and each way has its own sums: EVEN, as if the person used all labels
alike, where the points are exactly those of chance + 0.05 against 0.75; and OWN, with the shares
of labels in this person's answers so far. OWN is what balances the classes: "always cat" on gold
that is 90 % cats earns nothing for the cats and everything against them for the rest, while
honest people, whose answers follow the items, gain most from rare classes. In neither way does a
right answer count against a person, nor a wrong one by more than CAP times that of EVEN.

`total` is the sum since the first answer, in both ways; it finds who never worked. `recent` is a
CUSUM (Page, 1954) of the EVEN points; it finds who stopped. A sum at its limit means "fail"; the
limits and their risk are computed in gold_limits.py. `credit` is the CUSUM of the OWN points with
the sign changed; at `ENOUGH` it means "pass" until it is lost again.

Peers can stand in for gold: `observe` takes the belief about the true label that the *other*
people's answers give. Gold is the belief that is 1 for one label. Weak beliefs earn few points,
and count as little evidence when the limit is looked up (`worth`).

    state = test.start()
    state = test.observe(state, label, test.certain(true_label))
    test.verdict(state)          # "watch", "pass" or "fail"
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from quality.inference.gold_limits import ABOVE_CHANCE, DRIFT, Limits, limits, step

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Verdict = Literal["watch", "pass", "fail"]

HABIT_WEIGHT = 8.0  # answers' worth of belief that a person uses all labels evenly
ENOUGH = 4.6  # odds of 100 to 1 for working
CAP = 2.0  # a wrong answer's points, at most, in those of EVEN
MARGIN = np.array([0.0, 1.0])  # the OWN habit is estimated, which adds luck to its sums
CREDIT_CAP = 2 * ENOUGH  # good work long ago is forgotten after a few wrong answers


@dataclass(frozen=True)
class GoldState:
    """All that the test remembers of a person; plain numbers, fit for a row or JSON."""

    said: tuple[float, ...]
    """[l]: how often label l was answered."""
    worth: float = 0.0
    """Evidence so far, in gold answers."""
    total: tuple[float, float] = (0.0, 0.0)
    """Sum of points, with an EVEN and with the OWN habit."""
    recent: float = 0.0
    credit: float = 0.0
    failed_at: float | None = None
    """`worth` when a limit was reached; the verdict stays "fail" until forgiven."""


@dataclass(frozen=True)
class GoldTest:
    """The test for a question with `n_labels` labels. Raises ValueError for fewer than two."""

    n_labels: int

    def __post_init__(self) -> None:
        if self.n_labels < 2:
            raise ValueError("a question needs at least two labels")

    @property
    def limits(self) -> Limits:
        return limits(1.0 / self.n_labels)

    def start(self) -> GoldState:
        return GoldState(said=(0.0,) * self.n_labels)

    def certain(self, true_label: int) -> Floats:
        """The belief that gold stands for."""
        belief = np.zeros(self.n_labels)
        belief[true_label] = 1.0
        return belief

    def observe(self, state: GoldState, label: int, belief: Floats) -> GoldState:
        """The state after one more answer; `belief[k]` that k is true, without this answer."""
        sums = _Sums.of([state])
        sums.add(np.array([0]), np.array([label]), belief[None], self.limits)
        return sums.states()[0]

    def verdict(self, state: GoldState) -> Verdict:
        if state.failed_at is not None:
            return "fail"
        return "pass" if state.credit >= ENOUGH else "watch"

    def forgive(self, state: GoldState) -> GoldState:
        """After a reversed decision: nothing held against the person, the record goes on."""
        even, own = (min(total, 0.0) for total in state.total)
        return replace(state, total=(even, own), recent=0.0, failed_at=None)

    def batch(
        self, person: Codes, label: Codes, belief: Floats, *, n_people: int
    ) -> list[GoldState]:
        """`observe` over many answers at once, in the order given; one state a person.

        `person` and `label` are [answer] codes, `belief` is [answer, k]. Work grows with the
        answers; people advance together, one answer each at a time.
        """
        sums = _Sums.of([self.start()] * n_people)
        for rows in _rounds(person):
            sums.add(person[rows], label[rows], belief[rows], self.limits)
        return sums.states()


def points(habit: Floats, label: Codes, belief: Floats) -> Floats:
    """[answer]: log P(answer | guessing) / P(answer | working); `habit` is [answer, l] shares."""
    n_labels = belief.shape[1]
    row = np.arange(label.size)
    tilt = ABOVE_CHANCE * n_labels / (n_labels - 1)
    right = belief[row, label]
    guessing = (1.0 - tilt) * habit[row, label] + tilt * right
    working = DRIFT * right + (1.0 - DRIFT) / (n_labels - 1) * (1.0 - right)
    gain: Floats = np.log(guessing / working)
    most = np.where(right >= 0.5, 0.0, CAP * step(1.0 / n_labels).wrong)
    return np.minimum(gain, most)


def both_points(said: Floats, label: Codes, belief: Floats) -> Floats:
    """[answer, EVEN or OWN]: the points; `said` is [answer, l], how often l was said before."""
    even = np.full_like(said, 1.0 / said.shape[1])
    own = (said + HABIT_WEIGHT * even) / (said.sum(axis=1, keepdims=True) + HABIT_WEIGHT)
    return np.stack([points(even, label, belief), points(own, label, belief)], axis=1)


def evidence_worth(belief: Floats) -> Floats:
    """[answer]: 1 for a certain belief, 0 for an even one; quadratic, as its information is."""
    n_labels = belief.shape[1]
    worth: Floats = ((n_labels * belief.max(axis=1) - 1.0) / (n_labels - 1)) ** 2
    return worth


def _rounds(person: Codes) -> list[Codes]:
    """Indexes of everybody's first answers, then of the second ones, and so on."""
    order = np.argsort(person, kind="stable")
    grouped = person[order]
    start = np.searchsorted(grouped, grouped)
    nth = np.empty(person.size, dtype=np.int64)
    nth[order] = np.arange(person.size) - start
    by_round = np.argsort(nth, kind="stable")
    return np.split(by_round, np.cumsum(np.bincount(nth))[:-1]) if person.size else []


@dataclass(frozen=True, eq=False)
class _Sums:
    """The columns of GoldState for many people; `total` is [person, EVEN or OWN]."""

    said: Floats
    worth: Floats
    total: Floats
    recent: Floats
    credit: Floats
    failed_at: Floats

    @classmethod
    def of(cls, states: Sequence[GoldState]) -> Self:
        def column(name: str) -> Floats:
            return np.array([getattr(state, name) for state in states], dtype=np.float64)

        return cls(*(column(field.name) for field in fields(cls)))  # None becomes NaN

    def add(self, who: Codes, label: Codes, belief: Floats, limit: Limits) -> None:
        """One answer of each person in `who`, all different."""
        gain = both_points(self.said[who], label, belief)
        self.said[who, label] += 1.0
        self.worth[who] += evidence_worth(belief)
        self.total[who] += gain
        self.recent[who] = np.maximum(0.0, self.recent[who] + gain[:, 0])
        self.credit[who] = np.clip(self.credit[who] - gain[:, 1], 0.0, CREDIT_CAP)
        self._fail(who, limit)

    def _fail(self, who: Codes, limit: Limits) -> None:
        t = np.minimum(self.worth[who].astype(np.int64), limit.total.size - 1)
        over_total = self.total[who] >= limit.total[t, None] + MARGIN
        over = over_total.any(axis=1) | (self.recent[who] >= limit.recent[t])
        new = who[over & np.isnan(self.failed_at[who])]
        self.failed_at[new] = self.worth[new]

    def states(self) -> list[GoldState]:
        rows = zip(*(getattr(self, field.name).tolist() for field in fields(self)), strict=True)
        return [
            GoldState(tuple(said), worth, tuple(total), recent, credit, _or_none(failed_at))
            for said, worth, total, recent, credit, failed_at in rows
        ]


def _or_none(number: float) -> float | None:
    return None if np.isnan(number) else number
