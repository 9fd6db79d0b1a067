"""All kinds of evidence about everybody in a project, and what they amount to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from quality.inference.intervals import lower_bound
from quality.inference.people.change import bad_stretch
from quality.inference.people.classes import class_drift, weak_class
from quality.inference.people.combine import Standing, combine
from quality.inference.people.copying import Copying, copying
from quality.inference.people.evidence import Evidence
from quality.inference.people.gap import gold_gap
from quality.inference.people.guessing import guessing
from quality.inference.people.peers import accuracy_among_peers, belief_of_others, soft_accuracy
from quality.inference.people.regular import information
from quality.inference.people.streaks import streaks
from quality.inference.people.timing import unread_answers

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Column = Sequence[Evidence | None]


@dataclass(frozen=True, eq=False)
class AnswerLog:
    """Answers in the order they were given; parallel arrays, codes from 0.

    seconds   by the server's clock, or None when there are no times
    gold      [item]: the answer known beforehand, -1 for items without
    """

    item: Codes
    annotator: Codes
    label: Codes
    gold: Codes
    n_annotators: int
    n_labels: int
    seconds: Floats | None = None

    @property
    def n_items(self) -> int:
        return self.gold.size


@dataclass(frozen=True, eq=False)
class Survey:
    """[annotator]: evidence of every kind and the standing; groups that answer alike."""

    evidence: tuple[tuple[Evidence, ...], ...]
    standing: tuple[Standing, ...]
    groups: tuple[tuple[int, ...], ...]
    accuracy: Floats


def survey(log: AnswerLog, rng: Generator) -> Survey:
    """Look at everybody. `rng` only thins items that very many people answered."""
    accuracy = accuracy_among_peers(
        log.item,
        log.annotator,
        log.label,
        n_items=log.n_items,
        n_annotators=log.n_annotators,
        n_labels=log.n_labels,
        gold=log.gold,
    )
    alike = _alike(log, accuracy, rng)
    alone = _alone(log, _belief(log, accuracy, gold=log.gold))
    columns = [*alone, _by_person(alike.evidence, log.n_annotators)]
    evidence = tuple(tuple(e for e in row if e is not None) for row in zip(*columns, strict=True))
    return Survey(evidence, tuple(combine(row) for row in evidence), alike.groups, accuracy)


def _belief(log: AnswerLog, accuracy: Floats, *, gold: Codes | None) -> Floats:
    return belief_of_others(
        log.item,
        log.annotator,
        log.label,
        accuracy,
        n_items=log.n_items,
        n_labels=log.n_labels,
        gold=gold,
    )


def _alike(log: AnswerLog, accuracy: Floats, rng: Generator) -> Copying:
    """Gold is left out of the belief: that an item misleads must show in the votes."""
    return copying(
        log.item,
        log.annotator,
        log.label,
        _belief(log, accuracy, gold=None),
        accuracy,
        rng,
        n_items=log.n_items,
        n_annotators=log.n_annotators,
    )


def _alone(log: AnswerLog, belief: Floats) -> list[Column]:
    """The kinds that look at one person at a time."""
    n, a, said = log.n_annotators, log.annotator, log.label
    is_gold = log.gold[log.item] >= 0
    columns: list[Column] = [
        guessing(a[part], said[part], belief[part], n_annotators=n, kind=kind)
        for kind, part in (("gold", is_gold), ("peers", ~is_gold))
    ]
    columns.append(guessing(a, said, belief, n_annotators=n, kind="gold_and_peers"))
    columns.append(gold_gap(a, said, belief, is_gold, n_annotators=n))
    columns.extend(
        kind(a, said, belief, n_annotators=n)
        for kind in (streaks, bad_stretch, weak_class, class_drift, information)
    )
    if log.seconds is not None:
        columns.append(_timing(log, log.seconds, belief))
    return columns


def _timing(log: AnswerLog, seconds: Floats, belief: Floats) -> Column:
    known = soft_accuracy(log.annotator, log.label, belief, n_annotators=log.n_annotators)
    right = np.clip(known.value, 0.0, 1.0) * known.answers
    bound = [lower_bound(r, n - r) for r, n in zip(right, known.answers, strict=True)]
    return unread_answers(
        log.item,
        log.annotator,
        seconds,
        n_items=log.n_items,
        n_annotators=log.n_annotators,
        accuracy_at_least=np.array(bound),
    )


def _by_person(evidence: Sequence[Evidence], n_annotators: int) -> Column:
    found = {e.annotator: e for e in evidence}
    return [found.get(a) for a in range(n_annotators)]
