"""Boxes: which drawn boxes mean the same object, whether it exists, and where it is.

1. *Match.* In each item the answer most like the others opens one group for each of its boxes. All
   answers are then matched to the groups one to one (largest total overlap); boxes left over open
   groups of their own. Repeated once the groups have moved.
2. *Exist.* Each person finds a real object with probability ``found[a]`` and joins a group that
   is none with probability ``invented[a]`` (the two-coin model of Raykar et al., JMLR 2010, with
   groups as items), fitted by EM; log-odds are divided by the design effect.
3. *Place.* Each side of a box is the weighted median of those drawn, by the square of the person's
   agreement with others: a median, because a box drawn around the wrong thing is far off.
4. *Choose.* The most probable boxes, as many as make the expected F1 of the item largest.

Matching within an item before merging is the scheme of Braylan and Lease, Aggregating Complex
Annotations via Merging and Matching (KDD 2021).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from quality.inference.box_geometry import FARTHEST, Box, as_array, box_f1, soft_f1
from quality.inference.box_groups import Groups, existence, group
from quality.inference.evidence import reliability_of_shares
from quality.inference.known import Known
from quality.inference.typed_answers import Floats, TypedAnswers, check_each, sums

BOXES = f"a list of boxes of four numbers of at most {FARTHEST:g}"
COMPARED = 12  # others each answer is compared with: keeps work linear in the answers
PERSON_ANSWERS = 3.0  # answers' worth of the crowd's agreement in a person's


def distance(a: Sequence[Box], b: Sequence[Box]) -> float:
    """1 - soft F1 (overlap of the best one-to-one matching), in 0..1."""
    return 1.0 - soft_f1(a, b)


class BoxesConsensus:
    """Boxes of each item, with the probability that each exists.

    least_overlap  from which intersection over union a box can mean the object of a group. 0.3:
                   below the 0.5 that benchmarks ask for, as two people's loose boxes about one
                   object often share less than half
    rounds         of EM for existence

    After ``fit``: ``value_[i]`` ([box, 4], most probable first), ``existence_[i]`` (of those
    boxes), ``confidence_[i]`` (expected F1 of the choice; where nothing was chosen the probability
    that there is nothing), and ``reliability_``: the expected soft F1 of a person's answers.
    """

    def __init__(self, *, least_overlap: float = 0.3, rounds: int = 10) -> None:
        self.least_overlap = least_overlap
        self.rounds = rounds

    def fit(
        self,
        answers: TypedAnswers[Sequence[Box]],
        gold: Mapping[int, Sequence[Box]] | None = None,
    ) -> Self:
        """``gold[i]``: known boxes of item i. ValueError for a coordinate that is no number or beyond FARTHEST."""
        given = Known.of(gold, answers.n_items)
        check_each("label", enumerate(answers.label), _are_boxes, BOXES)
        check_each("gold", given.pairs(), _are_boxes, BOXES)
        drawn = [as_array(boxes) for boxes in answers.label]
        known = Known(given.item, [as_array(boxes) for boxes in given.value])
        agreement = _agreements(answers, drawn, known)
        weight = _weights(answers, agreement)
        groups = group(answers, drawn, agreement, weight, known, least_overlap=self.least_overlap)
        probability = existence(answers, groups, rounds=self.rounds)
        self._choose(answers, groups, probability)
        self._keep(known)
        scores = np.array(
            [soft_f1(drawn[r], self.value_[i]) for r, i in enumerate(answers.item.tolist())]
        )
        self.reliability_ = reliability_of_shares(
            sums(answers.annotator, scores, answers.n_annotators),
            answers.per_annotator().astype(np.float64),
        )
        return self

    def _choose(
        self, answers: TypedAnswers[Sequence[Box]], groups: Groups, probability: Floats
    ) -> None:
        self.value_: list[Floats] = []
        self.existence_: list[Floats] = []
        self.confidence_ = np.zeros(answers.n_items)
        answered = answers.per_item() > 0
        for i, (a, b) in enumerate(zip(groups.first, groups.first + groups.count, strict=True)):
            chosen, confidence = best_for_f1(probability[a:b])
            self.value_.append(groups.box[a:b][chosen])
            self.existence_.append(probability[a:b][chosen])
            self.confidence_[i] = confidence if answered[i] else 0.0

    def _keep(self, known: Known[Floats]) -> None:
        self.value_ = known.put_into(self.value_)
        existence = Known(known.item, [np.ones(len(boxes)) for boxes in known.value])
        self.existence_ = existence.put_into(self.existence_)
        self.confidence_ = known.sure(self.confidence_)


def best_for_f1(probability: Floats) -> tuple[list[int], float]:
    """Which boxes to keep, most probable first, and the expected F1 of keeping these."""
    if probability.size == 0:
        return [], 1.0
    order = np.argsort(-probability, kind="stable")
    hits = np.cumsum(probability[order])
    expected = 2.0 * hits / (np.arange(1, order.size + 1) + hits[-1])
    best = int(expected.argmax())
    nothing = float(np.prod(1.0 - probability))
    if nothing > expected[best]:
        return [], nothing
    return [int(k) for k in order[: best + 1]], min(float(expected[best]), 1.0)


def _are_boxes(boxes: Sequence[Box]) -> bool:
    four = all(len(box) == 4 for box in boxes)
    return four and bool((np.abs(as_array(boxes)) <= FARTHEST).all())


def _agreements(
    answers: TypedAnswers[Sequence[Box]], drawn: list[Floats], known: Known[Floats]
) -> Floats:
    """[r]: mean soft F1 with (up to COMPARED) other answers about the item; alone: the mean.

    Where the boxes are known: soft F1 with these.
    """
    total, seen = np.zeros(len(answers)), np.zeros(len(answers))
    for rows in answers.rows_by_item():
        step = max(1, -(-(rows.size - 1) // COMPARED))
        for shift in range(1, rows.size, step):
            for row, other in zip(rows, np.roll(rows, -shift), strict=True):
                total[row] += soft_f1(drawn[row], drawn[other])
                seen[row] += 1
    mean = float(total.sum() / max(seen.sum(), 1.0))
    result: Floats = np.divide(total, seen, out=np.full(len(answers), mean), where=seen > 0)
    for item, right in zip(known.item.tolist(), known.value, strict=True):
        for row in np.flatnonzero(answers.item == item):
            result[row] = soft_f1(drawn[row], right)
    return result


def _weights(answers: TypedAnswers[Sequence[Box]], agreement: Floats) -> Floats:
    """[a]: squared agreement with others, drawn to the crowd's."""
    crowd = max(float(agreement.mean()) if agreement.size else 1.0, 1e-3)
    total = sums(answers.annotator, agreement, answers.n_annotators)
    own = (total + PERSON_ANSWERS * crowd) / (answers.per_annotator() + PERSON_ANSWERS)
    squared: Floats = np.maximum(own, 0.05) ** 2
    return squared


__all__ = ["Box", "BoxesConsensus", "best_for_f1", "box_f1", "distance", "soft_f1"]
