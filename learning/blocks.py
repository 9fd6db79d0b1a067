"""Matrices and ids as bytes: what stands in FeatureBlock and PredictionBlock.

Rows are stored in C order, little endian, so that a block means the same on every machine. Reading
makes no copy: the arrays are read-only views on the bytes that the database gave.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DTYPES: dict[str, np.dtype[np.floating[Any]]] = {
    "float16": np.dtype("<f2"),
    "float32": np.dtype("<f4"),
}
IDS = np.dtype("<i8")


class UnusableMatrix(ValueError):
    """Numbers that cannot be stored. ``row`` is the first bad row, where there is one."""

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


def pack(matrix: Floats, dtype: str = "float32") -> bytes:
    """The matrix [n, width] as bytes. Raises UnusableMatrix for anything that is not finite then."""
    if matrix.ndim != 2:
        raise UnusableMatrix(f"a matrix has two axes, this has {matrix.ndim}")
    with np.errstate(over="ignore"):  # an overflow becomes infinite and is named below
        stored = np.ascontiguousarray(matrix, dtype=DTYPES[dtype])
    require_finite(stored)
    return stored.tobytes()


def unpack(data: bytes | memoryview, *, rows: int, width: int, dtype: str = "float32") -> Floats:
    """The matrix [rows, width] that was packed; a read-only view."""
    if len(data) != rows * width * DTYPES[dtype].itemsize:
        raise UnusableMatrix(f"{len(data)} bytes are not {rows} x {width} of {dtype}")
    return np.frombuffer(data, DTYPES[dtype]).reshape(rows, width)


def pack_ids(ids: Ints | Sequence[int]) -> bytes:
    return np.ascontiguousarray(ids, dtype=IDS).tobytes()


def unpack_ids(data: bytes | memoryview) -> Ints:
    return np.frombuffer(data, IDS)


def require_finite(matrix: Floats) -> None:
    """UnusableMatrix with the number of the first row that holds NaN or an infinite number."""
    finite = np.isfinite(matrix).all(axis=1)
    if not finite.all():
        row = int(np.flatnonzero(~finite)[0])
        raise UnusableMatrix(f"row {row} holds a number that is not finite", row)
