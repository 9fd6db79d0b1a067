"""Ordered classes: a Bayesian mixture of confusion models that knows which classes are near.

    posterior[i, k]     P(true class of item i = k | all answers)
    table[a, k, l]      log "probability" that annotator a answers l when k is true

The table of a person is the average of three views in log space, which fail in different places:

* *coin*: right with one probability, every wrong class alike (one-coin Dawid and Skene, 1979);
* *ladder*: a latent position, the true class shifted by the person's bias and blurred by their
  spread, cut half-way between the classes (the cumulative probit model). Bias and spread lie on
  a small grid whose weights the crowd learns, so each person has a posterior over the grid;
* *pool*: a full confusion matrix, drawn to a matrix of Dirichlet counts that is learned from the
  whole crowd (Minka, Estimating a Dirichlet distribution, 2000). It has twice the weight: it
  alone sees that some neighbours are easier to mix up than others.

The average is left unnormalised on purpose: the deficit lowers the weight of answers whose
meaning the views dispute. The class prior enters with a quarter of its weight, because an
estimated prior feeds on its own guesses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from scipy.special import digamma, ndtr

from quality.inference.answers import NO_GOLD
from quality.inference.em import fixed
from quality.inference.evidence import design_effect, reliability_of_shares
from quality.inference.known import Known
from quality.inference.typed_answers import Floats, Ints, TypedAnswers, check_each, log_sum, sums

BIASES = (-1.0, -0.5, 0.0, 0.5, 1.0)
SPREADS = (0.25, 0.4, 0.6, 0.9, 1.4, 2.5)  # in classes: from nearly never wrong to anything goes
SLIP = 0.02  # share of answers that say nothing about the truth, even of careful people
POOL_ROUNDS = (2, 4, 8, 16)  # learning the Dirichlet more often costs time and changes nothing
NO_LABEL = -1


def distance(a: int, b: int) -> float:
    """Number of classes between two answers."""
    return float(abs(a - b))


class OrdinalConsensus:
    """Posterior over ordered classes 0 .. n_labels - 1 from answers that are such codes.

    n_labels        number of classes; None takes the largest answer
    prior_power     weight of the estimated class prior, 0 for a uniform one
    max_iterations  of EM; ``converged_`` says whether the beliefs had settled

    After ``fit``: ``posterior_[i, k]`` (softened by the design effect, so that it is fit to stop
    on), ``label_[i]`` (most probable class, -1 without answers), ``confidence_[i]`` of it,
    ``median_[i]`` (the class with the smallest expected distance to the truth), ``confusion_``
    [a, k, l], ``bias_[a]`` and ``spread_[a]`` in classes, and ``reliability_``: P(right).
    """

    def __init__(
        self, n_labels: int | None = None, *, prior_power: float = 0.25, max_iterations: int = 60
    ) -> None:
        self.n_labels = n_labels
        self.prior_power = prior_power
        self.max_iterations = max_iterations

    def fit(self, answers: TypedAnswers[int], gold: Mapping[int, int] | None = None) -> Self:
        """``gold[i]``: known class of item i. ValueError when there is no class, or one is none."""
        known = _known(answers, gold, self.n_labels)
        said = _checked(answers, self.n_labels, known)
        n_labels = self.n_labels or int(max(said.max(initial=-1), known.max(initial=-1))) + 1
        if n_labels < 1:
            raise ValueError("there is no class to choose from")
        ladders = ladder_tables(n_labels)
        belief = fixed(_vote_shares(answers, said, n_labels), known)
        alpha = np.full((n_labels, n_labels), 0.5) + 2.0 * np.eye(n_labels)
        weights = np.full(len(ladders), 1.0 / len(ladders))
        self.iterations_, self.converged_ = 0, False
        while not self.converged_ and self.iterations_ < self.max_iterations:
            counts = _counts(answers, said, belief)
            if self.iterations_ in POOL_ROUNDS:
                alpha = learned_dirichlet(counts, alpha)
            on_grid = _grid_posterior(counts, ladders, weights)
            weights = (on_grid.sum(axis=0) + 1.0) / (len(on_grid) + len(weights))
            table = _table(counts, alpha, on_grid, ladders)
            before, belief = belief, fixed(self._beliefs(answers, said, belief, table), known)
            self.iterations_ += 1
            self.converged_ = float(np.abs(belief - before).max(initial=0.0)) < 1e-4
        self._publish(answers, said, known, belief, alpha, on_grid)
        return self

    def _beliefs(
        self, answers: TypedAnswers[int], said: Ints, belief: Floats, table: Floats
    ) -> Floats:
        n_items, n_labels = belief.shape
        prior = (belief.sum(axis=0) + 1.0) / (n_items + n_labels)
        log_joint = np.tile(self.prior_power * np.log(prior), (n_items, 1))
        for k in range(n_labels):
            log_joint[:, k] += sums(answers.item, table[answers.annotator, k, said], n_items)
        return _normalised(log_joint)

    def _publish(
        self,
        answers: TypedAnswers[int],
        said: Ints,
        known: Ints,
        belief: Floats,
        alpha: Floats,
        on_grid: Floats,
    ) -> None:
        seen = answers.per_item()
        with np.errstate(divide="ignore"):
            log_belief = np.log(belief)
        soft = _normalised(log_belief / design_effect(seen)[:, None])
        self.posterior_ = fixed(soft, known)
        told = (seen > 0) | (known != NO_GOLD)
        self.label_ = np.where(told, self.posterior_.argmax(axis=1), NO_LABEL)
        self.confidence_ = np.where(told, self.posterior_.max(axis=1), 0.0)
        middle = (np.cumsum(self.posterior_, axis=1) < 0.5).sum(axis=1)
        self.median_ = np.where(told, middle, NO_LABEL)
        self.confusion_ = _smoothed(_counts(answers, said, belief), alpha)
        self.bias_ = on_grid @ np.repeat(BIASES, len(SPREADS))
        self.spread_ = on_grid @ np.tile(SPREADS, len(BIASES))
        hits = self.posterior_[answers.item, said]
        right = sums(answers.annotator, hits, answers.n_annotators)
        self.reliability_ = reliability_of_shares(right, answers.per_annotator().astype(float))


def ladder_tables(n_labels: int) -> Floats:
    """[t, k, l]: P(answer l | true k) for each bias (outer) and spread (inner) of the grid."""
    edges = np.concatenate([[-np.inf], np.arange(n_labels - 1) + 0.5, [np.inf]])
    true = np.arange(n_labels, dtype=np.float64)
    tables = [
        np.diff(ndtr((edges[None, :] - true[:, None] - bias) / spread), axis=1)
        for bias in BIASES
        for spread in SPREADS
    ]
    return (1.0 - SLIP) * np.array(tables) + SLIP / n_labels


def learned_dirichlet(counts: Floats, alpha: Floats, *, rounds: int = 3) -> Floats:
    """Minka's fixed point for one Dirichlet per true class; entries stay above 0.001."""
    for _ in range(rounds):
        rows, row_alpha = counts.sum(axis=2), alpha.sum(axis=1)
        gain = (digamma(counts + alpha) - digamma(alpha)).sum(axis=0)
        cost = (digamma(rows + row_alpha) - digamma(row_alpha)).sum(axis=0)
        alpha = np.maximum(alpha * gain / np.maximum(cost, 1e-12)[:, None], 1e-3)
    return np.minimum(alpha, 1e3)


def _known(
    answers: TypedAnswers[int], gold: Mapping[int, int] | None, n_labels: int | None
) -> Ints:
    """[i]: the known class, NO_GOLD elsewhere."""
    known = Known.of(gold, answers.n_items)
    codes = np.full(answers.n_items, NO_GOLD, dtype=np.int64)
    check_each("gold", known.pairs(), _is_class, "a class")
    codes[known.item] = _classes("gold", known.value, n_labels)
    return codes


def _checked(answers: TypedAnswers[int], n_labels: int | None, known: Ints) -> Ints:
    if n_labels is None and len(answers) == 0 and (known == NO_GOLD).all():
        raise ValueError("no classes: neither n_labels nor an answer names one")
    check_each("label", enumerate(answers.label), _is_class, "a class")
    return _classes("label", answers.label, n_labels)


def _is_class(value: object) -> bool:
    return isinstance(value, int | np.integer)


def _classes(name: str, values: Sequence[int], n_labels: int | None) -> Ints:
    codes = np.asarray(values, dtype=np.int64).reshape(len(values))
    if codes.size and (codes.min() < 0 or (n_labels is not None and codes.max() >= n_labels)):
        raise ValueError(f"{name} must be classes 0..{(n_labels or codes.max() + 1) - 1}")
    return codes


def _vote_shares(answers: TypedAnswers[int], said: Ints, n_labels: int) -> Floats:
    votes = np.bincount(answers.item * n_labels + said, minlength=answers.n_items * n_labels)
    shares = votes.reshape(answers.n_items, n_labels).astype(np.float64)
    total = shares.sum(axis=1, keepdims=True)
    result: Floats = np.divide(
        shares, total, out=np.full_like(shares, 1.0 / n_labels), where=total > 0
    )
    return result


def _counts(answers: TypedAnswers[int], said: Ints, belief: Floats) -> Floats:
    """[a, k, l]: expected number of times annotator a answered l to an item that is k."""
    n_labels = belief.shape[1]
    cell = answers.annotator * n_labels + said
    cells = answers.n_annotators * n_labels
    columns = [sums(cell, belief[answers.item, k], cells) for k in range(n_labels)]
    by_truth = np.array(columns).reshape(n_labels, answers.n_annotators, n_labels)
    return by_truth.transpose(1, 0, 2)


def _grid_posterior(counts: Floats, ladders: Floats, weights: Floats) -> Floats:
    """[a, t]: how well each grid point explains each person."""
    cells = counts.shape[1] * counts.shape[2]
    flat = counts.reshape(-1, cells) @ np.log(ladders).reshape(-1, cells).T
    return _normalised(flat + np.log(weights))


def _table(counts: Floats, alpha: Floats, on_grid: Floats, ladders: Floats) -> Floats:
    ladder = np.tensordot(on_grid, ladders, axes=1)
    views = np.log(_coin(counts)) + np.log(ladder) + 2.0 * np.log(_smoothed(counts, alpha))
    table: Floats = views / 4.0
    return table


def _smoothed(counts: Floats, alpha: Floats) -> Floats:
    filled = counts + alpha
    rows: Floats = filled / filled.sum(axis=2, keepdims=True)
    return rows


def _coin(counts: Floats) -> Floats:
    """[a, k, l] of one probability each; everyone starts with two right answers and one wrong."""
    n_labels = counts.shape[1]
    hits = np.trace(counts, axis1=1, axis2=2)
    right = ((hits + 2.0) / (counts.sum(axis=(1, 2)) + 3.0))[:, None, None]
    same = np.eye(n_labels, dtype=bool)
    result: Floats = np.where(same, right, (1.0 - right) / max(n_labels - 1, 1))
    return result


def _normalised(log_joint: Floats) -> Floats:
    return np.exp(log_joint - log_sum(log_joint, 1)[:, None])
