"""GLAD (Whitehill, Ruvolo, Wu, Bergsma, Movellan 2009): ability of people, easiness of items.

Whose vote should count more, NIPS. Errors fall evenly on the other labels.

    P(annotator a is right on item i) = sigmoid(ability[a] * easiness[i])
    ability[a]      alpha_a   prior N(1, 1); below 0: answers against the truth
    easiness[i]     beta_i    above 0; log prior N(1, 1); ``difficulty`` of the fit is 1 / easiness
    posterior[i, k]           the prior over true labels is uniform

The M-step climbs the expected log posterior with a few steps of L-BFGS.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit, log_expit

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.build import chosen_labels, describe
from quality.inference.em import clamp, fixed, normalised, settled, shares
from quality.inference.fit import Fit, TruthInference
from quality.inference.votes import Votes


class Ratings(NamedTuple):
    """What GLAD learns: ability[a] and log_easiness[i]."""

    ability: Floats
    log_easiness: Floats


class Glad(TruthInference):
    """``climbs`` is the number of L-BFGS steps of each M-step."""

    def __init__(
        self, *, max_iterations: int = 50, tolerance: float = 1e-4, climbs: int = 10
    ) -> None:
        self.max_iterations = max_iterations
        self.tolerance = tolerance
        self.climbs = climbs

    def _infer(self, answers: Answers, gold: Ints, _: Fit | None) -> Fit:
        votes = Votes(answers)
        weight = np.ones(len(answers)) if answers.weight is None else answers.weight
        ratings = Ratings(np.ones(votes.n_annotators), np.ones(votes.n_items))
        posterior, trace, converged = fixed(votes.shares, gold), list[float](), False
        while len(trace) < self.max_iterations and not converged:
            ratings = climb(answers, weight, posterior, ratings, self.climbs)
            belief, log_likelihood = expect(answers, weight, ratings, gold)
            converged = settled(belief, posterior, self.tolerance)
            posterior = belief
            trace.append(log_likelihood)
        label, prior = chosen_labels(votes, gold, posterior), shares(posterior, votes.known(gold))
        return describe(label, posterior, votes.counts(posterior), prior).but(
            difficulty=np.exp(-ratings.log_easiness),
            iterations=len(trace),
            converged=converged,
            log_likelihood=trace,
        )


def expect(answers: Answers, weight: Floats, ratings: Ratings, gold: Ints) -> tuple[Floats, float]:
    """posterior[i, k] under a uniform prior, and the log-likelihood."""
    score = _score(answers, ratings)
    right = log_expit(score)
    wrong = log_expit(-score) - np.log(max(answers.n_labels - 1, 1))
    cell = answers.item * answers.n_labels + answers.label
    size = answers.n_items * answers.n_labels
    gain = np.bincount(cell, weight * (right - wrong), size).reshape(-1, answers.n_labels)
    base = np.bincount(answers.item, weight * wrong, answers.n_items)
    return normalised(clamp(gain + base[:, None] - np.log(answers.n_labels), gold))


def climb(
    answers: Answers, weight: Floats, posterior: Floats, ratings: Ratings, steps: int
) -> Ratings:
    """Ratings that fit the beliefs better, by at most ``steps`` steps."""
    right = posterior[answers.item, answers.label]
    n = answers.n_annotators

    def loss(parameters: Floats) -> tuple[float, Floats]:
        now = Ratings(parameters[:n], parameters[n:])
        return _loss(answers, weight, right, now)

    from scipy.optimize import minimize  # slow to import, and seldom needed

    found = minimize(
        loss, np.concatenate(ratings), jac=True, method="L-BFGS-B", options={"maxiter": steps}
    )
    return Ratings(found.x[:n], np.clip(found.x[n:], -10, 10))


def _loss(
    answers: Answers, weight: Floats, right: Floats, ratings: Ratings
) -> tuple[float, Floats]:
    """Minus the expected log posterior, and its gradient."""
    score = _score(answers, ratings)
    fit = weight * (right * log_expit(score) + (1 - right) * log_expit(-score))
    prior = np.concatenate(ratings) - 1
    slope = weight * (right - expit(score))
    easiness = np.exp(np.clip(ratings.log_easiness, -10, 10))[answers.item]
    by_person = np.bincount(answers.annotator, slope * easiness, answers.n_annotators)
    by_item = np.bincount(answers.item, slope * score, answers.n_items)
    gradient = prior - np.concatenate([by_person, by_item])
    return float(0.5 * (prior**2).sum() - fit.sum()), gradient


def _score(answers: Answers, ratings: Ratings) -> Floats:
    easiness = np.exp(np.clip(ratings.log_easiness, -10, 10))
    score: Floats = ratings.ability[answers.annotator] * easiness[answers.item]
    return score
