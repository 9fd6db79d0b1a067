"""Near-duplicates are not asked twice in a batch: the second one would teach next to nothing."""

import numpy as np

from learning.strategies.block import Floats, Ints


def unit_rows(features: Floats) -> Floats:
    """Rows scaled to length one, as float32; a row of zeros stays zero: [i, f]."""
    rows = features.astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def distinct_rows(features: Floats, *, wanted: int, similarity: float = 0.99) -> Ints:
    """The first ``wanted`` rows of which no two have a cosine above ``similarity``: row numbers.

    When there are not so many, the duplicates fill up in their order: a full batch is worth more
    than a pure one. 0.99 separates copies with small edits from merely alike items in sentence
    and image vectors.
    """
    rows = unit_rows(features)
    kept = np.empty((wanted, rows.shape[1]), np.float32)
    picked: list[int] = []
    doubles: list[int] = []
    for i, row in enumerate(rows):
        if len(picked) == wanted:
            break
        if picked and float((kept[: len(picked)] @ row).max()) > similarity:
            doubles.append(i)
            continue
        kept[len(picked)] = row
        picked.append(i)
    return np.array((picked + doubles)[:wanted], dtype=np.int64)
