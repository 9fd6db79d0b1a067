"""Batches that cover the pool: no model is needed, so these serve the first batch.

typical_first   Hacohen, Dekel and Weinshall (2022), "TypiClust": of each cluster the item in the
                densest place; large clusters first. Made for the cold start, where uncertain items
                are outliers.
kmeans          of each cluster the item nearest to its centre.
core_set        Sener and Savarese (2018), greedy k-centre: the item farthest from all picked.

They see the candidates that the merge kept (a random sample of the pool), features[i, f], and
return row numbers in the order of picking.
"""

import numpy as np
from numpy.random import Generator

from learning.strategies.block import Block, Floats, Ints
from learning.strategies.context import Context
from learning.strategies.duplicates import unit_rows

NEIGHBOURS = 20  # as in the TypiClust paper


def typical_first(candidates: Block, wanted: int, context: Context) -> Ints:
    """One typical item of each cluster, largest cluster first: row numbers."""
    rows = unit_rows(candidates.require("features"))
    clusters = _clusters(rows, wanted, context.rng)
    picks = [_most_typical(rows, members) for members in _largest_first(clusters)]
    return _filled(picks, len(rows), wanted, context.rng)


def kmeans(candidates: Block, wanted: int, context: Context) -> Ints:
    """The item nearest to the centre of each cluster, largest cluster first: row numbers."""
    rows = unit_rows(candidates.require("features"))
    clusters = _clusters(rows, wanted, context.rng)
    picks = [_nearest_to_mean(rows, members) for members in _largest_first(clusters)]
    return _filled(picks, len(rows), wanted, context.rng)


def core_set(candidates: Block, wanted: int, context: Context) -> Ints:
    """Greedy k-centre over the labelled items and the batch: row numbers.

    With nothing labelled it begins at a random item.
    """
    rows = unit_rows(candidates.require("features"))
    nearest = _from_labelled(rows, context)
    picks: list[int] = []
    while len(picks) < min(wanted, len(rows)):
        picks.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, squared_distances(rows, rows[picks[-1]]))
        nearest[picks] = -1  # never twice, not even among copies
    return np.array(picks, dtype=np.int64)


def squared_distances(rows: Floats, to: Floats) -> Floats:
    """Between unit rows [i, f] and one unit row [f]: [i]."""
    distances: Floats = np.maximum(2 - 2 * (rows @ to), 0)
    return distances


def _from_labelled(rows: Floats, context: Context) -> Floats:
    if not context.n_labelled:
        return context.rng.random(len(rows)) + 4  # farther than any distance: all of them open
    nearest = np.full(len(rows), np.inf)
    assert context.labelled is not None
    for labelled in np.array_split(unit_rows(context.labelled), -(-context.n_labelled // 1024)):
        nearest = np.minimum(nearest, np.maximum(2 - 2 * (rows @ labelled.T), 0).min(axis=1))
    return nearest


def _clusters(rows: Floats, wanted: int, rng: Generator) -> Ints:
    from sklearn.cluster import KMeans  # takes long to import

    distinct = len(np.unique(rows, axis=0))  # more clusters than points make KMeans warn
    fitted = KMeans(
        min(wanted, distinct), n_init=1, max_iter=30, random_state=int(rng.integers(2**31))
    ).fit(rows)
    return fitted.labels_.astype(np.int64)  # type: ignore[no-any-return]


def _largest_first(clusters: Ints) -> list[Ints]:
    members = [np.flatnonzero(clusters == c) for c in range(clusters.max() + 1)]
    return sorted((m for m in members if len(m)), key=len, reverse=True)


def _most_typical(rows: Floats, members: Ints) -> int:
    """The member with the smallest mean distance to its nearest neighbours in the cluster."""
    if len(members) < 3:
        return int(members[0])
    inside = rows[members]
    squared = np.maximum(2 - 2 * inside @ inside.T, 0)
    near = np.sort(np.sqrt(squared), axis=1)[:, 1 : NEIGHBOURS + 1]
    return int(members[near.mean(axis=1).argmin()])


def _nearest_to_mean(rows: Floats, members: Ints) -> int:
    inside = rows[members]
    return int(members[((inside - inside.mean(axis=0)) ** 2).sum(axis=1).argmin()])


def _filled(picks: list[int], n_rows: int, wanted: int, rng: Generator) -> Ints:
    """Fewer clusters than wanted (many copies): the rest at random."""
    rest = np.setdiff1d(np.arange(n_rows), picks)
    missing = max(0, min(wanted, n_rows) - len(picks))
    extra = rng.permutation(rest)[:missing]
    return np.concatenate([np.array(picks[:wanted], dtype=np.int64), extra])
