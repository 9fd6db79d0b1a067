"""Class balance: items that probably carry a label of which there are few so far.

Ertekin et al. (2007) and others: with rare labels, uncertainty alone keeps asking about the
common ones. Score = sum_k p_ik / (count_k + 1), as a share of its maximum.
"""

import numpy as np

from learning.strategies.block import Block, Floats
from learning.strategies.context import Context, MissingContext


def class_balance(block: Block, context: Context) -> Floats:
    """Expected rarity of the item's label: [i], between 0 and 1."""
    if context.label_counts is None:
        raise MissingContext("class_balance needs the counts of the labels so far")
    rarity = 1 / (np.asarray(context.label_counts, dtype=float) + 1)
    expected: Floats = block.require("probabilities") @ (rarity / rarity.max())
    return expected
