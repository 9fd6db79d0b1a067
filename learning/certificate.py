"""How much of the pool the machine may label: "at most e wrong, with probability 1 - d".

A random sample of the audited region is labeled by experts, unseen by training and by the choice
of anything here. The most confident share c of the region is tried in a fixed order, small shares
first, and each is tested for "more than e wrong" by an exact binomial test at level d; the first
that is not rejected ends the sequence (fixed-sequence testing; Angelopoulos et al., 2021, "Learn
then Test"). So the whole sequence costs one d, however many shares it tries. The order is fixed by
the pool's confidences alone: a threshold belongs to each share, and no audit label moves it.

Three things that break the bound, each seen in simulation:
* the largest share whose *observed* error is at most e (``naive_share``), kept for the test;
* several looks at a growing audit without paying for them: ``looks`` splits d;
* accepting anything outside the region from which the audit was drawn: ``Region``.

The bound holds for the expert's labels. Crowd labels in their place certify nothing.

People may be asked about some of the items while the audit runs. In the worst case those were all
right, so what is left of a share is held to its bound only if the whole share passes a stricter one:
``error`` times the part that is left (``left``).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SHARES = np.arange(1, 21) / 20  # the order of the tests: 5 %, 10 %, ... of the region


@dataclass(frozen=True)
class Promise:
    """At most ``error`` wrong among the accepted, with probability at least 1 - ``risk``.

    ``looks`` times at most may the growing audit be judged; each look spends its part of the risk.
    ``assumed``: errors that the audit does not see, as a share (``learning.screening``).
    """

    error: float
    risk: float = 0.05
    looks: int = 1
    assumed: float = 0.0

    def __post_init__(self) -> None:
        if not (0 < self.error < 1 and 0 < self.risk < 1 and self.looks >= 1):
            raise ValueError("error and risk lie between 0 and 1, looks are at least 1")
        if not 0 <= self.assumed < self.error:
            raise ValueError("what is assumed leaves nothing of the error")

    @property
    def level(self) -> float:
        """Significance of each look."""
        return self.risk / self.looks


@dataclass(frozen=True)
class Region:
    """The part of the pool from which the audit is drawn: confidence at least ``floor``."""

    floor: float

    def holds(self, confidence: Floats) -> Bools:
        inside: Bools = confidence >= self.floor
        return inside


WHOLE_POOL = Region(-np.inf)


def region_of_share(confidence: Floats, share: float) -> Region:
    """The most confident ``share`` of the pool, ties included."""
    return Region(float(np.quantile(confidence, 1 - share, method="lower")))


@dataclass(frozen=True)
class Verdict:
    """``threshold``: accept items of the region with at least this confidence; None: nothing.

    ``share`` is the accepted part of the region, ``audited`` and ``wrong`` what the test of that
    share saw, ``p_value`` its result and ``at_best`` what it had been without one error. When nothing can be
    accepted they tell of the first test.
    """

    threshold: float | None
    share: float
    audited: int
    wrong: int
    p_value: float
    at_best: float = 1.0

    def accepts(self, confidence: Floats, region: Region = WHOLE_POOL) -> Bools:
        if self.threshold is None:
            return np.zeros(len(confidence), dtype=bool)
        return region.holds(confidence) & (confidence >= self.threshold)


def certify(
    pool: Floats, audit: Floats, wrong: Bools, promise: Promise, left: Bools | None = None
) -> Verdict:
    """The largest share that passes every test before it.

    ``pool[i]``: confidences of all items of the region. ``audit[j]`` and ``wrong[j]``: confidence of
    each audited item, and whether the expert's label differs from the machine's. ``left[i]``: nobody
    else was asked about item i since the audit was drawn (default: nobody about any). A share that could not
    pass even without one error is no test: how many were audited, and asked about, is no audit label.
    """
    if not len(pool):
        return Verdict(None, 0.0, 0, 0, 1.0)
    tests = _tests(pool, audit, wrong, promise.error, left, promise.assumed)
    judged = [test for test in tests if test.at_best <= promise.level]
    passed: Verdict | None = None
    for test in judged:
        if test.p_value > promise.level:
            break
        passed = test
    return passed or _nothing(judged or tests[-1:])


def fewest_audited(promise: Promise) -> int:
    """Audited items in a share without one error before it can pass at all."""
    return int(np.ceil(np.log(promise.level) / np.log1p(promise.assumed - promise.error)))


def p_value(audited: int, wrong: int, error: float) -> float:
    """P(at most so many wrong | the true error is ``error``)."""
    return float(bdtr(wrong, audited, error)) if audited else 1.0


def naive_share(pool: Floats, audit: Floats, wrong: Bools, error: float) -> Verdict:
    """The broken variant: the largest share with an observed error of at most ``error``."""
    accepted = Verdict(None, 0.0, 0, 0, 1.0)
    for test in _tests(pool, audit, wrong, error):
        if test.audited and test.wrong / test.audited <= error:
            accepted = test
    return accepted


def _tests(
    pool: Floats,
    audit: Floats,
    wrong: Bools,
    error: float,
    left: Bools | None = None,
    assumed: float = 0.0,
) -> list[Verdict]:
    """The test of each share, in the fixed order."""
    thresholds = np.quantile(pool, 1 - SHARES, method="lower")
    reached = _at_least(pool, thresholds)
    remaining = reached if left is None else _at_least(pool[left], thresholds)
    held = np.maximum(error * remaining / reached - assumed, 0)
    audited, errors = _at_least(audit, thresholds), _at_least(audit[wrong], thresholds)
    columns = (thresholds, reached / len(pool), audited, errors, held)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        Verdict(t, c, int(n), int(w), p_value(int(n), int(w), e), p_value(int(n), 0, e))
        for t, c, n, w, e in rows
    ]


def _at_least(values: Floats, thresholds: Floats) -> Floats:
    """How many values reach each threshold."""
    return len(values) - np.searchsorted(np.sort(values), thresholds).astype(np.float64)


def _nothing(tests: list[Verdict]) -> Verdict:
    first = tests[0]
    return Verdict(None, 0.0, first.audited, first.wrong, first.p_value, first.at_best)


@dataclass(frozen=True)
class Forecast:
    """Before the first audit answer: what an audit of this size is likely to bring.

    ``coverage``: expected accepted share of the region; ``nothing``: probability that nothing can
    be accepted; ``cost``: the experts' price, in the unit of the price given, for ``experts`` answers.
    """

    audited: int
    coverage: float
    nothing: float
    cost: float
    experts: float


def forecast(
    pool: Floats,
    audited: int,
    promise: Promise,
    rng: np.random.Generator,
    *,
    price: float = 1.0,
    rounds: int = 100,
) -> Forecast:
    """Simulated audits, taking the confidences at their word: an item is right with that chance.

    A model that is too sure of itself gets less than this; no promise rests on it.
    """
    verdicts = [_simulated(pool, audited, promise, rng) for _ in range(rounds if len(pool) else 0)]
    shares = np.array([verdict.share for verdict in verdicts] or [0.0])
    nothing = float((shares == 0).mean())
    return Forecast(audited, float(shares.mean()), nothing, audited * price, audited)


def _simulated(pool: Floats, audited: int, promise: Promise, rng: np.random.Generator) -> Verdict:
    drawn = rng.choice(pool, size=min(audited, len(pool)), replace=False)
    return certify(pool, drawn, rng.random(len(drawn)) >= drawn, promise)


def audit_sample(
    region_items: NDArray[np.int64], n: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """A uniform sample without repeats; a larger one begins with the smaller one of the same seed.

    So a second look adds to the first audit and stays a random sample of the region.
    """
    return rng.permutation(region_items)[:n]
