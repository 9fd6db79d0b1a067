"""How often a person agrees with what the others say: each answer judged without itself.

    posterior without own answer  q'_ik ~ q_ik / C_a[k, l]

A person whose answer is the only evidence about an item is not judged by it.
"""

from dataclasses import dataclass

import numpy as np

from quality.inference.answers import Answers, Bools, Floats
from quality.inference.belief.fit import Belief
from quality.inference.belief.sums import normalised


@dataclass(frozen=True)
class Agreement:
    """Expected number of right answers among those that others can judge: both [a]."""

    right: Floats
    judged: Floats


def agreement(answers: Answers, belief: Belief) -> Agreement:
    """Who agrees with the others (and with gold and the model, where these have a say)."""
    judged = _judged(answers, belief)
    own = np.log(belief.confusion[answers.annotator, :, answers.label])
    floor = np.log(np.maximum(belief.posterior[answers.item], 1e-12))
    others = normalised(floor - np.where(_known(answers, belief)[:, None], 0, own))
    credit = others[np.arange(len(answers)), answers.label] * judged
    return Agreement(_by_person(answers, credit), _by_person(answers, judged.astype(float)))


def _by_person(answers: Answers, amounts: Floats) -> Floats:
    return np.bincount(answers.annotator, amounts, answers.n_annotators).astype(float)


def _judged(answers: Answers, belief: Belief) -> Bools:
    several = answers.votes_per_item()[answers.item] > 1
    return several | _known(answers, belief)


def _known(answers: Answers, belief: Belief) -> Bools:
    """Answers to gold items: their posterior is a fact, not a product of answers."""
    certain: Bools = belief.posterior.max(axis=1)[answers.item] == 1.0
    return certain
