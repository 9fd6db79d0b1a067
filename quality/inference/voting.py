"""Wawa and zero-based skill: votes weighted by how often people agree with the crowd.

*Wawa* (worker agreement with aggregate): one majority vote, each annotator's agreement with it, and
a second vote weighted by that agreement.

*Zero-based skill*: the same, repeated: skills move a step towards the agreement with the weighted
vote, skill += rate * (agreement - skill), and the rate shrinks every few steps until nothing moves.

    skill[a]    share of annotator a's votes that the aggregate agrees with; the weight of a vote
"""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.em import fixed, row_max, row_sum
from quality.inference.fit import Fit, TruthInference
from quality.inference.majority import TIE, fit_from_shares
from quality.inference.votes import Votes


class Wawa(TruthInference):
    """Majority vote weighted by agreement with the majority. ``seed`` decides ties."""

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed

    def _infer(self, answers: Answers, gold: Ints, _: Fit | None) -> Fit:
        votes = Votes(answers)
        skill = agreement(votes, fixed(votes.shares, gold))
        return fit_from_shares(votes, gold, fixed(weighted_shares(votes, skill), gold), self.seed)


class ZeroBasedSkill(TruthInference):
    """Votes weighted by skills that follow agreement step by step. ``seed`` decides ties."""

    def __init__(
        self,
        *,
        max_iterations: int = 100,
        tolerance: float = 1e-5,
        rate: float = 1.0,
        shrink: float = 0.5,
        shrink_every: int = 5,
        seed: int = 0,
    ) -> None:
        self.max_iterations = max_iterations
        self.tolerance = tolerance
        self.rate, self.shrink, self.shrink_every = rate, shrink, shrink_every
        self.seed = seed

    def _infer(self, answers: Answers, gold: Ints, _: Fit | None) -> Fit:
        votes = Votes(answers)
        skill = np.full(votes.n_annotators, 1 / votes.n_labels)  # nobody is known yet
        steps, converged = 0, False
        while steps < self.max_iterations and not converged:
            rate = self.rate * self.shrink ** (steps // self.shrink_every)
            belief = fixed(weighted_shares(votes, skill), gold)
            move = rate * (agreement(votes, belief) - skill)
            skill = skill + move
            steps, converged = steps + 1, bool(np.abs(move).max(initial=0) < self.tolerance)
        posterior = fixed(weighted_shares(votes, skill), gold)
        fit = fit_from_shares(votes, gold, posterior, self.seed)
        return fit.but(iterations=steps, converged=converged)


def agreement(votes: Votes, posterior: Floats) -> Floats:
    """[a]: weighted share of votes for the most probable labels; a tie counts as its share."""
    best = posterior >= row_max(posterior)[:, None] - TIE
    counts = votes.counts(best / row_sum(best.astype(np.float64))[:, None])
    cast = counts.sum(axis=(1, 2))
    share: Floats = np.zeros_like(cast)
    np.divide(np.einsum("akk->a", counts), cast, out=share, where=cast > 0)
    return share


def weighted_shares(votes: Votes, skill: Floats) -> Floats:
    """[i, k]: share of the skill behind each label; plain vote shares where nobody has skill."""
    weight = skill[:, None, None] * np.eye(votes.n_labels)
    support = votes.log_joint(weight)  # a sum over votes, as the log-likelihood is
    total = row_sum(support)[:, None]
    share: Floats = votes.shares.copy()
    np.divide(support, total, out=share, where=total > 0)
    return share
