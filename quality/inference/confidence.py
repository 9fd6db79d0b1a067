"""Confidence that holds: answers about one item are not independent.

What is hard for one person is hard for the next, so n answers are worth n / (1 + r (n - 1)), as in
cluster sampling, and log odds are divided by tau = 1 + r (n - 1). n counts up to 15 answers only:
at 20 the formula is too harsh, and nothing was measured beyond.

Softening weakens the prior as well, so rare labels come out too sure. Three tenths of the prior are
given back, where that changes no label: labels never depend on this module.

r is 0.3 unless the crowd itself says otherwise. People who agree on the chosen labels no more than
their own accuracies explain hardly share errors; people who agree much more often do. This *excess
agreement* needs no truth, but it needs several answers an item: up to three it says nothing, and
from six on it decides. (On the development sets it takes the log-loss from 0.352 to 0.335.)
"""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Floats
from quality.inference.em import normalised
from quality.inference.votes import Votes

USUAL = 0.3
MOST_ANSWERS = 15
PRIOR_POWER = 0.3
SMALLEST = 1e-12  # probabilities below say nothing more after softening


def soften(posterior: Floats, n_answers: Floats, correlation: float) -> Floats:
    """[i, k]: posterior ** (1 / tau_i), rows summing to one; ``n_answers[i]`` may be weighted."""
    extra = np.clip(n_answers, 1, MOST_ANSWERS) - 1
    log_odds = np.log(np.maximum(posterior, SMALLEST)) / (1 + correlation * extra)[:, None]
    return normalised(log_odds)[0]


def with_prior(posterior: Floats, prior: Floats) -> Floats:
    """[i, k]: beliefs with ``PRIOR_POWER`` of the prior, except where the label would change."""
    weighed = posterior * prior**PRIOR_POWER
    weighed /= weighed.sum(axis=1, keepdims=True)
    flipped = weighed.argmax(axis=1) != posterior.argmax(axis=1)
    weighed[flipped] = posterior[flipped]
    return weighed


def correlation(votes: Votes, posterior: Floats, counts: Floats) -> float:
    """r, from the excess agreement as far as there are enough answers an item to see it."""
    answered = votes.per_item[votes.per_item > 0]
    if not answered.size:
        return USUAL
    trust = float(np.clip((answered.mean() - 3) / 3, 0, 1))
    seen = float(np.clip(0.15 + 4 * excess_agreement(votes, posterior, counts), 0.05, 0.4))
    return USUAL + trust * (seen - USUAL)


def excess_agreement(votes: Votes, posterior: Floats, counts: Floats) -> float:
    """Correlation of "right" between two answers of an item, beyond the people's accuracies.

    Right means: as the most probable label. 0 for independent answers.
    """
    chosen = np.repeat(posterior.argmax(axis=1), votes.per_item)
    annotator, label = np.divmod(votes.matrix.indices, votes.n_labels)
    share = _share_right(counts)[annotator, chosen]
    surprise = (label == chosen) - share
    deviation = np.sqrt(share * (1 - share))
    expected = _pairs(votes, deviation)
    return _pairs(votes, surprise) / expected if expected > 0 else 0.0


def _share_right(counts: Floats) -> Floats:
    """[a, k]: smoothed share of right answers where k is believed."""
    n_labels = counts.shape[1]
    diagonal = np.einsum("akk->ak", counts) + 2.5
    share: Floats = diagonal / (counts.sum(axis=1) + 2 + 0.5 * n_labels)
    return share


def _pairs(votes: Votes, value: Floats) -> float:
    """Sum over items of value * value over all pairs of different answers."""
    item = np.repeat(np.arange(votes.n_items), votes.per_item)
    total = np.bincount(item, weights=value, minlength=votes.n_items)
    return float((total**2).sum() - (value**2).sum())
