"""How much an answer would change a softmax layer over the features.

The gradient of the log loss for label k is (p - e_k) x', an outer product, with x' = (features, 1).

expected gradient length  Settles, Craven and Ray (2008): sum_k p_k |p - e_k| |x'|.
badge                     Ash et al. (2020): k-means++ on the gradients for the model's own best
                          label, so the batch is uncertain and diverse at once. Distances of outer
                          products come from the factors: <a x', b y'> = <a, b> <x', y'>.
"""

import numpy as np
from numpy.random import Generator

from learning.strategies.block import Block, Floats, Ints
from learning.strategies.context import Context


def expected_gradient_length(block: Block) -> Floats:
    """[i], in the units of the features."""
    probabilities = block.require("probabilities")
    squared = np.einsum("ik,ik->i", probabilities, probabilities)
    lengths = np.sqrt(np.maximum(squared[:, None] - 2 * probabilities + 1, 0))
    expected: Floats = (probabilities * lengths).sum(axis=1) * _lengths(block)
    return expected


def badge(candidates: Block, wanted: int, context: Context) -> Ints:
    """Rows of the batch: k-means++ seeds in the space of gradients."""
    layer = _of_own_label(candidates.require("probabilities"))
    rows = _with_one(candidates.require("features"))
    squared = np.einsum("ik,ik->i", layer, layer) * np.einsum("if,if->i", rows, rows)
    picks = [int(np.argmax(squared))]
    nearest = np.full(len(rows), np.inf)
    while len(picks) < min(wanted, len(rows)):
        last = picks[-1]
        products = (layer @ layer[last]) * (rows @ rows[last])
        nearest = np.minimum(nearest, np.maximum(squared + squared[last] - 2 * products, 0))
        nearest[picks] = 0
        picks.append(_drawn(nearest, picks, context.rng))
    return np.array(picks[:wanted], dtype=np.int64)


def _of_own_label(probabilities: Floats) -> Floats:
    layer = probabilities.astype(np.float32)
    layer[np.arange(len(layer)), layer.argmax(axis=1)] -= 1
    return layer


def _with_one(features: Floats) -> Floats:
    return np.hstack([features.astype(np.float32), np.ones((len(features), 1), np.float32)])


def _lengths(block: Block) -> Floats:
    features = block.require("features").astype(np.float32)
    lengths: Floats = np.sqrt(np.einsum("if,if->i", features, features) + 1)
    return lengths


def _drawn(weights: Floats, picked: list[int], rng: Generator) -> int:
    total = float(weights.sum())
    if total <= 0:  # only copies are left
        rest = np.setdiff1d(np.arange(len(weights)), picked)
        return int(rng.choice(rest))
    drawn = int(np.searchsorted(np.cumsum(weights), rng.random() * total))
    return min(drawn, len(weights) - 1)
