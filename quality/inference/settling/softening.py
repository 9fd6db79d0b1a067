"""How much people's answers about one item repeat each other, and deceive, read off gold.

Raw posteriors are far too sure where what is hard for one is hard for the next. The softening r and the
doubt d that make the replayed beliefs about gold items most probable are taken. The priors hold them
near what real crowds have shown, so few gold items move them little, and many as far as they like:

    4 * (log((r + 0.05) / 0.35))^2      nats against r, with its mode at 0.3
    d ~ Beta                            doubt.py; the most probable log d is what Beta's mean is to counts
"""

from typing import NamedTuple

import numpy as np

from quality.inference.answers import Floats
from quality.inference.settling.doubt import log_prior, stated
from quality.inference.settling.parameters import SOFTENING
from quality.inference.settling.replay import Gold, Prefixes

GRID = np.concatenate([np.arange(0, 0.3, 0.02), np.arange(0.3, 1.51, 0.1)])
DOUBTS = np.geomspace(0.001, 0.3, 40)
SLACK = 0.05
PENALTY = 4.0
LEAST_BELIEF = 1e-4
FAIR_SEATS = 7  # prefixes longer than an item's usual number of seats say little about stopping


class Sureness(NamedTuple):
    """How the votes about an item are read: Parameters.softening and Parameters.doubt."""

    softening: float
    doubt: float


def fit_sureness(prefixes: Prefixes, gold: Gold, alike: Floats | None = None) -> Sureness:
    """The most probable pair over all prefixes; each gold item counts once."""
    losses = np.array([_losses(prefixes, gold, alike, r) + _penalty(r) for r in GRID.tolist()])
    losses -= log_prior(DOUBTS)
    r, d = np.unravel_index(int(losses.argmin()), losses.shape)
    return Sureness(float(GRID[r]), float(DOUBTS[d]))


def _losses(prefixes: Prefixes, gold: Gold, alike: Floats | None, r: float) -> Floats:
    """[d]: log-loss of what would be stated, summed over gold items, at each doubt."""
    beliefs = prefixes.beliefs(r)[:, :FAIR_SEATS]
    n_labels = beliefs.shape[2]
    shared = stated(beliefs.reshape(-1, n_labels), 0.0, alike).reshape(beliefs.shape)
    held = np.take_along_axis(shared, gold.truth[:, None, None], axis=2)[:, :, 0]
    exists = np.arange(beliefs.shape[1])[None, :] < gold.said[:, None]
    weight = exists / exists.sum(axis=1, keepdims=True)
    said = ((1 - d) * held + d / n_labels for d in DOUBTS.tolist())
    return np.array([-(weight * np.log(np.maximum(p, LEAST_BELIEF))).sum() for p in said])


def _penalty(r: float) -> float:
    return float(PENALTY * np.log((r + SLACK) / (SOFTENING + SLACK)) ** 2)
