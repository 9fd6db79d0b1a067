"""Expectation maximisation over tables of answers, shared by all methods of the family.

    posterior[i, k]      belief that the true label of item i is k
    counts[a, l, k]      how often annotator a said l where k is believed
    log_table[a, l, k]   log P(a says l | true label k), as the method estimates it from the counts
    prior[k]             share of label k; its power is 1 in Dawid and Skene, 0 is a uniform prior

A method is a ``Tables`` (counts to log tables) and, where it needs one, its own ``Expectation``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from quality.inference.answers import NO_GOLD, Bools, Floats, Ints
from quality.inference.votes import Votes

UNDERFLOW = -600.0  # exp of more than this, and sums of a few of them, are ordinary numbers
SMALL = 3000  # items; below, convergence looks at the largest change, above at the mean change


class Tables(Protocol):
    """What annotators' answers mean, learned from counts."""

    def learn(self, counts: Floats, step: int, /) -> None:
        """Fit what annotators have in common; called at every iteration."""

    def log_table(self, counts: Floats) -> Floats:
        """[a, l, k] from counts[a, l, k], those of any annotators."""


@dataclass(slots=True)
class Belief:
    """One E-step: posterior[i, k], counts[a, l, k] for the next M-step, log-likelihood."""

    posterior: Floats
    counts: Floats
    log_likelihood: float


class Expectation(Protocol):
    """The E-step of a method."""

    def __call__(self, votes: Votes, gold: Ints, log_table: Floats, log_prior: Floats) -> Belief:
        """The belief under these tables, with gold items fixed."""

    def posterior(self, votes: Votes, gold: Ints, log_table: Floats, log_prior: Floats) -> Floats:
        """[i, k]: only the beliefs, learning nothing; of any items of the same people."""


@dataclass(slots=True)
class Run:
    """Where EM ended: the last posterior, and the tables and prior it was computed from."""

    posterior: Floats
    counts: Floats
    log_table: Floats
    prior: Floats
    log_prior: Floats
    tables: Tables
    expectation: Expectation
    converged: bool = False
    log_likelihood: list[float] = field(default_factory=list)

    @property
    def iterations(self) -> int:
        return len(self.log_likelihood)


class Independent:
    """The plain E-step: answers are independent given the true label."""

    def __call__(self, votes: Votes, gold: Ints, log_table: Floats, log_prior: Floats) -> Belief:
        joint = votes.log_joint(log_table)
        joint += log_prior
        posterior, log_likelihood = normalised(clamp(joint, gold))
        return Belief(posterior, votes.counts(posterior), log_likelihood)

    def posterior(self, votes: Votes, gold: Ints, log_table: Floats, log_prior: Floats) -> Floats:
        return normalised(clamp(votes.log_joint(log_table) + log_prior, gold))[0]


def maximise(
    votes: Votes,
    gold: Ints,
    tables: Tables,
    *,
    start: Floats,
    max_iterations: int,
    tolerance: float,
    prior_power: float = 1.0,
    pseudo_items: float = 1.0,
    expectation: Expectation | None = None,
) -> Run:
    """EM from the beliefs ``start[i, k]``, until they move less than ``tolerance``."""
    posterior = fixed(start, gold)
    known = votes.known(gold)
    expectation = expectation or Independent()
    counts = votes.counts(posterior)
    prior = shares(posterior, known, pseudo_items)
    table = np.zeros_like(counts)
    run = Run(posterior, counts, table, prior, prior_power * np.log(prior), tables, expectation)
    for step in range(max_iterations):
        tables.learn(run.counts, step)
        run.log_table = tables.log_table(run.counts)
        run.prior = shares(run.posterior, known, pseudo_items)
        run.log_prior = prior_power * np.log(run.prior)
        belief = expectation(votes, gold, run.log_table, run.log_prior)
        run.converged = settled(belief.posterior, run.posterior, tolerance)
        run.posterior, run.counts = belief.posterior, belief.counts
        run.log_likelihood.append(belief.log_likelihood)
        if run.converged:
            break
    return run


def clamp(log_joint: Floats, gold: Ints) -> Floats:
    """Gold leaves one possible label: every other gets log 0. Changes ``log_joint`` in place."""
    rows = np.flatnonzero(gold != NO_GOLD)
    kept = log_joint[rows, gold[rows]]
    log_joint[rows] = -np.inf
    log_joint[rows, gold[rows]] = kept
    return log_joint


def fixed(posterior: Floats, gold: Ints) -> Floats:
    """A copy of the beliefs in which gold items are certain."""
    copy = posterior.copy()
    rows = np.flatnonzero(gold != NO_GOLD)
    copy[rows] = 0
    copy[rows, gold[rows]] = 1
    return copy


def normalised(log_joint: Floats) -> tuple[Floats, float]:
    """Rows that sum to one, and the sum of the log normalisers. Overwrites ``log_joint``."""
    if log_joint.size == 0:
        return log_joint, 0.0
    shifted = _shift(log_joint)
    np.exp(log_joint, out=log_joint)
    total = row_sum(log_joint)
    log_joint /= total[:, None]
    return log_joint, shifted + float(np.log(total, out=total).sum())


def _shift(log_joint: Floats) -> float:
    """Bring the largest of each row to 0, in place, where exp could underflow; the sum taken off."""
    if log_joint.min() > UNDERFLOW and log_joint.max() < -UNDERFLOW:
        return 0.0
    shift = row_max(log_joint)
    log_joint -= shift[:, None]
    return float(shift.sum())


def shares(posterior: Floats, known: Bools, pseudo_items: float = 0.0) -> Floats:
    """[k]: share of each label among known items, with ``pseudo_items`` more items for each."""
    pseudo = max(pseudo_items, 1e-12)  # never exactly zero
    total = np.einsum("i,ik->k", known.astype(np.float64), posterior) + pseudo
    share: Floats = total / total.sum()
    return share


def settled(new: Floats, old: Floats, tolerance: float) -> bool:
    """Whether beliefs moved less than the tolerance: at most on small sets, on average on large."""
    if new.size == 0:
        return True
    change = new - old
    np.abs(change, out=change)
    if len(new) >= SMALL:
        return bool(change.sum() / (2 * len(new)) < tolerance)
    return bool(row_sum(change).max() / 2 < tolerance)  # total variation


def row_sum(table: Floats) -> Floats:
    """[i]: the sum of each row; column by column, several times faster as rows are short."""
    total = table[:, 0].copy()
    for k in range(1, table.shape[1]):
        total += table[:, k]
    return total


def row_max(table: Floats) -> Floats:
    """[i]: the largest of each row, column by column."""
    largest = table[:, 0].copy()
    for k in range(1, table.shape[1]):
        np.maximum(largest, table[:, k], out=largest)
    return largest
