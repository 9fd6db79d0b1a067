"""The medoid: of the texts people gave, the one closest to all others, weighted by skill.

Likeness of two texts is 1 - word edits / words of the longer one. If people err independently, the
likeness of answers r and s about one item is about accuracy[r] accuracy[s]; the accuracies that
explain all likenesses best in the sense of least squares (a rank-one factor, found by
alternating) are drawn to their author's mean and that to the crowd's. The text with the highest
accuracy-weighted likeness wins. (Braylan and Lease, Modeling and Aggregation of Complex Annotations
via Annotation Distances, WWW 2020, choose in the same spirit from distances alone.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from quality.inference.evidence import reliability_of_shares
from quality.inference.known import Known
from quality.inference.text_alignment import Sequences, edit_distances
from quality.inference.text_words import Vocabulary
from quality.inference.typed_answers import Floats, Ints, TypedAnswers, sums

COMPARED = 12  # others each text is compared with: keeps work linear in the answers
PERSON_STRENGTH = 10.0  # texts' worth of the crowd's mean in a person's accuracy
ANSWER_STRENGTH = 3.0  # comparisons' worth of the person's accuracy in one text's
SWEEPS = 10  # of alternating least squares; it settles within five


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """``value[p]``: how alike answers ``row[p]`` and ``other[p]`` about one item are, 0..1."""

    row: Ints
    other: Ints
    value: Floats


class MedoidConsensus:
    """One of the given texts for each item.

    After ``fit``: ``value_[i]`` ("" without answers), ``confidence_[i]`` (estimated share of its
    words that are right), ``chosen_[i]`` (the row, -1 without answers), ``accuracy_[r]`` of every
    answer, and ``reliability_``: the mean accuracy of a person's texts.
    """

    def fit(self, answers: TypedAnswers[str], gold: Mapping[int, str] | None = None) -> Self:
        """``gold[i]``: the known text of item i."""
        known = Known.of(gold, answers.n_items)
        vocabulary, right = Vocabulary.of(answers.label).extended(known.value)
        likeness = likenesses(answers, vocabulary.keys)
        told = told_accuracy(answers, vocabulary.keys, right, known.item)
        self.accuracy_ = answer_accuracy(answers, likeness, told)
        self.chosen_ = central_rows(answers, likeness, self.accuracy_)
        value = [answers.label[row] if row >= 0 else "" for row in self.chosen_]
        confidence, some = np.zeros(answers.n_items), self.chosen_ >= 0
        confidence[some] = self.accuracy_[self.chosen_[some]]
        self.value_, self.confidence_ = known.put_into(value), known.sure(confidence)
        self.reliability_ = reliability_of_shares(
            sums(answers.annotator, self.accuracy_, answers.n_annotators),
            answers.per_annotator().astype(np.float64),
        )
        return self


def likenesses(answers: TypedAnswers[str], texts: Sequences) -> Likeness:
    row, other = _pairs(answers)
    first, second = _at(texts, row), _at(texts, other)
    longer = np.maximum(np.maximum(first.length, second.length), 1)
    return Likeness(row, other, 1.0 - edit_distances(first, second) / longer)


def told_accuracy(
    answers: TypedAnswers[str], texts: Sequences, right: Sequences, items: Ints
) -> Floats:
    """[r]: likeness of each answer to the known text of its item, NaN where none is known.

    ``right`` holds the known texts of ``items``.
    """
    place = np.full(answers.n_items, -1, dtype=np.int64)
    place[items] = np.arange(items.size)
    rows = np.flatnonzero(place[answers.item] >= 0)
    said, known = _at(texts, rows), _at(right, place[answers.item[rows]])
    longer = np.maximum(np.maximum(said.length, known.length), 1)
    told = np.full(len(answers), np.nan)
    told[rows] = 1.0 - edit_distances(said, known) / longer
    return told


def answer_accuracy(answers: TypedAnswers[str], likeness: Likeness, told: Floats) -> Floats:
    """[r]: estimated share of right words in each answer, between 0.02 and 0.98.

    ``told[r]`` is that share where it is known, else NaN.
    """
    rows = len(answers)
    crowd = float(np.sqrt(likeness.value.mean())) if likeness.value.size else 0.75
    accuracy = np.full(rows, crowd)
    prior = accuracy
    for _ in range(SWEEPS):
        partner = accuracy[likeness.other]
        pull = sums(likeness.row, partner * likeness.value, rows)
        weight = sums(likeness.row, partner**2, rows)
        accuracy = (pull + ANSWER_STRENGTH * prior) / (weight + ANSWER_STRENGTH)
        accuracy = np.clip(np.where(np.isnan(told), accuracy, told), 0.02, 0.98)
        prior = person_mean(answers, accuracy)[answers.annotator]
    return accuracy


def person_mean(answers: TypedAnswers[str], accuracy: Floats) -> Floats:
    """[a]: mean over a person's answers, drawn to the crowd's."""
    crowd = float(accuracy.mean()) if accuracy.size else 0.75
    total = sums(answers.annotator, accuracy, answers.n_annotators)
    return (total + PERSON_STRENGTH * crowd) / (answers.per_annotator() + PERSON_STRENGTH)


def central_rows(answers: TypedAnswers[str], likeness: Likeness, accuracy: Floats) -> Ints:
    """[i]: row of the medoid, -1 without answers; of equals the first row."""
    rows = len(answers)
    weight = accuracy[likeness.other]
    pull = sums(likeness.row, weight * likeness.value, rows)
    total = sums(likeness.row, weight, rows)
    # each text agrees with itself as far as it is right, which decides between two
    closeness = (pull + accuracy**2) / (total + accuracy)
    order = np.lexsort((-np.arange(rows), closeness, answers.item))
    last = np.full(answers.n_items, -1, dtype=np.int64)
    last[answers.item[order]] = order
    return last


def _pairs(answers: TypedAnswers[str]) -> tuple[Ints, Ints]:
    """Each row with up to COMPARED others of its item, evenly spaced."""
    first, second = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for rows in answers.rows_by_item():
        step = max(1, -(-(rows.size - 1) // COMPARED))
        for shift in range(1, rows.size, step):
            first.append(rows)
            second.append(np.roll(rows, -shift))
    return np.concatenate(first), np.concatenate(second)


def _at(texts: Sequences, rows: Ints) -> Sequences:
    return Sequences(texts.word, texts.length[rows], texts.start[rows])
