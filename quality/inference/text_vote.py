"""The vote on the words of a consensus text.

A slot is a word of the consensus, or a gap before, between and after its words. For answer r:

    right[r]     P(writes the word that was said)
    missing[r]   P(leaves it out)
    extra[r]     P(writes a word where none was said)

A wrong word is a particular other word with probability COLLISION. So a candidate word of a slot
scores the sum over answers of log right where they wrote it, log missing where they wrote
nothing, and log ((1 - right) COLLISION) where they wrote something else; "no word" scores
log (1 - extra) and log (extra COLLISION). The largest score wins the slot.

COLLISION is e^-2, about one in seven: people who mishear tend to mishear the same. Much smaller
values would let any two equal slips outvote a careful transcriber.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quality.inference.text_alignment import Alignment, Sequences
from quality.inference.typed_answers import Bools, Floats, Ints, TypedAnswers, sums

LOG_COLLISION = -2.0
PERSON_WORDS = 10.0  # words' worth of the crowd's rate in a person's
ANSWER_WORDS = 16.0  # words' worth of the person's rate in one answer's: about one sentence


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """[r]: how each answer relates to the words that were said."""

    right: Floats
    missing: Floats
    extra: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """``score[c]`` of ``word[c]`` in ``slot[c]``, and ``nothing[slot]``, the score of no word."""

    slot: Ints
    word: Ints
    score: Floats
    nothing: Floats

    def best(self) -> tuple[Ints, Floats]:
        """[slot]: the winner, -1 for no word, and its lead over no word."""
        word = np.full(self.nothing.size, -1, dtype=np.int64)
        lead = np.full(self.nothing.size, -np.inf)
        order = np.lexsort((-self.word, self.score))  # later ones win: high score, low code
        word[self.slot[order]] = self.word[order]
        lead[self.slot[order]] = self.score[order]
        lead -= self.nothing
        return np.where(lead >= 0, word, -1), lead


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Scores of words in place (one slot a word) and of words to add (one slot a gap)."""

    consensus: Sequences
    kept: Candidates
    added: Candidates
    empty_texts: Floats

    def winners(self) -> Sequences:
        """The next consensus: added and kept words in order."""
        item = np.repeat(np.arange(self.consensus.length.size), self.consensus.length)
        gap_item = np.repeat(np.arange(self.consensus.length.size), self.consensus.length + 1)
        kept, (added, lead) = self.kept.best()[0], self.added.best()
        added = np.where(lead > 0, added, -1)
        # gap g of an item comes before its word g: even places for gaps, odd ones for words
        place = np.concatenate([2 * _gap_of_word(item) + 1, 2 * np.arange(added.size)])
        word, owner = np.concatenate([kept, added]), np.concatenate([item, gap_item])
        order = np.argsort(place, kind="stable")
        order = order[word[order] >= 0]
        length = np.bincount(owner[order], minlength=self.consensus.length.size).astype(np.int64)
        return Sequences(word[order], length, np.cumsum(length) - length)

    def probability_of(self, words: Ints, softness: Floats) -> Floats:
        """[slot]: P(the slot's word is the one in ``words``), log-odds divided by ``softness``.

        The alternatives are the other candidates, no word, and a word nobody wrote.
        """
        scores = self.kept
        own = np.zeros(scores.nothing.size)
        mine = scores.word == words[scores.slot]
        own[scores.slot[mine]] = scores.score[mine]
        relative = np.minimum((scores.score - own[scores.slot]) / softness[scores.slot], 50.0)
        total = sums(scores.slot, np.exp(relative), scores.nothing.size)
        for other in (scores.nothing, np.zeros(own.size)):
            total += np.exp(np.minimum((other - own) / softness, 50.0))
        return 1.0 / np.maximum(total, 1.0)


def estimate_rates(answers: TypedAnswers[str], consensus: Sequences, aligned: Alignment) -> Rates:
    """Shares of each answer against the consensus, drawn to its author's and the crowd's."""
    rows, words = len(answers), consensus.length[answers.item].astype(np.float64)
    same = _matches(answers, consensus, aligned)
    right = sums(aligned.text, same, rows)
    missing = sums(aligned.text, ~aligned.extra & (aligned.word < 0), rows)
    extra = sums(aligned.text, aligned.extra, rows)
    return Rates(
        _drawn(answers, right, words),
        _drawn(answers, missing, words),
        _drawn(answers, np.minimum(extra, words + 1.0), words + 1.0),
    )


def count_votes(
    answers: TypedAnswers[str], consensus: Sequences, aligned: Alignment, rates: Rates
) -> Votes:
    wrote_nothing = np.ones(len(answers))
    wrote_nothing[aligned.text[aligned.word >= 0]] = 0.0
    return Votes(
        consensus,
        _kept_words(answers, consensus, aligned, rates),
        _added_words(answers, consensus, aligned, rates),
        wrote_nothing,
    )


def _matches(answers: TypedAnswers[str], consensus: Sequences, aligned: Alignment) -> Bools:
    same = np.zeros(aligned.text.size, dtype=bool)
    base = ~aligned.extra
    slot = consensus.start[answers.item[aligned.text[base]]] + aligned.slot[base]
    same[base] = aligned.word[base] == consensus.word[slot]
    return same


def _drawn(answers: TypedAnswers[str], count: Floats, total: Floats) -> Floats:
    crowd = (float(count.sum()) + 1.0) / (float(total.sum()) + 2.0)
    by_person = sums(answers.annotator, count, answers.n_annotators)
    of_person = sums(answers.annotator, total, answers.n_annotators)
    person = (by_person + PERSON_WORDS * crowd) / (of_person + PERSON_WORDS)
    rate = (count + ANSWER_WORDS * person[answers.annotator]) / (total + ANSWER_WORDS)
    return np.clip(rate, 1e-4, 1.0 - 1e-4)


def _kept_words(
    answers: TypedAnswers[str], consensus: Sequences, aligned: Alignment, rates: Rates
) -> Candidates:
    """All scores are relative to "everybody wrote some other, wrong word"."""
    base = ~aligned.extra
    text, word = aligned.text[base], aligned.word[base]
    slot = consensus.start[answers.item[text]] + aligned.slot[base]
    wrong = np.log(1.0 - rates.right[text]) + LOG_COLLISION
    left_out = word < 0
    size = consensus.word.size
    nothing = np.where(
        left_out, np.log(1.0 - rates.extra[text]), np.log(rates.extra[text]) + LOG_COLLISION
    )
    omitted = sums(slot, np.where(left_out, np.log(rates.missing[text]) - wrong, 0.0), size)
    slots, words, votes = _totals(slot[~left_out], word[~left_out], _vote(rates, text[~left_out]))
    return Candidates(slots, words, votes + omitted[slots], sums(slot, nothing - wrong, size))


def _added_words(
    answers: TypedAnswers[str], consensus: Sequences, aligned: Alignment, rates: Rates
) -> Candidates:
    """Scores in each gap, relative to "no word"; those who wrote nothing there count as well.

    An answer with several extra words in the gap votes for each of them.
    """
    text, word = aligned.text[aligned.extra], aligned.word[aligned.extra]
    item = answers.item[text]
    gap = consensus.start[item] + item + aligned.slot[aligned.extra]
    silent = np.log(rates.missing) - np.log(1.0 - rates.extra)
    spoke = np.log(1.0 - rates.right) - np.log(rates.extra)  # a wrong word, rather than none
    gap_item = np.repeat(np.arange(answers.n_items), consensus.length + 1)
    nobody = sums(answers.item, silent, answers.n_items)[gap_item]
    at_gap, by_text = _distinct(gap, text)
    somebody = sums(at_gap, (spoke - silent)[by_text], gap_item.size)
    keys, voters = _distinct(gap * (int(word.max(initial=0)) + 1) + word, text)
    width = int(word.max(initial=0)) + 1
    slots, words, votes = _totals(keys // width, keys % width, _vote(rates, voters))
    return Candidates(slots, words, votes + (nobody + somebody)[slots], np.zeros(gap_item.size))


def _vote(rates: Rates, text: Ints) -> Floats:
    """What writing a candidate adds over writing some other, wrong word."""
    right = rates.right[text]
    gain: Floats = np.log(right) - np.log(1.0 - right) - LOG_COLLISION
    return gain


def _totals(slot: Ints, word: Ints, vote: Floats) -> tuple[Ints, Ints, Floats]:
    width = int(word.max(initial=0)) + 1
    pairs, where = np.unique(slot * width + word, return_inverse=True)
    return pairs // width, pairs % width, sums(where, vote, pairs.size)


def _distinct(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    width = int(second.max(initial=0)) + 1
    pairs = np.unique(first * width + second)
    return pairs // width, pairs % width


def _gap_of_word(item: Ints) -> Ints:
    """[slot]: number of the gap before the word; every item before has one gap more than words."""
    return np.arange(item.size) + item
