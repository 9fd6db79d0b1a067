"""How much people's answers about one item repeat each other, read off gold.

Raw posteriors are far too sure where what is hard for one is hard for the next. The softening r that
makes the replayed beliefs about gold items most probable is taken, held near 0.3 by the penalty

    4 * (log((r + 0.05) / 0.35))^2      (nats; gold of some dozens of items moves it a little)
"""

import numpy as np

from quality.inference.settling.parameters import SOFTENING
from quality.inference.settling.replay import Gold, Prefixes

GRID = np.concatenate([np.arange(0, 0.3, 0.02), np.arange(0.3, 1.51, 0.1)])
SLACK = 0.05
PENALTY = 4.0
LEAST_BELIEF = 1e-4
FAIR_SEATS = 7  # prefixes longer than an item's usual number of seats say little about stopping


def fit_softening(prefixes: Prefixes, gold: Gold) -> float:
    """The r of the best penalised log-loss over all prefixes; each gold item counts once."""
    losses = [_loss(prefixes, gold, r) + _penalty(r) for r in GRID.tolist()]
    return float(GRID[int(np.argmin(losses))])


def _loss(prefixes: Prefixes, gold: Gold, r: float) -> float:
    beliefs = prefixes.beliefs(r)[:, :FAIR_SEATS]
    held = np.take_along_axis(beliefs, gold.truth[:, None, None], axis=2)[:, :, 0]
    exists = np.arange(beliefs.shape[1])[None, :] < gold.said[:, None]
    loss = np.where(exists, -np.log(np.maximum(held, LEAST_BELIEF)), 0.0)
    return float((loss.sum(axis=1) / exists.sum(axis=1)).sum())


def _penalty(r: float) -> float:
    return float(PENALTY * np.log((r + SLACK) / (SOFTENING + SLACK)) ** 2)
