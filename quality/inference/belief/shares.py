"""How common each label is, when few items have a second answer.

With one answer an item the EM estimate of the class shares is not identified: any shift of the
shares can be explained by people's errors, and EM runs to one label. The plain shares of the answers
are biased towards even, but they stand still. The fewer repeats, the more weight they get.
"""

import numpy as np

from quality.inference.answers import Answers, Floats

LEAST_PLAIN = 0.03
MOST_PLAIN = 0.87
ENOUGH_REPEATS = 0.6


def plain_weight(answers: Answers) -> float:
    """Weight of the vote shares, between .03 and .90."""
    answered = np.count_nonzero(answers.votes_per_item())
    repeats = 1 - answered / max(1, len(answers))
    return LEAST_PLAIN + MOST_PLAIN * max(0.0, 1 - repeats / ENOUGH_REPEATS)


def vote_shares(answers: Answers) -> Floats:
    """Shares of the given labels, one pseudo-answer each: [k]."""
    counts = np.bincount(answers.label, minlength=answers.n_labels) + 1.0
    said: Floats = counts / counts.sum()
    return said


def class_shares(posterior: Floats, plain: Floats, weight: float) -> Floats:
    """The belief's shares over answered items [i, k] mixed with the plain ones: [k]."""
    estimate = (posterior.sum(axis=0) + 1) / (len(posterior) + len(plain))
    mixed: Floats = (1 - weight) * estimate + weight * plain
    return mixed
