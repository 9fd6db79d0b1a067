"""The categorical development sets and their thinned and two-class copies."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from datasets import dataset_path
from quality.inference.answers import NO_GOLD, Answers, Ints
from quality.inference.encoding import encode

NAMES = (
    "adult",
    "dog",
    "fact_eval",
    "product",
    "rte",
    "sp",
    "sp_amt",
    "temp",
    "weather_amt",
    "weather_cf",
    "web",
)


@dataclass(frozen=True)
class CrowdSet:
    """Answers and truth[i] (NO_GOLD where unknown; for scoring only)."""

    name: str
    answers: Answers
    truth: Ints


def load(name: str) -> CrowdSet:
    """One set as it was collected."""
    rows = rows_of(name, "answers")
    coded = encode(*zip(*rows, strict=True))
    known = [(item, label) for item, label in rows_of(name, "truth") if label in coded.labels]
    return CrowdSet(name, coded.answers, coded.gold(known))


def half(crowd: CrowdSet, seed: int) -> CrowdSet:
    """A random half of all answers."""
    n = len(crowd.answers)
    return _only(crowd, np.random.default_rng(seed).permutation(n)[: n // 2])


def three(crowd: CrowdSet, seed: int) -> CrowdSet:
    """Three random answers an item."""
    shuffled = np.random.default_rng(seed).permutation(len(crowd.answers))
    order = shuffled[np.argsort(crowd.answers.item[shuffled], kind="stable")]
    item = crowd.answers.item[order]
    return _only(crowd, order[np.arange(len(item)) - np.searchsorted(item, item) < 3])


def two_class(crowd: CrowdSet) -> Iterator[CrowdSet]:
    """Each class against the rest, of sets with more than two."""
    answers, truth = crowd.answers, crowd.truth
    for k in range(answers.n_labels if answers.n_labels > 2 else 0):
        label = (answers.label == k).astype(np.int64)
        sizes = (answers.n_items, answers.n_annotators, 2)
        known = np.where(truth == NO_GOLD, NO_GOLD, truth == k)
        yield CrowdSet(
            f"{crowd.name}:{k}", Answers(answers.item, answers.annotator, label, *sizes), known
        )


def columns(seeds: range = range(1, 3)) -> dict[str, list[CrowdSet]]:
    """The five columns of sets that truth inference is judged on."""
    full = [load(name) for name in NAMES]
    binary = [copy for crowd in full for copy in two_class(crowd)]
    return {
        "11 sets": full,
        "half": [half(crowd, seed) for seed in seeds for crowd in full],
        "3": [three(crowd, seed) for seed in seeds for crowd in full if crowd.name != "product"],
        "binary": binary,
        "binary half": [half(crowd, seed) for seed in seeds for crowd in binary],
    }


def _only(crowd: CrowdSet, rows: Ints) -> CrowdSet:
    """These answers and the items and people that still have one."""
    kept = crowd.answers.select(np.sort(rows))
    items, item = np.unique(kept.item, return_inverse=True)
    people, annotator = np.unique(kept.annotator, return_inverse=True)
    answers = Answers(item, annotator, kept.label, items.size, people.size, kept.n_labels)
    return CrowdSet(crowd.name, answers, crowd.truth[items])


def rows_of(name: str, file: str) -> list[list[str]]:
    with gzip.open(dataset_path(name) / f"{file}.csv.gz", "rt", newline="") as lines:
        return list(csv.reader(lines))[1:]
