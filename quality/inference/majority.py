"""Majority vote: the label with the most votes, and how ties are broken.

A tie is broken at random but reproducibly: item i draws its own number from ``seed``, so the same
votes give the same label whatever the order of rows. The posterior shows the tie (equal shares).
"""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.build import chosen_labels, describe
from quality.inference.em import fixed, shares
from quality.inference.fit import NO_LABEL, Fit, TruthInference
from quality.inference.votes import Votes

TIE = 1e-9  # weighted sums of the same votes in another order differ by less


class MajorityVote(TruthInference):
    """One vote each. ``seed`` decides ties; confidence is the share of the votes."""

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed

    def _infer(self, answers: Answers, gold: Ints, _: Fit | None) -> Fit:
        votes = Votes(answers)
        return fit_from_shares(votes, gold, fixed(votes.shares, gold), self.seed)


def fit_from_shares(votes: Votes, gold: Ints, posterior: Floats, seed: int) -> Fit:
    """The fit of a voting rule: labels by the largest share, ties by the seed."""
    counts = votes.counts(posterior)
    prior = shares(posterior, votes.known(gold))
    silent = chosen_labels(votes, gold, posterior) == NO_LABEL
    label = np.where(silent, NO_LABEL, break_ties(posterior, seed))
    return describe(label, posterior, counts, prior)


def break_ties(posterior: Floats, seed: int) -> Ints:
    """[i]: one of the labels with the largest share, each with the same chance."""
    draws = np.random.default_rng(seed).random(posterior.shape)
    best = posterior >= posterior.max(axis=1, keepdims=True) - TIE
    chosen: Ints = np.where(best, draws, -1.0).argmax(axis=1)
    return chosen
