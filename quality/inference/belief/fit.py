"""The belief about every item: people through their confusion matrices, the model through its own.

    posterior[i, k]    P(truth of item i = k | all answers, the model)
    confusion[a, k, l] P(annotator a answers l | truth k)
    prior[i, k]        what is believed before the item's own answers: the class shares, or the
                       model's answer as far as it has earned a voice

Fitted by EM (Dawid and Skene, 1979) from the vote shares, people first. The belief may rank items;
it may not promise: it is too sure wherever people err alike. Promises rest on gold and audits.
"""

from dataclasses import dataclass

import numpy as np

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.belief import gate, people, shares, voice
from quality.inference.belief.sums import (
    expected_counts,
    log_likelihood,
    normalised,
    of_items,
    vote_counts,
)

# More steps of EM fit the habits of people better and the truth worse (measured): each step the
# matrices learn a little more of the belief's own mistakes.
PEOPLE_STEPS = 4
VOICE_STEPS = 6
FEWEST_ANSWERED = 50  # below this many answered items nobody listens to a model


@dataclass(frozen=True)
class Belief:
    """``voice`` is the model's weight between 0 and 1; ``evidence`` its log odds."""

    posterior: Floats
    prior: Floats
    confusion: Floats
    shares: Floats
    voice: float
    evidence: float


@dataclass(frozen=True)
class _People:
    posterior: Floats
    confusion: Floats
    shares: Floats


def fit_belief(
    answers: Answers, probabilities: Floats | None = None, gold: Ints | None = None
) -> Belief:
    """Posterior, people and voice from the answers alone.

    ``probabilities[i, k]`` are the model's, out-of-fold for every item it was trained on.
    ``gold[i]`` is a known label code or -1.
    """
    gold = np.full(answers.n_items, -1) if gold is None else gold
    answered = np.flatnonzero((answers.votes_per_item() > 0) | (gold >= 0))
    few = of_items(answers, answered)
    crowd = _fit_people(few, gold[answered])
    if probabilities is None or len(answered) < FEWEST_ANSWERED:
        return _people_only(answers, crowd, gold)
    return _with_voice(answers, answered, crowd, voice.hear(probabilities), gold)


def _fit_people(answers: Answers, gold: Ints) -> _People:
    plain, weight = shares.vote_shares(answers), shares.plain_weight(answers)
    posterior = _clamped(_start(answers, plain), gold)
    for _ in range(PEOPLE_STEPS):
        confusion = _matrices(answers, posterior)
        mixed = shares.class_shares(posterior, plain, weight)
        posterior = _clamped(normalised(np.log(mixed) + log_likelihood(answers, confusion)), gold)
    return _People(posterior, confusion, mixed)


def _with_voice(
    answers: Answers, answered: Ints, crowd: _People, heard: voice.Heard, gold: Ints
) -> Belief:
    """The table and the shares are fitted with the voice; people are judged by people alone."""
    few, near = of_items(answers, answered), heard.at(answered)
    grounds = gate.evidence(few, near, crowd.shares)
    weight = gate.weight(grounds)
    plain, plainness = shares.vote_shares(answers), shares.plain_weight(answers)
    posterior, mixed = crowd.posterior, crowd.shares
    said = log_likelihood(few, crowd.confusion)
    for _ in range(VOICE_STEPS):
        table = voice.calibration(near, posterior, mixed)
        prior = weight * voice.prior(near, table, mixed) + (1 - weight) * mixed
        posterior = _clamped(normalised(np.log(prior) + said), gold[answered])
        mixed = shares.class_shares(posterior, plain, plainness)
    everywhere = weight * voice.prior(heard, table, mixed) + (1 - weight) * mixed
    full = normalised(np.log(everywhere) + log_likelihood(answers, crowd.confusion))
    return Belief(_clamped(full, gold), everywhere, crowd.confusion, mixed, weight, grounds)


def _people_only(answers: Answers, crowd: _People, gold: Ints) -> Belief:
    prior = np.tile(crowd.shares, (answers.n_items, 1))
    full = _clamped(normalised(np.log(prior) + log_likelihood(answers, crowd.confusion)), gold)
    return Belief(full, prior, crowd.confusion, crowd.shares, 0.0, 0.0)


def _matrices(answers: Answers, posterior: Floats) -> Floats:
    counts = expected_counts(answers, posterior)
    return people.shrunk(counts, people.pooled(counts))


def _start(answers: Answers, plain: Floats) -> Floats:
    counts = vote_counts(answers) + plain  # one pseudo-answer an item
    start: Floats = counts / counts.sum(axis=1, keepdims=True)
    return start


def _clamped(posterior: Floats, gold: Ints) -> Floats:
    known = np.flatnonzero(gold >= 0)
    posterior[known] = 0
    posterior[known, gold[known]] = 1
    return posterior
