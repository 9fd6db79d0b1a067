"""Matrices and ids as bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from learning.blocks import UnusableMatrix, pack, pack_ids, unpack, unpack_ids

finite = st.floats(-1e4, 1e4, width=16)


@given(arrays(np.float32, st.tuples(st.integers(0, 5), st.integers(1, 4)), elements=finite))
def test_what_is_packed_comes_back(matrix):
    rows, width = matrix.shape
    for dtype in ("float16", "float32"):
        again = unpack(pack(matrix, dtype), rows=rows, width=width, dtype=dtype)
        assert np.array_equal(again, matrix)


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_ids_come_back(ids):
    assert unpack_ids(pack_ids(ids)).tolist() == ids


def test_the_first_bad_row_is_named():
    matrix = np.zeros((4, 3))
    matrix[2, 1] = np.nan
    with pytest.raises(UnusableMatrix) as error:
        pack(matrix)
    assert error.value.row == 2


def test_a_number_too_large_for_float16_is_refused_rather_than_stored_as_infinite():
    with pytest.raises(UnusableMatrix):
        pack(np.array([[1e5]]), "float16")
    assert pack(np.array([[1e5]]), "float32")


def test_bytes_of_another_shape_are_refused():
    with pytest.raises(UnusableMatrix):
        unpack(pack(np.zeros((2, 3))), rows=3, width=3)


def test_transposed_matrices_are_stored_row_by_row():
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3).T
    assert np.array_equal(unpack(pack(matrix), rows=3, width=2), matrix)
