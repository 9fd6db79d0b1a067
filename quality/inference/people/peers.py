"""What the others say: a belief about each item without the person who is judged.

Everybody votes with the log-odds of their accuracy; the judged answer is taken out again. People
err on the same hard items, so n votes are worth n / (1 + r (n - 1)) independent ones, r = 0.3
(the effective sample size of cluster sampling). One pass over the answers, no people x items table.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quality.inference.grouped import count_by, sum_by

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

CORRELATION = 0.3
MOST_VOTES = 20  # the correlation was measured on 3 to 20 answers an item
MOST_TRUST = 0.97  # nobody's single vote is worth more
ASSUMED, ASSUMED_WEIGHT = 0.75, 4.0  # a newcomer's accuracy, and how many answers it is worth


def belief_of_others(
    item: Codes,
    annotator: Codes,
    label: Codes,
    accuracy: Floats,
    *,
    n_items: int,
    n_labels: int,
    gold: Codes | None = None,
) -> Floats:
    """[answer, k]: P(the item's true label is k), from everybody but the one who answered.

    accuracy   [annotator], as far as known
    gold       [item] true label, -1 where unknown; a gold item's belief is certain
    """
    weight = vote_weight(accuracy, n_labels)[annotator]
    score = sum_by(item * n_labels + label, weight, n_items * n_labels)
    without = score.reshape(n_items, n_labels)[item]
    without[np.arange(item.size), label] -= weight
    votes = count_by(item, n_items)[item] - 1
    belief = soft_belief(without, votes)
    if gold is not None:
        known = gold[item] >= 0
        belief[known] = np.eye(n_labels)[gold[item[known]]]
    return belief


def vote_weight(accuracy: Floats, n_labels: int) -> Floats:
    """[annotator]: log-odds that a vote adds to its label; nobody votes against themselves."""
    trust = np.clip(accuracy, 1.0 / n_labels, MOST_TRUST)
    weight: Floats = np.log(trust * (n_labels - 1) / (1.0 - trust))
    return np.maximum(weight, 0.0)


def soft_belief(score: Floats, votes: Codes) -> Floats:
    """[row, k]: probabilities of summed log-odds, softened for `votes` correlated votes."""
    extra = np.clip(votes - 1, 0, MOST_VOTES - 1)
    logit = score / (1.0 + CORRELATION * extra)[:, None]
    odds = np.exp(logit - logit.max(axis=1, keepdims=True))
    belief: Floats = odds / odds.sum(axis=1, keepdims=True)
    return belief


@dataclass(frozen=True, eq=False)
class SoftAccuracy:
    """[annotator] each: accuracy measured against beliefs instead of truth.

    answers      how many answers could tell anything
    value        the estimate; may leave [0, 1] by luck; NaN-free, `ASSUMED` without answers
    error        its standard error; infinite without answers
    """

    answers: Codes
    value: Floats
    error: Floats


def soft_accuracy(
    annotator: Codes, label: Codes, belief: Floats, *, n_annotators: int
) -> SoftAccuracy:
    """The accuracy that makes the observed agreement with the beliefs the expected one.

    A person of accuracy p who errs evenly gives, to an item of belief b, an answer that the belief
    holds with p * sum b^2 + (1 - p) * sum b (1 - b) / (K - 1) on average; this is solved for p.
    """
    n_labels = belief.shape[1]
    held = belief[np.arange(label.size), label]
    when_right = (belief**2).sum(axis=1)
    when_wrong = (1.0 - when_right) / (n_labels - 1)
    leverage = when_right - when_wrong  # 0 for an even belief, 1 for gold
    weight = leverage  # an answer tells in proportion to it
    gain = sum_by(annotator, weight * (held - when_wrong), n_annotators)
    base = sum_by(annotator, weight * leverage, n_annotators)
    known = base > 1e-9
    value = np.where(known, gain / np.where(known, base, 1.0), ASSUMED)
    left = held - when_wrong - leverage * value[annotator]
    spread = sum_by(annotator, (weight * left) ** 2, n_annotators) + 0.25 / 4  # never zero by luck
    error = np.where(known, np.sqrt(spread) / np.where(known, base, 1.0), np.inf)
    answers = count_by(annotator[leverage > 1e-9], n_annotators)
    return SoftAccuracy(answers, value, error)


def accuracy_among_peers(
    item: Codes,
    annotator: Codes,
    label: Codes,
    *,
    n_items: int,
    n_annotators: int,
    n_labels: int,
    gold: Codes | None = None,
    rounds: int = 6,
) -> Floats:
    """[annotator]: accuracy by agreement, where the agreement with good people counts for more.

    Starts with everybody alike and repeats; six rounds, as the order of people settles in three
    or four. Little-known people stay near `ASSUMED`.
    """
    accuracy = np.full(n_annotators, ASSUMED)
    for _ in range(rounds):
        belief = belief_of_others(
            item, annotator, label, accuracy, n_items=n_items, n_labels=n_labels, gold=gold
        )
        measured = soft_accuracy(annotator, label, belief, n_annotators=n_annotators)
        sum_ = measured.value * measured.answers + ASSUMED * ASSUMED_WEIGHT
        accuracy = np.clip(sum_ / (measured.answers + ASSUMED_WEIGHT), 0.0, 1.0)
    return accuracy


@dataclass(frozen=True, eq=False)
class Agreement:
    """[annotator] each: expected ``right`` answers among the ``judged``, those that others or gold can judge."""

    right: Floats
    judged: Floats


def agreement(
    item: Codes,
    annotator: Codes,
    label: Codes,
    *,
    n_items: int,
    n_annotators: int,
    n_labels: int,
    gold: Codes | None = None,
) -> Agreement:
    """How often everybody agrees with the others and the gold; an answer that stands alone judges nobody."""
    accuracy = accuracy_among_peers(
        item, annotator, label,
        n_items=n_items, n_annotators=n_annotators, n_labels=n_labels, gold=gold,
    )  # fmt: skip
    told = count_by(item, n_items) > 1
    if gold is not None:
        told |= gold >= 0
    judged = count_by(annotator[told[item]], n_annotators).astype(np.float64)
    return Agreement(judged * accuracy, judged)
