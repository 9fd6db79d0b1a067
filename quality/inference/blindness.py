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
        self.mass = np.array([1.0, 1.0])  # of clear and of hard items
        self.log_share = np.log([0.5, 0.5])

    def __call__(self, votes: Votes, gold: Ints, log_table: Floats, log_prior: Floats) -> Belief:
        self.log_share = np.log(self.mass / self.mass.sum())
        dulled = self._dulled(log_table)
        both, log_likelihood = self._both(votes, gold, (log_table, np.log(dulled)), log_prior)
        clear, hard = both[:, : votes.n_labels], both[:, votes.n_labels :]
        self.mass = np.array([clear.sum(), hard.sum()]) + PSEUDO_ITEMS
        seen = np.exp(log_table) * (1 - BLIND) / dulled
        counts = votes.counts(clear) + votes.counts(hard) * seen
        return Belief(clear + hard, counts, log_likelihood)

    def posterior(self, votes: Votes, gold: Ints, log_table: Floats, log_prior: Floats) -> Floats:
        """[i, k]: the belief with the share of hard items as it is."""
        tables = (log_table, np.log(self._dulled(log_table)))
        both = self._both(votes, gold, tables, log_prior)[0]
        return both[:, : votes.n_labels] + both[:, votes.n_labels :]

    def _dulled(self, log_table: Floats) -> Floats:
        return np.exp(log_table) * (1 - BLIND) + BLIND * self.guess[:, None]

    def _both(
        self, votes: Votes, gold: Ints, tables: tuple[Floats, Floats], log_prior: Floats
    ) -> tuple[Floats, float]:
        """[i, clear labels then hard labels], and the log-likelihood."""
        joint = [clamp(votes.log_joint(table) + log_prior, gold) for table in tables]
        shared = [side + share for side, share in zip(joint, self.log_share, strict=True)]
        return normalised(np.concatenate(shared, axis=1))


def crowd_shares(votes: Votes) -> Floats:
    """[l]: how often the crowd says each label."""
    said = votes.tally.sum(axis=0) + 1
    share: Floats = said / said.sum()
    return share
