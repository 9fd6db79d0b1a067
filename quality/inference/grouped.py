"""Sums by group, typed: a float weight always gives float sums."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def sum_by(group: Codes, values: Floats, size: int) -> Floats:
    """[group]: the sum of `values` of each group code below `size`."""
    return np.bincount(group, weights=values, minlength=size).astype(np.float64, copy=False)


def count_by(group: Codes, size: int) -> Codes:
    """[group]: how often each code below `size` occurs."""
    return np.bincount(group, minlength=size).astype(np.int64, copy=False)
