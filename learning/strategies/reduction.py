"""Expected error reduction (Roy and McCallum, 2001): the answer that would leave the least error.

For each candidate and each label it may have, the model is trained once more: n_labels trainings a
candidate, so only a few are looked at, the least certain ones; the others come after them as they are.

    expected error[i] = sum_k p_ik * sum_j (1 - max_l p'_jl)   p' = the model that knows i is k
"""

import numpy as np

from learning.strategies.block import Block, Floats, Ints
from learning.strategies.context import Context, MissingContext, Retrain

TRAININGS = 1000


def expected_error_reduction(candidates: Block, wanted: int, context: Context) -> Ints:
    """Rows, the least expected error first."""
    if context.retrain is None:
        raise MissingContext("expected_error_reduction needs a way to train once more")
    n_labels = candidates.require("probabilities").shape[1]
    few = np.arange(min(len(candidates), max(1, TRAININGS // n_labels)))
    order = np.argsort(expected_errors(candidates.take(few), context.retrain), kind="stable")
    rest = np.arange(len(few), len(candidates))
    return np.concatenate([order, rest])[:wanted].astype(np.int64)


def expected_errors(candidates: Block, retrain: Retrain) -> Floats:
    """Summed error over all candidates that is expected after asking each: [i]."""
    probabilities = candidates.require("probabilities")
    errors = np.zeros(probabilities.shape)
    for row, label in np.ndindex(*probabilities.shape):
        errors[row, label] = (1 - retrain(candidates, row, label).max(axis=1)).sum()
    expected: Floats = (probabilities * errors).sum(axis=1)
    return expected
