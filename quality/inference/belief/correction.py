"""What gold teaches about the belief itself: errors that everybody shares.

Gold that only grades people cannot see what all of them miss. So the belief fitted *without* gold
and the model's probabilities are weighed anew against the gold labels:

    corrected_ik ~ q_ik^a * p_ik^b * exp(c_k)

One pair of exponents for all labels and one offset a label, drawn towards "change nothing"
(a = 1, b = 0, c = 0). Whether it is used is decided by the log loss on left-out gold, and the plain
belief stays unless the corrected one is clearly better: which correction pays depends on the crowd.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from quality.inference.answers import Floats, Ints
from quality.inference.belief.sums import normalised

FLOOR = 1e-3  # no belief counts as surer than this: raw posteriors are far too sure
N_FOLDS = 5
FEWEST_GOLD = 20
CLEARLY = 2.0  # standard errors by which the left-out loss must improve
STIFFNESS = 1.0  # pull towards changing nothing, in nats per squared unit


@dataclass(frozen=True)
class Correction:
    """``gain``: left-out log loss it saves a gold item, in nats (0 when nothing is corrected)."""

    belief_weight: float
    model_weight: float
    offsets: Floats
    gain: float

    def __call__(self, posterior: Floats, probabilities: Floats | None) -> Floats:
        """The corrected belief [i, k]; the model's part needs its probabilities [i, k]."""
        if self.gain <= 0:
            return posterior
        inputs = _inputs(posterior, probabilities)
        return normalised(_joint(self._solution(), inputs))

    def _solution(self) -> Floats:
        return np.concatenate([[self.belief_weight, self.model_weight], self.offsets])


def learn_correction(posterior: Floats, probabilities: Floats | None, gold: Ints) -> Correction:
    """From gold items only: ``gold[i]`` is a label code or -1.

    ``posterior[i, k]`` must not have seen the gold labels, nor the model been trained on them.
    """
    known = np.flatnonzero(gold >= 0)
    if len(known) < FEWEST_GOLD:
        return nothing(posterior.shape[1])
    inputs = _inputs(posterior[known], None if probabilities is None else probabilities[known])
    gains = _left_out_gains(inputs, gold[known])
    if gains.mean() <= CLEARLY * gains.std() / np.sqrt(len(gains)):
        return nothing(posterior.shape[1])
    solution = _fitted(inputs, gold[known])
    return Correction(float(solution[0]), float(solution[1]), solution[2:], float(gains.mean()))


def nothing(n_labels: int) -> Correction:
    """The correction that leaves every belief as it is."""
    return Correction(1.0, 0.0, np.zeros(n_labels), 0.0)


def _inputs(posterior: Floats, probabilities: Floats | None) -> Floats:
    """Log belief and log model: [2, i, k]. Without a model its part is even."""
    model = np.ones_like(posterior) if probabilities is None else probabilities
    return np.log(np.maximum(np.stack([posterior, model]), FLOOR))


def _joint(solution: Floats, inputs: Floats) -> Floats:
    joint: Floats = solution[0] * inputs[0] + solution[1] * inputs[1] + solution[2:]
    return joint


def _losses(solution: Floats, inputs: Floats, gold: Ints) -> Floats:
    believed = normalised(_joint(solution, inputs))[np.arange(len(gold)), gold]
    losses: Floats = -np.log(np.maximum(believed, 1e-12))
    return losses


def _fitted(inputs: Floats, gold: Ints) -> Floats:
    start = _unchanged(inputs)

    def objective(solution: Floats) -> float:
        pull = STIFFNESS * float(((solution - start) ** 2).sum())
        return float(_losses(solution, inputs, gold).sum()) + pull

    fitted: Floats = minimize(objective, start, method="L-BFGS-B").x
    return fitted


def _unchanged(inputs: Floats) -> Floats:
    return np.concatenate([[1.0, 0.0], np.zeros(inputs.shape[2])])


def _left_out_gains(inputs: Floats, gold: Ints) -> Floats:
    """Loss saved on each gold item by a correction fitted on the other folds: [j]."""
    folds = np.arange(len(gold)) % N_FOLDS
    before = _losses(_unchanged(inputs), inputs, gold)
    after = np.empty(len(gold))
    for fold in range(N_FOLDS):
        inside = folds == fold
        solution = _fitted(inputs[:, ~inside], gold[~inside])
        after[inside] = _losses(solution, inputs[:, inside], gold[inside])
    return before - after
