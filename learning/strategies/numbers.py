"""Numbers instead of labels: ask where the prediction is spread widest.

committee_spread  standard deviation over a committee's predictions, numbers[i, m] (RayChaudhuri
                  and Hamey, 1995).
deviation         the model's own standard deviation, deviations[i] (a Gaussian process has one).
"""

from learning.strategies.block import Block, Floats


def committee_spread(block: Block) -> Floats:
    spread: Floats = block.require("numbers").std(axis=1)
    return spread


def deviation(block: Block) -> Floats:
    return block.require("deviations")
