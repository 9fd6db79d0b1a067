"""Hard items: on some, every answer is half a blind guess.

    P(answers of item i | k) = sum over d of share[d] * product of (1 - d) T[a, l, k] + d * guess[l]

with d = 0 (a clear item) or ``BLIND``; guess[l] is how often the crowd says l. Blind answers
teach nothing about people, so their part is left out of the counts. As one view of several it
steadies the confidence; alone it costs accuracy where items have few answers.
"""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Floats, Ints
from quality.inference.em import Belief, clamp, normalised
from quality.inference.votes import Votes

BLIND = 0.5
PSEUDO_ITEMS = 10.0  # on each side; keeps the share of hard items off 0 and 1 in small sets


class HardItems:
    """The E-step under clear and hard items; the share of hard items is learned on the way."""

    def __init__(self, votes: Votes) -> None:
        self.guess = crowd_shares(votes)
        self.log_share = np.log([0.5, 0.5])

    def __call__(self, votes: Votes, gold: Ints, log_table: Floats, log_prior: Floats) -> Belief:
        seen = np.exp(log_table) * (1 - BLIND)
        dulled = seen + BLIND * self.guess[:, None]
        sides = [votes.log_joint(log_table), votes.log_joint(np.log(dulled))]
        joint = [clamp(s + log_prior, gold) + w for s, w in zip(sides, self.log_share, strict=True)]
        both, log_likelihood = normalised(np.concatenate(joint, axis=1))
        clear, hard = both[:, : votes.n_labels], both[:, votes.n_labels :]
        self._learn(clear, hard)
        counts = votes.counts(clear) + votes.counts(hard) * (seen / dulled)
        return Belief(clear + hard, counts, log_likelihood)

    def _learn(self, clear: Floats, hard: Floats) -> None:
        mass = np.array([clear.sum(), hard.sum()]) + PSEUDO_ITEMS
        self.log_share = np.log(mass / mass.sum())


def crowd_shares(votes: Votes) -> Floats:
    """[l]: how often the crowd says each label."""
    said = votes.tally.sum(axis=0) + 1
    share: Floats = said / said.sum()
    return share
