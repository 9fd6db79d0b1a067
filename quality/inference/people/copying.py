"""Answers that are too much alike: copying, and many accounts of one person.

For every two people with items in common, two stories are compared, item by item:

    apart      b gives a's label with the probability p that b's accuracy, the belief of the others,
               the item's own answers (hard items mislead honest people alike) and b's own habit
               on items of this kind explain (two who swap the same labels do not copy)
    copied     with probability c b repeats a's label, else as above; c is one of COPIED, which
               count alike

Agreeing on what is likely tells little, agreeing on an error much, and one disagreement takes off
log(1 - c): people of one honest view differ in single answers, copies do not. If the first
story is true, the sum of log ratios reaches s with probability at most exp(-s), so the threshold
is log(pairs / RISK). The pairs over it are joined into groups.

Work grows with the sum over items of answers squared, so items that very many answered are thinned
to `MOST_ANSWERS`; nothing is kept of pairs that never met.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from quality.inference.people.evidence import Evidence

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

COPIED = (0.95, 0.8)  # exact copies, and copies with a few answers changed to hide it
RISK = 0.003  # that anybody at all is accused in a crowd where all work apart
MOST_ANSWERS = 25
ITEM_SHARE = 0.2  # how far the item's other answers may explain an error beyond the belief
LEAST_CHANCE = 0.02
MOST_TRUST = 0.9  # a group that copies looks better than it is, as it agrees with itself
HABIT_WEIGHT = 3.0
LEAST_COMMON = 10


@dataclass(frozen=True, eq=False)
class Pairs:
    """Everybody who met, one row a pair with first < second: items in common, agreements, sum."""

    first: Codes
    second: Codes
    common: Codes
    agreed: Codes
    score: Floats


@dataclass(frozen=True, eq=False)
class Copying:
    """`groups` of at least two, largest first; `evidence` on each member; all `pairs` looked at."""

    groups: tuple[tuple[int, ...], ...]
    evidence: tuple[Evidence, ...]
    pairs: Pairs
    threshold: float


def copying(
    item: Codes,
    annotator: Codes,
    label: Codes,
    belief: Floats,
    accuracy: Floats,
    rng: Generator,
    *,
    n_items: int,
    n_annotators: int,
) -> Copying:
    """Who copies whom. `belief` is of the others, best without gold; `accuracy` is [annotator]."""
    kept = _thin(item, rng)
    item, annotator, label, belief = item[kept], annotator[kept], label[kept], belief[kept]
    pairs = _compare(item, annotator, label, belief, accuracy, n_items, n_annotators)
    threshold = float(np.log(max(pairs.score.size, 1) / RISK))
    guilty = (pairs.score >= threshold) & (pairs.common >= LEAST_COMMON)
    groups = _groups(pairs.first[guilty], pairs.second[guilty], n_annotators)
    evidence = tuple(_evidence(a, g, pairs, guilty, threshold) for g in groups for a in g)
    return Copying(groups, evidence, pairs, threshold)


def _thin(item: Codes, rng: Generator) -> Codes:
    """Indexes of answers, by item, at most MOST_ANSWERS of each."""
    order = np.lexsort((rng.random(item.size), item))
    sorted_item = item[order]
    nth = np.arange(item.size) - np.searchsorted(sorted_item, sorted_item)
    return order[nth < MOST_ANSWERS]


def _compare(
    item: Codes,
    annotator: Codes,
    label: Codes,
    belief: Floats,
    accuracy: Floats,
    n_items: int,
    n_annotators: int,
) -> Pairs:
    """Answers come sorted by item, so those of one item are 1, 2, ... rows apart."""
    n_labels = belief.shape[1]
    said = np.bincount(item * n_labels + label, minlength=n_items * n_labels)
    answers = np.bincount(item, minlength=n_items)
    habit = _Habit(annotator, belief.argmax(axis=1), label, n_labels)
    table = _Table(n_annotators)
    for apart in range(1, MOST_ANSWERS):
        a = np.flatnonzero(item[apart:] == item[:-apart])
        if a.size == 0:
            break
        a = a[annotator[a] != annotator[a + apart]]
        b = a + apart
        others = np.maximum(answers[item[a]] - 2, 1)
        agree = label[a] == label[b]
        scores = np.zeros((len(COPIED), a.size))
        for one, two in ((a, b), (b, a)):  # each as the one who may have copied
            share = (said[item[one] * n_labels + label[one]] - 1 - agree) / others
            chance = np.maximum(
                _chance(belief[two, label[one]], accuracy[annotator[two]], share, n_labels),
                habit.of(two, label[one], agree),
            )
            scores += 0.5 * np.stack([_log_ratio(agree, chance, copied) for copied in COPIED])
        table.add(annotator[a], annotator[b], agree, scores)
    return table.pairs()


def _chance(belief: Floats, accuracy: Floats, share: Floats, n_labels: int) -> Floats:
    """That a person working apart gives a label that is held with `belief`."""
    trust = np.minimum(accuracy, MOST_TRUST)
    own = trust * belief + (1.0 - trust) / (n_labels - 1) * (1.0 - belief)
    return np.clip((1.0 - ITEM_SHARE) * own + ITEM_SHARE * share, LEAST_CHANCE, 1.0)


def _log_ratio(agree: NDArray[np.bool_], chance: Floats, copied: float) -> Floats:
    together = np.log((copied + (1.0 - copied) * chance) / chance)
    return np.where(agree, together, np.log(1.0 - copied))


class _Habit:
    """How often each person gives a label to items that the others hold to be of some label."""

    def __init__(self, annotator: Codes, likely: Codes, label: Codes, n_labels: int) -> None:
        self.n_labels = n_labels
        self.group = annotator * n_labels + likely
        self.groups, self.group_size = np.unique(self.group, return_counts=True)
        self.cells, self.cell_size = np.unique(self.group * n_labels + label, return_counts=True)

    def of(self, row: Codes, label: Codes, agree: NDArray[np.bool_]) -> Floats:
        """[row]: the share of `label` in the same person's other answers of the same group.

        The row's own answer is left out; HABIT_WEIGHT answers of another label are added. For the
        likely label itself it is 0: that a group agrees with itself is no habit that explains it.
        """
        cell = self.group[row] * self.n_labels + label
        where = np.minimum(np.searchsorted(self.cells, cell), self.cells.size - 1)
        given = np.where(self.cells[where] == cell, self.cell_size[where], 0) - agree
        size = self.group_size[np.searchsorted(self.groups, self.group[row])] - 1
        unlikely = self.group[row] % self.n_labels != label
        return np.where(unlikely, given / (size + HABIT_WEIGHT), 0.0)


class _Table:
    """Sums for each pair that met, merged one distance at a time to keep memory small."""

    def __init__(self, n_annotators: int) -> None:
        self.n_annotators = n_annotators
        self.key = np.empty(0, dtype=np.int64)
        self.sums = np.empty((2 + len(COPIED), 0))  # common, agreed, a score for each of COPIED

    def add(self, a: Codes, b: Codes, agree: NDArray[np.bool_], scores: Floats) -> None:
        key = np.minimum(a, b) * self.n_annotators + np.maximum(a, b)
        every = np.concatenate([self.key, key])
        new = np.stack([np.ones(key.size), agree.astype(float), *scores])
        rows = np.concatenate([self.sums, new], axis=1)
        self.key, where = np.unique(every, return_inverse=True)
        self.sums = np.stack([np.bincount(where, row, minlength=self.key.size) for row in rows])

    def pairs(self) -> Pairs:
        common, agreed, *scores = self.sums
        score = np.logaddexp.reduce(scores, axis=0) - np.log(len(COPIED))
        first, second = np.divmod(self.key, max(self.n_annotators, 1))
        return Pairs(first, second, common.astype(np.int64), agreed.astype(np.int64), score)


def _groups(first: Codes, second: Codes, n_annotators: int) -> tuple[tuple[int, ...], ...]:
    links = coo_array((np.ones(first.size), (first, second)), shape=(n_annotators, n_annotators))
    of_person = connected_components(links, directed=False)[1]
    members = np.unique(np.concatenate([first, second]))
    found: dict[int, list[int]] = {}
    for person in members.tolist():
        found.setdefault(int(of_person[person]), []).append(person)
    return tuple(sorted((tuple(g) for g in found.values()), key=len, reverse=True))


def _evidence(
    person: int,
    group: tuple[int, ...],
    pairs: Pairs,
    guilty: NDArray[np.bool_],
    threshold: float,
) -> Evidence:
    mine = np.flatnonzero(guilty & ((pairs.first == person) | (pairs.second == person)))
    worst = mine[pairs.score[mine].argmax()]
    common, agreed = int(pairs.common[worst]), int(pairs.agreed[worst])
    return Evidence(
        annotator=person,
        kind="copying",
        family="copying",
        statistic=float(pairs.score[worst]),
        threshold=threshold,
        counts={"common": common, "agreed": agreed, "group": len(group)},
        reason=(
            f"{agreed} of {common} answers in common with another account are the same, errors "
            f"included; {len(group)} accounts answer like this."
        ),
    )
