"""The kinds of evidence that rules can name: what is measured, in which unit, and how far it can get."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from quality.inference.gold_limits import DRIFT, step
from quality.inference.intervals import lower_bound
from quality.inference.people import change, classes, gap, streaks, timing
from quality.inference.people.guessing import guessing

Reach = Callable[[int, int], float]

MOST_TRIED = 400  # answers after which every test has reached its limit, if it ever does
TOGETHER = ("gold", "agreement", "gap", "timing", "copying")


@dataclass(frozen=True)
class Kind:
    """One kind of evidence.

    family     observations it rests on: two kinds of one family are not two pieces of evidence
    unit       what the threshold counts, in words
    usual      threshold at which honest people are hardly ever met
    least      answers (of the sort it looks at) below which it says nothing
    reach      the most it can say, of (window, labels); a window of 0 is the whole record
    gold       it needs gold items
    codes      it needs a closed set of labels that are right or wrong
    whole      it can only look at whole records: no window
    """

    name: str
    family: str
    unit: str
    usual: float
    least: int
    reach: Reach
    gold: bool = False
    codes: bool = True
    whole: bool = False


def _no_end(_window: int, _labels: int) -> float:
    return float("inf")


@lru_cache(maxsize=512)
def _test_reach(window: int, labels: int) -> float:
    """How near its limit the test gets when every one of so many answers is wrong."""
    n = min(window or MOST_TRIED, MOST_TRIED)
    said, truth = np.arange(n) % labels, (np.arange(n) + 1) % labels
    found = guessing(np.zeros(n, dtype=np.int64), said, np.eye(labels)[truth], n_annotators=1)
    return found[0].statistic


def _stretch_reach(window: int, labels: int) -> float:
    n = window or MOST_TRIED
    return (n * step(1.0 / labels).wrong - float(np.log(n))) / change.THRESHOLD


def _streak_reach(window: int, labels: int) -> float:
    surprise = -float(np.log((1.0 - DRIFT) / (labels - 1)))
    return window * surprise - float(np.log(window)) if window else float("inf")


def _drop_reach(window: int, _labels: int) -> float:
    return float(np.sqrt(window)) if window else float("inf")


def _gold_share(window: int, _labels: int) -> float:
    return lower_bound(window, 0) if window else 1.0


def _unread_share(window: int, _labels: int) -> float:
    return lower_bound(window, 0, confidence=0.99) if window else 1.0


def _whole_share(_window: int, _labels: int) -> float:
    return float(len(TOGETHER))


_ALL = (
    Kind(
        "gold", "gold", "share of the gold test's limit that is reached; 1 is failing",
        1.0, 1, _test_reach, gold=True, codes=False,
    ),
    Kind(
        "gold_errors", "gold", "share of wrong answers to gold that is certain at 95 %",
        0.5, 1, _gold_share, gold=True, codes=False,
    ),
    Kind(
        "bad_stretch", "agreement",
        "how clearly the worst stretch of answers is guessed, by others and confirmed by gold; 1 is clear",
        1.0, change.LEAST_ANSWERS, _stretch_reach,
    ),
    Kind(
        "peers", "agreement", "share of the limit of the same test against what other people say",
        1.0, 1, _test_reach,
    ),
    Kind(
        "gold_and_peers", "agreement",
        "share of that limit by gold and others together, where gold alone is at least half way",
        1.0, 1, _test_reach, gold=True,
    ),
    Kind(
        "gold_gap", "gap", "standard errors by which gold is answered better than the rest",
        gap.THRESHOLD, gap.LEAST_GOLD + gap.LEAST_OTHERS, _no_end, gold=True,
    ),
    Kind(
        "unread", "timing", "share of answers faster than reading that is certain at 99 %",
        timing.THRESHOLD, timing.LEAST_ANSWERS, _unread_share, codes=False,
    ),
    Kind(
        "streak", "agreement", "log odds against so many equal answers in a row",
        streaks.THRESHOLD, streaks.SHORTEST, _streak_reach,
    ),
    Kind(
        "copying", "copying", "log odds for copied answers, as a share of the usual limit",
        1.0, 10, _no_end, whole=True,
    ),
    Kind(
        "weak_class", "agreement", "standard errors under the others on one label",
        classes.WEAK, 2 * classes.LEAST_OF_CLASS, _no_end,
    ),
    Kind(
        "class_drift", "agreement", "standard errors by which one label got worse",
        classes.DRIFTED, 2 * classes.LEAST_OF_CLASS, _drop_reach,
    ),
    Kind(
        "camp", "camp", "1 for who belongs to the one of two camps that gold shows to be wrong",
        1.0, 1, lambda _window, _labels: 1.0, gold=True, whole=True,
    ),
    Kind(
        "together", "", "independent sorts of evidence that speak against the person at once",
        2.0, 1, _whole_share, codes=False, whole=True,
    ),
)  # fmt: skip

KINDS = {kind.name: kind for kind in _ALL}
