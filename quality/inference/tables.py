"""Answer tables whose smoothing is learned from the crowd: the coin, the pool and their blend.

*Coin*: one accuracy p_a per annotator with a beta prior, p_a = (right + a) / (answered + a + b).
*Pool*: a confusion matrix per annotator with one Dirichlet prior alpha[l, k] for each true label,
shared by all annotators. Both priors are learned by maximum (beta-binomial, Dirichlet-multinomial)
likelihood with the fixed point of Minka (2000), "Estimating a Dirichlet distribution". That is
most of the work, so it happens at iterations 2, 4, 8 and 16 only, which loses no accuracy.
*Blend(v)*: (log coin + v log pool) / (1 + v), on purpose **not** normalised. The missing mass is a
penalty on answers whose meaning the two disagree about; normalising costs half a point of accuracy.
"""

from __future__ import annotations

import numpy as np
from scipy.special import digamma

from quality.inference.answers import Floats
from quality.inference.one_coin import coin_counts, log_coin_table

LEARN_AT = frozenset({2, 4, 8, 16})
COIN_ROUNDS = 10
POOL_ROUNDS = 3


class CoinTables:
    """The coin with a learned beta prior."""

    def __init__(self) -> None:
        self.right, self.wrong = 4.0, 2.0  # pseudo-answers to begin with

    def learn(self, counts: Floats, step: int, /) -> None:
        if step == 0 or step in LEARN_AT:
            self._fit_prior(*coin_counts(counts))

    def log_table(self, counts: Floats) -> Floats:
        right, answered = coin_counts(counts)
        share = (right + self.right) / (answered + self.right + self.wrong)
        return log_coin_table(share, counts.shape[1])

    def _fit_prior(self, right: Floats, answered: Floats) -> None:
        wrong = answered - right
        for _ in range(COIN_ROUNDS):
            total = self.right + self.wrong
            spread = _gain(answered, total)
            if spread <= 0:  # nobody has answered
                return
            self.right = _bounded(self.right * _gain(right, self.right) / spread)
            self.wrong = _bounded(self.wrong * _gain(wrong, self.wrong) / spread)


class PoolTables:
    """The pool: annotators' matrices under one learned Dirichlet per true label."""

    def __init__(self, n_labels: int) -> None:
        # The heavier diagonal also fixes which class is which.
        self.alpha = np.full((n_labels, n_labels), 0.5) + 2 * np.eye(n_labels)

    def learn(self, counts: Floats, step: int, /) -> None:
        if step in LEARN_AT:
            self._fit_prior(counts)

    def log_table(self, counts: Floats) -> Floats:
        table = counts + self.alpha
        table /= table.sum(axis=1, keepdims=True)
        return np.log(table, out=table)

    def _fit_prior(self, counts: Floats) -> None:
        answered = counts.sum(axis=1)
        for _ in range(POOL_ROUNDS):
            gain = (digamma(counts + self.alpha) - digamma(self.alpha)).sum(axis=0)
            total = self.alpha.sum(axis=0)
            spread = (digamma(answered + total) - digamma(total)).sum(axis=0)
            self.alpha = np.clip(self.alpha * gain / np.maximum(spread, 1e-12), 1e-3, 1e4)


class BlendTables:
    """Coin and pool in log space, the pool with ``pool_weight`` times the coin's weight."""

    def __init__(self, n_labels: int, pool_weight: float) -> None:
        self.coin, self.pool = CoinTables(), PoolTables(n_labels)
        self.pool_share = pool_weight / (1 + pool_weight)

    def learn(self, counts: Floats, step: int, /) -> None:
        self.coin.learn(counts, step)
        self.pool.learn(counts, step)

    def log_table(self, counts: Floats) -> Floats:
        blend = self.coin.log_table(counts) * (1 - self.pool_share)
        blend += self.pool.log_table(counts) * self.pool_share
        return blend


def _gain(counts: Floats, pseudo: float) -> float:
    return float((digamma(counts + pseudo) - digamma(pseudo)).sum())


def _bounded(pseudo: float) -> float:
    return min(max(pseudo, 1e-2), 1e3)
