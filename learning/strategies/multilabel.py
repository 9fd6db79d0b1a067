"""Several labels at once: probabilities[i, k] are independent, each label is a yes-or-no question.

doubt     1 - |2p - 1| of one label: 1 for even odds, 0 for certainty.
"""

import numpy as np
from scipy.special import entr

from learning.strategies.block import Block, Floats


def mean_entropy(block: Block) -> Floats:
    """Mean of the labels' binary entropies: [i]."""
    yes = block.require("probabilities")
    mean: Floats = (entr(yes) + entr(1 - yes)).mean(axis=1)
    return mean


def mean_doubt(block: Block) -> Floats:
    mean: Floats = _doubt(block).mean(axis=1)
    return mean


def worst_doubt(block: Block) -> Floats:
    """The doubt of the least certain label: one open question is enough to ask."""
    worst: Floats = _doubt(block).max(axis=1)
    return worst


def _doubt(block: Block) -> Floats:
    return 1 - np.abs(2 * block.require("probabilities") - 1)
