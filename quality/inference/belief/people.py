"""Confusion matrices of people with few answers: shrunk to the crowd's, skill before habits.

    counts[a, k, l]      expected answers l of annotator a where the truth is k
    pool[k, l]           the crowd's matrix, anchored with pseudo-answers that are right with .8
    confusion[a, k, l]   P(a answers l | truth k)

Each annotator's matrix is drawn by n_labels pseudo-answers a row towards the pool with its errors
multiplied by the annotator's own rate of errors. That rate needs few answers; the cells, many.
Without the anchor a handful of single answers explains everything by one label.
"""

import numpy as np

from quality.inference.answers import Floats

ANCHOR_RIGHT = 0.8
ANCHOR_SHARE = 0.1
ANCHOR_LEAST = 20.0
RATE_WEIGHT = 4.0  # pseudo-errors at the crowd's rate, in units of the crowd's mean error
LEAST_RIGHT = 0.02  # no row of a base matrix gives up the truth altogether


def anchor_matrix(n_labels: int) -> Floats:
    """Everybody right with .8, wrong labels alike: [k, l]."""
    wrong = (1 - ANCHOR_RIGHT) / max(1, n_labels - 1)
    return np.where(np.eye(n_labels, dtype=bool), ANCHOR_RIGHT, wrong)


def pooled(counts: Floats) -> Floats:
    """The crowd's matrix with the anchor's pseudo-answers, spread evenly over the rows: [k, l]."""
    n_labels = counts.shape[-1]
    total = counts.sum(axis=0)
    pseudo = max(ANCHOR_LEAST, ANCHOR_SHARE * total.sum()) / n_labels
    anchored = total + pseudo * anchor_matrix(n_labels)
    pool: Floats = anchored / anchored.sum(axis=1, keepdims=True)
    return pool


def shrunk(counts: Floats, pool: Floats) -> Floats:
    """One matrix for each annotator: [a, k, l]. No answers gives the pool itself."""
    drawn = counts + counts.shape[-1] * _bases(counts, pool)
    confusion: Floats = drawn / drawn.sum(axis=2, keepdims=True)
    return confusion


def _bases(counts: Floats, pool: Floats) -> Floats:
    """The pool with its errors multiplied by each annotator's rate of errors: [a, k, l]."""
    right = np.diagonal(pool)
    errors = counts.sum(axis=(1, 2)) - np.trace(counts, axis1=1, axis2=2)
    expected = counts.sum(axis=2) @ (1 - right)
    slack = RATE_WEIGHT * float(1 - right.mean())
    return _with_errors_times((errors + slack) / (expected + slack), pool)


def _with_errors_times(rate: Floats, pool: Floats) -> Floats:
    right = np.diagonal(pool)
    most = (1 - LEAST_RIGHT) / (1 - right)  # [k]: a row's errors may not exceed the whole row
    factor = np.minimum(rate[:, None], most[None, :])
    bases = factor[:, :, None] * pool[None]
    diagonal = np.arange(len(pool))
    bases[:, diagonal, diagonal] = 1 - factor * (1 - right)
    return bases
