"""Drawn boxes grouped by the object they mean, and whether that object exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from quality.inference.box_geometry import Box, match, overlap
from quality.inference.evidence import design_effect
from quality.inference.known import Known
from quality.inference.typed_answers import Floats, Ints, TypedAnswers, sums

PRIOR_GROUPS = 5.0  # groups' worth of the crowd's rates in a person's
PASSES = 2  # over the answers of an item: the second with groups that have settled


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups of item i are ``first[i] .. first[i] + count[i]``; ``box[g]`` is the merged box.

    ``member_group[m]`` and ``member[m]``: that group has a box of that annotator. ``known[g]`` is
    1 or 0 where gold says whether the group is an object, else NaN.
    """

    first: Ints
    count: Ints
    box: Floats
    member_group: Ints
    member: Ints
    known: Floats


@dataclass(slots=True, eq=False)
class _Group:
    """``box`` is the merged box so far; it gathers ``drawn`` boxes of ``rows``."""

    box: Floats
    rows: list[int]
    drawn: list[Floats]
    known: float = np.nan


def group(
    answers: TypedAnswers[Sequence[Box]],
    drawn: list[Floats],
    agreement: Floats,
    weight: Floats,
    known: Known[Floats],
    *,
    least_overlap: float,
) -> Groups:
    """Match the boxes of each item, beginning with the answer that agrees most with the others."""
    right = dict(zip(known.item.tolist(), known.value, strict=True))
    found: list[list[_Group]] = []
    for i, rows in enumerate(answers.rows_by_item()):
        best_first = rows[np.argsort(-agreement[rows], kind="stable")].tolist()
        if i in right:
            found.append(_against(right[i], best_first, drawn, least_overlap))
            continue
        of_row = {row: float(weight[answers.annotator[row]]) for row in best_first}
        groups: list[_Group] = []
        for _ in range(PASSES):
            groups = _matched(groups, best_first, drawn, of_row, least_overlap)
        found.append(groups)
    return _flat(answers, found)


def existence(answers: TypedAnswers[Sequence[Box]], groups: Groups, *, rounds: int) -> Floats:
    """[g]: probability that the group is a real object."""
    item = np.repeat(np.arange(answers.n_items), groups.count)
    people = answers.per_item()[item]
    drew = np.bincount(groups.member_group, minlength=item.size)
    unknown = np.isnan(groups.known)
    probability = np.where(unknown, drew / np.maximum(people, 1), groups.known)
    for _ in range(rounds if item.size else 0):
        found, invented = _rates(answers, groups, item, probability)
        believed = _existence(answers, groups, item, found, invented, probability)
        probability = np.where(unknown, believed, groups.known)
    return probability


def _matched(
    groups: list[_Group],
    rows: list[int],
    drawn: list[Floats],
    weight: dict[int, float],
    least_overlap: float,
) -> list[_Group]:
    fresh = [_Group(g.box, [], []) for g in groups]
    for row in rows:
        _join(fresh, row, drawn[row], least_overlap)
    kept = [g for g in fresh if g.rows]
    for g in kept:
        g.box = weighted_median(np.array(g.drawn), np.array([weight[row] for row in g.rows]))
    return kept


def _against(
    right: Floats, rows: list[int], drawn: list[Floats], least_overlap: float
) -> list[_Group]:
    """A group for each known box, drawn or not, and groups that are known to be nothing."""
    groups = [_Group(box, [], [], known=1.0) for box in right]
    for row in rows:
        _join(groups, row, drawn[row], least_overlap)
    for g in groups[len(right) :]:
        g.known = 0.0
    return groups


def _join(groups: list[_Group], row: int, boxes: Floats, least_overlap: float) -> None:
    places = np.array([g.box for g in groups]).reshape(-1, 4)
    mine, theirs = match(overlap(boxes, places), least=least_overlap)
    for box, place in zip(mine, theirs, strict=True):
        groups[place].rows.append(row)
        groups[place].drawn.append(boxes[box])
    left_over = sorted(set(range(len(boxes))) - set(mine.tolist()))
    groups.extend(_Group(boxes[box], [row], [boxes[box]]) for box in left_over)


def weighted_median(boxes: Floats, weight: Floats) -> Floats:
    """[4]: weighted median of each side; the middle of two where the weights split evenly."""
    order = np.argsort(boxes, axis=0, kind="stable")
    ordered = np.take_along_axis(boxes, order, axis=0)
    reached = np.cumsum(weight[order], axis=0)
    half = reached[-1] / 2.0
    slack = 1e-9 * half
    low = (reached < half - slack).sum(axis=0)
    high = np.minimum((reached <= half + slack).sum(axis=0), len(boxes) - 1)
    side = np.arange(4)
    middle: Floats = 0.5 * (ordered[low, side] + ordered[high, side])
    return middle


def _flat(answers: TypedAnswers[Sequence[Box]], found: list[list[_Group]]) -> Groups:
    count = np.array([len(groups) for groups in found], dtype=np.int64)
    every = [g for groups in found for g in groups]
    number = np.repeat(np.arange(len(every)), [len(g.rows) for g in every])
    rows = np.array([row for g in every for row in g.rows], dtype=np.int64)
    box = np.array([g.box for g in every]).reshape(-1, 4)
    known = np.array([g.known for g in every], dtype=np.float64)
    return Groups(np.cumsum(count) - count, count, box, number, answers.annotator[rows], known)


def _rates(
    answers: TypedAnswers[Sequence[Box]], groups: Groups, item: Ints, probability: Floats
) -> tuple[Floats, Floats]:
    """[a]: how often each person finds what exists, and joins what does not."""
    rates = []
    for q in (probability, 1.0 - probability):
        size = answers.n_annotators
        hits = sums(groups.member, q[groups.member_group], size)
        in_item = sums(item, q, answers.n_items)
        chances = sums(answers.annotator, in_item[answers.item], size)
        crowd = (float(hits.sum()) + 0.5) / (float(chances.sum()) + 1.0)
        rate = (hits + PRIOR_GROUPS * crowd) / (chances + PRIOR_GROUPS)
        rates.append(np.clip(rate, 1e-3, 1.0 - 1e-3))
    return rates[0], rates[1]


def _existence(
    answers: TypedAnswers[Sequence[Box]],
    groups: Groups,
    item: Ints,
    found: Floats,
    invented: Floats,
    probability: Floats,
) -> Floats:
    silent = np.log1p(-found) - np.log1p(-invented)
    spoke = np.log(found) - np.log(invented) - silent
    nobody = sums(answers.item, silent[answers.annotator], answers.n_items)
    somebody = sums(groups.member_group, spoke[groups.member], item.size)
    share = float(np.clip(probability.mean(), 0.05, 0.95))
    # half of the prior's log-odds: an estimated prior feeds on its own guesses
    prior = 0.5 * (np.log(share) - np.log1p(-share))
    evidence = (nobody[item] + somebody) / design_effect(answers.per_item())[item]
    result: Floats = expit(evidence + prior)
    return result
