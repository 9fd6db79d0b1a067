"""How often a person agrees with what the others say: each answer judged without itself.

    posterior without own answer  q'_ik ~ q_ik / C_a[k, l]

A person whose answer is the only evidence about an item is not judged by it.
"""

from dataclasses import dataclass

import numpy as np

from quality.inference.belief.fit import Belief
from quality.inference.belief.votes import Bools, Floats, Votes, normalised


@dataclass(frozen=True)
class Agreement:
    """Expected number of right answers among those that others can judge: both [a]."""

    right: Floats
    judged: Floats


def agreement(votes: Votes, belief: Belief) -> Agreement:
    """Who agrees with the others (and with gold and the model, where these have a say)."""
    judged = _judged(votes, belief)
    own = np.log(belief.confusion[votes.annotator, :, votes.label])
    floor = np.log(np.maximum(belief.posterior[votes.item], 1e-12))
    others = normalised(floor - np.where(_known(votes, belief)[:, None], 0, own))
    credit = others[np.arange(len(votes)), votes.label] * judged
    return Agreement(_by_person(votes, credit), _by_person(votes, judged.astype(float)))


def _by_person(votes: Votes, amounts: Floats) -> Floats:
    return np.bincount(votes.annotator, amounts, votes.n_annotators).astype(float)


def _judged(votes: Votes, belief: Belief) -> Bools:
    several = votes.per_item()[votes.item] > 1
    return several | _known(votes, belief)


def _known(votes: Votes, belief: Belief) -> Bools:
    """Answers to gold items: their posterior is a fact, not a product of answers."""
    certain: Bools = belief.posterior.max(axis=1)[votes.item] == 1.0
    return certain
