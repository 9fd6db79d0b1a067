"""Uncertain and typical: both see the candidates that uncertainty kept.

similarity = 1 / (1 + Euclidean distance).

information density  Settles and Craven (2008): uncertainty times the mean similarity to the others.
ranked batch         Cardoso et al. (2017): one after the other, by
                     alpha (1 - similarity to the nearest labelled or picked item)
                     + (1 - alpha) uncertainty,   alpha = unlabelled / (unlabelled + labelled).
                     Only the distances to the newest pick are computed in each step, so a batch of
                     n costs n passes over the candidates.
"""

import numpy as np

from learning.strategies.block import Block, Floats, Ints
from learning.strategies.context import Context

CHUNK = 1024  # rows of the distance table that are in memory at once


def information_density(candidates: Block, wanted: int, _context: Context) -> Ints:
    """Rows by uncertainty (the score the merge kept them for) times density, best first."""
    scores = candidates.require("scores") * density(candidates.require("features"))
    return np.argsort(-scores, kind="stable")[:wanted]


def density(features: Floats) -> Floats:
    """Mean similarity of each row to all rows, itself included: [i]."""
    rows = features.astype(np.float64)
    chunks = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
    return np.concatenate([(1 / (1 + between(chunk, rows))).mean(axis=1) for chunk in chunks])


def ranked_batch(candidates: Block, wanted: int, context: Context) -> Ints:
    """Rows in the order of picking."""
    rows = candidates.require("features").astype(np.float64)
    lengths, uncertainty = _squares(rows), candidates.require("scores")
    nearest = _to_labelled(rows, context)
    open_rows = np.ones(len(rows), dtype=bool)
    picks: list[int] = []
    for n_labelled in range(context.n_labelled, context.n_labelled + min(wanted, len(rows))):
        alpha = open_rows.sum() / (open_rows.sum() + n_labelled)
        scores = alpha * (1 - 1 / (1 + nearest)) + (1 - alpha) * uncertainty
        picks.append(int(np.where(open_rows, scores, -np.inf).argmax()))
        open_rows[picks[-1]] = False
        apart = lengths + lengths[picks[-1]] - 2 * (rows @ rows[picks[-1]])
        nearest = np.minimum(nearest, np.sqrt(np.maximum(apart, 0)))
    return np.array(picks, dtype=np.int64)


def between(rows: Floats, others: Floats) -> Floats:
    """All distances [i, j] by one matrix product: many times faster than pair by pair."""
    squares = _squares(rows)[:, None] + _squares(others)
    apart: Floats = np.sqrt(np.maximum(squares - 2 * (rows @ others.T), 0))
    return apart


def _squares(rows: Floats) -> Floats:
    squares: Floats = np.einsum("if,if->i", rows, rows)
    return squares


def _to_labelled(rows: Floats, context: Context) -> Floats:
    """Distance to the nearest labelled item: [i]; with none labelled the densest goes first."""
    if context.labelled is None or not len(context.labelled):
        return density(rows)
    nearest = np.full(len(rows), np.inf)
    for labelled in np.array_split(context.labelled, -(-len(context.labelled) // CHUNK)):
        nearest = np.minimum(nearest, between(rows, labelled.astype(np.float64)).min(axis=1))
    return nearest
