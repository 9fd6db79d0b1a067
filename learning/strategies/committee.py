"""Query by committee: what several models disagree about. committee[i, m, k], higher is disputed.

vote entropy        Dagan and Engelson (1995): entropy of the members' best labels.
consensus entropy   entropy of the mean belief.
max disagreement    McCallum and Nigam (1998): the largest Kullback-Leibler divergence of a member
                    from the mean belief.
"""

import numpy as np
from scipy.special import entr, rel_entr

from learning.strategies.block import Block, Floats


def vote_entropy(block: Block) -> Floats:
    committee = block.require("committee")
    votes = committee.argmax(axis=2)[:, :, None] == np.arange(committee.shape[2])
    return _entropy(votes.mean(axis=1))


def consensus_entropy(block: Block) -> Floats:
    consensus: Floats = block.require("committee").mean(axis=1)
    return _entropy(consensus)


def max_disagreement(block: Block) -> Floats:
    committee = block.require("committee")
    divergence = rel_entr(committee, committee.mean(axis=1, keepdims=True)).sum(axis=2)
    largest: Floats = divergence.max(axis=1)
    return largest


def _entropy(probabilities: Floats) -> Floats:
    summed: Floats = entr(probabilities).sum(axis=1)
    return summed
