"""What a choice of redundancy will cost, before anybody has answered.

A small simulation of the stopping rule: people of a typical crowd answer one item after the other until
the belief about it reaches the target, or the most answers are given. Everybody is right with the same
chance and errs evenly over the other labels; real crowds are mixed, so the figure comes as a band between
a careless and a careful crowd.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

ITEMS = 2000
SEED = 20
CARELESS, TYPICAL, CAREFUL = 0.72, 0.82, 0.92
EVERYBODY = 8  # more labels than this change nothing that matters here


@dataclass(frozen=True)
class Outlook:
    """Answers for each item and the share of labels that will be right, in one kind of crowd."""

    answers: float
    accuracy: float


@dataclass(frozen=True)
class Estimate:
    """The outlook in a careless, a typical and a careful crowd."""

    careless: Outlook
    typical: Outlook
    careful: Outlook


@lru_cache(maxsize=256)
def estimate(n_labels: int, *, target: float, fewest: int, most: int) -> Estimate:
    """For items with one right label of ``n_labels``."""
    kinds = min(max(n_labels, 2), EVERYBODY)
    crowds = (CARELESS, TYPICAL, CAREFUL)
    return Estimate(*(_outlook(kinds, right, target, fewest, most) for right in crowds))


def _outlook(kinds: int, right: float, target: float, fewest: int, most: int) -> Outlook:
    rng = np.random.default_rng(SEED)
    said = _answers(rng, kinds, right, most)
    evidence = np.log(right * (kinds - 1) / (1 - right))
    seen = (said[:, :, None] == np.arange(kinds)).cumsum(axis=1) * evidence  # [item, vote, label]
    belief = np.exp(seen - seen.max(axis=2, keepdims=True))
    belief /= belief.sum(axis=2, keepdims=True)
    enough = belief.max(axis=2) >= target
    enough[:, : fewest - 1] = False
    enough[:, -1] = True
    last = enough.argmax(axis=1)
    label = seen[np.arange(ITEMS), last].argmax(axis=1)
    return Outlook(float(last.mean() + 1), float((label == 0).mean()))


def _answers(
    rng: np.random.Generator, kinds: int, right: float, most: int
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """[item, vote]: label 0 is the right one."""
    wrong = rng.integers(1, kinds, size=(ITEMS, most))
    return np.where(rng.random((ITEMS, most)) < right, 0, wrong)
