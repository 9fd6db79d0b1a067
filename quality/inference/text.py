"""Free text by an alignment vote, after ROVER (Fiscus, ASRU 1997).

Each text is aligned to its item's current consensus, which starts as the medoid. Then people vote
on every word of it, on whether it belongs there at all, and on words it lacks between two others
(``text_vote``); the winners are the next consensus, until nothing changes. Votes are weighted
by how often the text, and its author elsewhere, agrees with the consensus.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np

from quality.inference.evidence import design_effect, reliability_of_shares
from quality.inference.known import Known
from quality.inference.text_alignment import Alignment, Sequences, align, edit_distance
from quality.inference.text_medoid import (
    answer_accuracy,
    central_rows,
    likenesses,
    told_accuracy,
)
from quality.inference.text_vote import Rates, Votes, count_votes, estimate_rates
from quality.inference.text_words import Vocabulary, words_of
from quality.inference.typed_answers import Floats, Ints, TypedAnswers, check_each, sums

# All transcribers hear the same recording, all translators read the same sentence, so they share
# more of their errors than people who choose among labels. Measured on one set of transcripts.
SHARED_HEARING = 0.5


def distance(a: str, b: str) -> float:
    """Word edits divided by the words of the longer text, in 0..1; case does not count."""
    first, second = ([key for key, _ in words_of(text)] for text in (a, b))
    longer = max(len(first), len(second))
    return edit_distance(first, second) / longer if longer else 0.0


class TextConsensus:
    """A text for each item, composed word by word.

    max_rounds  of align and vote; each can add one word between two others, so it bounds how many
                neighbouring words the medoid may have missed. ``converged_`` says if all settled

    After ``fit``: ``value_[i]`` ("" without answers), ``confidence_[i]`` (expected share of right
    words), ``rates_`` of every answer, and ``reliability_``: the share of the consensus' words that
    a person gets right.
    """

    def __init__(self, *, max_rounds: int = 8) -> None:
        self.max_rounds = max_rounds

    def fit(self, answers: TypedAnswers[str], gold: Mapping[int, str] | None = None) -> Self:
        """``gold[i]``: the known text of item i. ValueError, with field and row, for what is no text."""
        known = Known.of(gold, answers.n_items)
        check_each("label", enumerate(answers.label), _is_text, "a text")
        check_each("gold", known.pairs(), _is_text, "a text")
        vocabulary, right = Vocabulary.of(answers.label).extended(known.value)
        told = told_accuracy(answers, vocabulary.keys, right, known.item)
        consensus = right.put_into(_medoids(answers, vocabulary, told), known.item)
        self.iterations_, self.converged_ = 0, False
        while not self.converged_ and self.iterations_ < self.max_rounds:
            votes, rates, aligned = _vote(answers, vocabulary, consensus)
            before, consensus = consensus, right.put_into(votes.winners(), known.item)
            self.iterations_ += 1
            self.converged_ = _same(before, consensus)
        votes, rates, aligned = _vote(answers, vocabulary, consensus)
        self.rates_ = rates
        self.value_ = known.put_into(_shown(answers, vocabulary, consensus, aligned, rates))
        self.confidence_ = known.sure(_confidence(answers, consensus, votes))
        self.reliability_ = reliability_of_shares(
            sums(answers.annotator, rates.right, answers.n_annotators),
            answers.per_annotator().astype(np.float64),
        )
        return self


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _medoids(answers: TypedAnswers[str], vocabulary: Vocabulary, told: Floats) -> Sequences:
    likeness = likenesses(answers, vocabulary.keys)
    rows = central_rows(answers, likeness, answer_accuracy(answers, likeness, told))
    texts = vocabulary.keys
    empty = np.empty(0, dtype=np.int64)
    return Sequences.of([texts.text(r) if r >= 0 else empty for r in rows.tolist()])


def _vote(
    answers: TypedAnswers[str], vocabulary: Vocabulary, consensus: Sequences
) -> tuple[Votes, Rates, Alignment]:
    item = answers.item
    references = Sequences(consensus.word, consensus.length[item], consensus.start[item])
    aligned = align(vocabulary.keys, references, vocabulary.masks)
    rates = estimate_rates(answers, consensus, aligned)
    return count_votes(answers, consensus, aligned, rates), rates, aligned


def _same(a: Sequences, b: Sequences) -> bool:
    return np.array_equal(a.length, b.length) and np.array_equal(a.word, b.word)


def _confidence(answers: TypedAnswers[str], consensus: Sequences, votes: Votes) -> Floats:
    """[i]: mean over the words of the probability that each is right.

    Where the consensus is empty: the share of people who left it empty, as all of them did who
    could be heard.
    """
    softness = design_effect(answers.per_item(), shared=SHARED_HEARING)
    item = np.repeat(np.arange(answers.n_items), consensus.length)
    right = votes.probability_of(consensus.word, softness[item])
    words = np.maximum(consensus.length, 1)
    mean = sums(item, right, answers.n_items) / words
    silent = sums(answers.item, votes.empty_texts, answers.n_items)
    share = silent / np.maximum(answers.per_item(), 1)
    return np.clip(np.where(consensus.length > 0, mean, share), 0.0, 1.0)


def _shown(
    answers: TypedAnswers[str],
    vocabulary: Vocabulary,
    consensus: Sequences,
    aligned: Alignment,
    rates: Rates,
) -> list[str]:
    """[i]: the consensus in the spelling, case and punctuation most people used for each word."""
    surface = _surfaces(answers, vocabulary, consensus, aligned, rates)
    names = [vocabulary.surface_names[code] for code in surface]
    ends = consensus.start + consensus.length
    return ["".join(names[a:b]).strip() for a, b in zip(consensus.start, ends, strict=True)]


def _surfaces(
    answers: TypedAnswers[str],
    vocabulary: Vocabulary,
    consensus: Sequences,
    aligned: Alignment,
    rates: Rates,
) -> Ints:
    """[slot]: weightiest surface among the texts that have the slot's word there."""
    usual = _usual_surface(vocabulary)
    chosen = usual[consensus.word] if consensus.word.size else np.empty(0, dtype=np.int64)
    slot = consensus.start[answers.item[aligned.text]] + aligned.slot
    rows = np.flatnonzero(~aligned.extra & (aligned.word >= 0))
    rows = rows[aligned.word[rows] == consensus.word[slot[rows]]]
    said = vocabulary.surface[vocabulary.keys.start[aligned.text[rows]] + aligned.place[rows]]
    best = heaviest(slot[rows], said, rates.right[aligned.text[rows]])
    chosen[best[0]] = best[1]
    return chosen


def _usual_surface(vocabulary: Vocabulary) -> Ints:
    """[key]: its most frequent surface."""
    surface = np.zeros(len(vocabulary.key_names), dtype=np.int64)
    keys, best = heaviest(
        vocabulary.keys.word, vocabulary.surface, np.ones(len(vocabulary.surface))
    )
    surface[keys] = best
    return surface


def heaviest(group: Ints, choice: Ints, weight: Floats) -> tuple[Ints, Ints]:
    """For each group that occurs, the choice with the largest weight (the first of equals)."""
    width = int(choice.max(initial=0)) + 1
    pairs, where = np.unique(group * width + choice, return_inverse=True)
    total = sums(where, weight, pairs.size)
    order = np.lexsort((-pairs, total, pairs // width))
    groups = pairs[order] // width
    last = np.append(groups[1:] != groups[:-1], True) if groups.size else groups.astype(bool)
    return groups[last], pairs[order][last] % width
