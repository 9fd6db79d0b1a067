"""Marked passages: who marks what, with the memory that marks have, and decoding to spans.

Two views of "is this character inside?", averaged, as they fail in different places:

* *sequence*: a hidden chain inside / outside with, for each person, the probability to mark a
  segment given the truth and whether they marked the one before (Bayesian sequence combination:
  Simpson and Gurevych, EMNLP 2019). A mark that runs on is therefore little new evidence, a mark
  that begins is much. Persons are drawn to the crowd by Dirichlet counts; EM runs a few rounds
  only, for it grows too sure of itself later;
* *share*: the share of people who mark it, weighted by the square of each person's agreement with
  the others.

Text is cut where anybody begins or ends a span; between cuts all characters are equal. The spans
are those segments whose marking maximises the expected character F1 over the whole file, and not
those above one half: with F1 at stake a passage is worth marking from about half the F1 upwards
(Lipton, Elkan, Naryanaswamy, Optimal thresholding of classifiers to maximize F1, 2014).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from quality.inference.evidence import reliability_of_shares
from quality.inference.known import Known
from quality.inference.span_chain import inside_probability
from quality.inference.span_segments import Segments, Span, cut, row_dice
from quality.inference.typed_answers import Bools, Floats, Ints, TypedAnswers, check_each, sums

SPANS = "a list of spans [start, end) with 0 <= start <= end"
ROUNDS_OF_WEIGHTS = 10
PERSON_ANSWERS = 3.0  # answers' worth of the crowd's agreement in a person's


def covered(a: Sequence[Span], b: Sequence[Span]) -> int:
    """Number of characters inside both; overlapping spans of one side count once."""
    first, second = merged(a), merged(b)
    return sum(
        max(0, min(e, f) - max(s, t)) for s, e in first for t, f in second if s < f and t < e
    )


def merged(spans: Sequence[Span]) -> list[Span]:
    """The same characters as ordered spans that neither overlap nor touch; empty ones vanish."""
    joined: list[Span] = []
    for start, end in sorted((s, e) for s, e in spans if s < e):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def distance(a: Sequence[Span], b: Sequence[Span]) -> float:
    """1 - character F1, in 0..1; two empty answers are equal."""
    size = covered(a, a) + covered(b, b)
    return 1.0 - 2.0 * covered(a, b) / size if size else 0.0


class SpansConsensus:
    """Spans of each item from the spans people marked.

    rounds  of EM for the sequence view

    After ``fit``: ``value_[i]`` (list of (start, end), possibly empty), ``confidence_[i]``
    (expected character F1 of it; where it is empty, the probability that nothing is to be marked),
    ``reliability_``: each person's expected character F1, and ``segments_`` with ``inside_``, the
    probability that each segment is inside.
    """

    def __init__(self, *, rounds: int = 8) -> None:
        self.rounds = rounds

    def fit(
        self,
        answers: TypedAnswers[Sequence[Span]],
        gold: Mapping[int, Sequence[Span]] | None = None,
    ) -> Self:
        """``gold[i]``: known spans of item i.

        ValueError for a span that begins before 0 or ends before it begins.
        """
        given = Known.of(gold, answers.n_items)
        check_each("label", enumerate(answers.label), _are_spans, SPANS)
        check_each("gold", given.pairs(), _are_spans, SPANS)
        known = Known(given.item, [merged(spans) for spans in given.value])
        self.segments_ = segments = cut(answers, known)
        share = weighted_share(answers, segments)
        chain = inside_probability(answers, segments, rounds=self.rounds)
        self.inside_ = 0.5 * (chain + share)
        chosen = best_for_f1(self.inside_, segments.length)
        self.value_ = known.put_into(_decoded(segments, chosen))
        self.confidence_ = known.sure(_confidence(answers, segments, self.inside_, chosen))
        agreement = row_dice(segments, self.inside_[segments.segment])
        self.reliability_ = reliability_of_shares(
            sums(answers.annotator, agreement, answers.n_annotators),
            answers.per_annotator().astype(np.float64),
        )
        return self


def weighted_share(answers: TypedAnswers[Sequence[Span]], segments: Segments) -> Floats:
    """[segment]: share of marks, each person weighing the square of their agreement with others."""
    weight = np.ones(answers.n_annotators)
    for _ in range(ROUNDS_OF_WEIGHTS):
        marked, total = _weighted(answers, segments, weight)
        own = weight[answers.annotator[segments.row]]
        others = (marked[segments.segment] - own * segments.marked) / np.maximum(
            total[segments.segment] - own, 1e-9
        )
        right = segments.right_or(np.clip(others, 0.0, 1.0), segments.segment)
        weight = _weights(answers, row_dice(segments, right))
    marked, total = _weighted(answers, segments, weight)
    return segments.right_or(marked / np.maximum(total, 1e-9))


def best_for_f1(inside: Floats, length: Floats) -> Bools:
    """[segment]: the choice with the largest expected character F1, 2 TP / (chosen + true)."""
    order = np.argsort(-inside, kind="stable")
    hits = np.cumsum((inside * length)[order])
    chosen = np.cumsum(length[order])
    expected = 2.0 * hits / np.maximum(chosen + float(inside @ length), 1e-12)
    best = int(expected.argmax()) if expected.size else -1
    picked: Bools = inside >= inside[order[best]] if best >= 0 else np.zeros(0, dtype=bool)
    return picked & (inside > 0)


def _are_spans(spans: Sequence[Span]) -> bool:
    return all(0 <= start <= end for start, end in spans)


def _weighted(
    answers: TypedAnswers[Sequence[Span]], segments: Segments, weight: Floats
) -> tuple[Floats, Floats]:
    own = weight[answers.annotator[segments.row]]
    size = segments.length.size
    marked = sums(segments.segment, own * segments.marked, size)
    return marked, sums(segments.segment, own, size)


def _weights(answers: TypedAnswers[Sequence[Span]], agreement: Floats) -> Floats:
    """[a]: (agreement / the crowd's) squared, the agreement drawn to the crowd's."""
    crowd = max(float(agreement.mean()) if agreement.size else 1.0, 1e-6)
    total = sums(answers.annotator, agreement, answers.n_annotators)
    own = (total + PERSON_ANSWERS * crowd) / (answers.per_annotator() + PERSON_ANSWERS)
    squared: Floats = np.maximum(own / crowd, 0.05) ** 2
    return squared


def _decoded(segments: Segments, chosen: Bools) -> list[list[Span]]:
    return [
        merged(
            [
                (int(segments.begin[s]), int(segments.begin[s] + segments.length[s]))
                for s in range(a, b)
                if chosen[s]
            ]
        )
        for a, b in zip(segments.first, segments.first + segments.count, strict=True)
    ]


def _confidence(
    answers: TypedAnswers[Sequence[Span]], segments: Segments, inside: Floats, chosen: Bools
) -> Floats:
    item = np.repeat(np.arange(answers.n_items), segments.count)
    n_items = answers.n_items
    expected = sums(item, inside * segments.length, n_items)
    hits = sums(item, inside * segments.length * chosen, n_items)
    size = sums(item, segments.length * chosen, n_items)
    f1 = 2.0 * hits / np.maximum(size + expected, 1e-12)
    likeliest = np.zeros(n_items)
    np.maximum.at(likeliest, item, inside)
    confidence = np.where(size > 0, f1, 1.0 - likeliest)
    answered: Ints = answers.per_item()
    return np.where(answered > 0, np.clip(confidence, 0.0, 1.0), 0.0)
