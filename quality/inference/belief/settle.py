"""Between two fits: the posterior of the touched items from stored parameters.

Exactly what ``fit_belief`` does in its last step: prior of the item times the likelihood of its
answers under the stored matrices. An annotator without a matrix yet speaks with the crowd's.
"""

import numpy as np

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.belief.sums import log_likelihood, normalised


def settle(
    answers: Answers, *, prior: Floats, confusion: Floats, gold: Ints | None = None
) -> Floats:
    """Posterior [i, k] of the items in ``answers`` (renumbered 0 .. n_items - 1).

    ``prior[i, k]`` and ``confusion[a, k, l]`` are those of the last fit; ``gold[i]`` as there.
    """
    posterior = normalised(np.log(prior) + log_likelihood(answers, confusion))
    known = np.flatnonzero(gold >= 0) if gold is not None else np.arange(0)
    if gold is not None:
        posterior[known] = np.eye(answers.n_labels)[gold[known]]
    return posterior


def with_newcomers(confusion: Floats, n_annotators: int, crowd: Floats) -> Floats:
    """The stored matrices with the crowd's ``[k, l]`` for everybody beyond them: [a, k, l]."""
    missing = n_annotators - len(confusion)
    return np.concatenate([confusion, np.repeat(crowd[None], missing, axis=0)])
