"""Playing a whole project: every item gets its seats, people work side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from quality.simulation.person import Person

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Campaign:
    """All answers in the order they were given: parallel arrays, one entry an answer."""

    item: Codes
    annotator: Codes
    label: Codes
    seconds: Floats
    truth: Codes
    """True label of each item (not of each answer)."""
    gold: NDArray[np.bool_]
    """Which items are gold."""


def run(
    people: Sequence[Person],
    truth: Codes,
    rng: Generator,
    *,
    redundancy: int = 5,
    gold: Codes | None = None,
) -> Campaign:
    """Give each item to `redundancy` people; each gold item (by index) to everybody.

    Who answers what is random, and so is the order, in which everybody's gold is spread evenly.
    """
    is_gold = np.zeros(truth.size, dtype=bool)
    is_gold[gold if gold is not None else []] = True
    item, annotator = _seats(len(people), is_gold, min(redundancy, len(people)), rng)
    order = rng.permutation(item.size)
    item, annotator = item[order], annotator[order]
    label, seconds = _play(people, item, annotator, truth)
    return Campaign(item, annotator, label, seconds, truth, is_gold)


def _seats(
    n_people: int, is_gold: NDArray[np.bool_], redundancy: int, rng: Generator
) -> tuple[Codes, Codes]:
    work = np.flatnonzero(~is_gold)
    drawn = np.argsort(rng.random((work.size, n_people)), axis=1)[:, :redundancy]
    gold_items = np.flatnonzero(is_gold)
    item = np.concatenate([np.repeat(work, redundancy), np.repeat(gold_items, n_people)])
    annotator = np.concatenate([drawn.ravel(), np.tile(np.arange(n_people), gold_items.size)])
    return item, annotator


def _play(
    people: Sequence[Person], item: Codes, annotator: Codes, truth: Codes
) -> tuple[Codes, Floats]:
    given = [0] * len(people)
    label = np.empty(item.size, dtype=np.int64)
    seconds = np.empty(item.size)
    for n, (i, a) in enumerate(zip(item.tolist(), annotator.tolist(), strict=True)):
        label[n] = people[a].answer(int(truth[i]), i, given[a])
        seconds[n] = people[a].seconds(i, given[a])
        given[a] += 1
    return label, seconds
