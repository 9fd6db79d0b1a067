"""How often a person is right: gold and agreement with the others, weighed by what they know.

An answer about an item, of which the others' answers (and the model) give the belief q[l] for the label
that was said, has the probability

    p q + (1 - p)(1 - q) / (n_labels - 1)

when the person is right with p. A gold item is q = 0 or 1; an item nobody else has answered says
nearly nothing, by itself. The posterior of p, from the Jeffreys prior on a grid, gives mean and
95 % interval.
"""

from dataclasses import dataclass, replace

import numpy as np

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.belief.sums import normalised
from quality.inference.settling.parameters import Parameters, votes_belief

GRID = (np.arange(200) + 0.5) / 200
BINS = 500  # beliefs are counted in so many steps: work grows with people, not answers x grid
TRUST = 0.99  # the others' belief is never taken for the truth itself
LEAST_BELIEF = 1e-12


@dataclass(frozen=True, eq=False)
class Standing:
    """accuracy[a] with its 95 % interval low[a] .. high[a]."""

    accuracy: Floats
    low: Floats
    high: Floats


def standing(votes: Answers, others: Floats) -> Standing:
    """``others[v, k]``: the belief about the item of vote v without this vote."""
    held = others[np.arange(len(votes)), votes.label]
    place = np.rint(held * BINS).astype(np.int64)
    cells = votes.annotator * (BINS + 1) + place
    counts = np.bincount(cells, minlength=votes.n_annotators * (BINS + 1))
    counts = counts.reshape(votes.n_annotators, BINS + 1)
    log_prior = -0.5 * np.log(GRID * (1 - GRID))
    log_posterior = log_prior + counts @ _log_probability(votes.n_labels)
    mass = normalised(log_posterior)
    return Standing(mass @ GRID, _quantile(mass, 0.025), _quantile(mass, 0.975))


def belief_of_others(
    parameters: Parameters, votes: Answers, confusion: Floats, voiced: Floats | None, gold: Ints
) -> Floats:
    """[v, k]: what everything but vote v says about its item; certain for gold items.

    Votes count in full here. Softened ones would understate what the others know, and whoever agrees with
    them more often than they claim to be right would be taken for better than anybody.
    """
    full = replace(parameters, softening=0.0)
    belief = np.log(np.maximum(votes_belief(full, votes, confusion, voiced), LEAST_BELIEF))
    rest = normalised(belief[votes.item] - np.log(confusion[votes.annotator, :, votes.label]))
    rest = TRUST * rest + (1 - TRUST) / votes.n_labels
    known = np.flatnonzero(gold[votes.item] >= 0)
    rest[known] = np.eye(votes.n_labels)[gold[votes.item[known]]]
    return rest


def _log_probability(n_labels: int) -> Floats:
    """[bin, p]: log probability of an answer that the others give q, at each accuracy of the grid."""
    q = (np.arange(BINS + 1) / BINS)[:, None]
    return np.asarray(np.log(GRID * q + (1 - GRID) * (1 - q) / (n_labels - 1)))


def _quantile(mass: Floats, share: float) -> Floats:
    place = (np.cumsum(mass, axis=1) < share).sum(axis=1)
    return np.asarray(GRID[np.minimum(place, GRID.size - 1)])
