"""Vectors out of files: what is in them, and what is wrong with them."""

import io
import zipfile

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from learning.features.files import UnreadableVectors, read

IDS, VECTORS = ["a", "über", "c"], np.arange(6, dtype=np.float16).reshape(3, 2)


def npz(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def npy(array):
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def parquet(**columns):
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


@pytest.fixture
def brought(tmp_path):
    def bring(content, name, ids=None):
        path, names = tmp_path / "file", tmp_path / "ids"
        path.write_bytes(content)
        if ids is not None:
            names.write_bytes(ids)
        return read(path, name, names if ids is not None else None)

    return bring


@pytest.mark.parametrize(
    ("content", "name", "ids"),
    [
        (npz(ids=np.array(IDS), vectors=VECTORS), "v.npz", None),
        (npz(ids=np.array(IDS), vectors=np.asfortranarray(VECTORS)), "V.NPZ", None),
        (npy(VECTORS), "v.npy", "a\nüber\nc\n".encode("utf-8-sig")),
        (npy(VECTORS.astype(np.int32)), "v.npy", "a\r\nüber\r\nc".encode()),
        (parquet(id=IDS, vector=VECTORS.tolist()), "v.parquet", None),
        (parquet(x=VECTORS[:, 0], id=IDS, y=VECTORS[:, 1]), "v.parquet", None),
    ],
)
def test_every_format_gives_names_and_vectors(brought, content, name, ids):
    found = brought(content, name, ids)
    assert found.ids == IDS
    assert np.array_equal(found.vectors, VECTORS)


def bomb():
    """A head that claims a terabyte."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 128)}
    )
    return head.getvalue()


def zipped(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(f"{name}.npy", part)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "v.npz", "cannot be read"),
        (b"PK nothing", "v.npz", "cannot be read"),
        (b"x", "v.csv", "known are"),
        (b"x", "v", "no ending"),
        (npy(VECTORS), "v.npy", "names of the items are missing"),
        (npz(vectors=VECTORS), "v.npz", "no ids"),
        (npz(ids=np.array(IDS)), "v.npz", "no vectors"),
        (npz(ids=np.ones(3), vectors=VECTORS), "v.npz", "list of names"),
        (npz(ids=np.array(IDS, dtype=object), vectors=VECTORS), "v.npz", "claims to hold|object"),
        (zipped(ids=npy(np.array(IDS)), vectors=bomb()), "v.npz", "claims to hold"),
        (zipped(ids=npy(np.array(IDS)), vectors=b"no array"), "v.npz", "cannot be read"),
        (zipped(ids=npy(np.array(IDS)), vectors=npy(VECTORS)[:-3]), "v.npz", "cannot be read"),
        (b"PAR1", "v.parquet", "cannot be read"),
        (parquet(vector=VECTORS.tolist()), "v.parquet", "no column id"),
        (parquet(id=["a", "b"], vector=[[1.0], [1.0, 2.0]]), "v.parquet", "cannot be read"),
        (parquet(id=["a"], vector=["x"]), "v.parquet", "cannot be read"),
    ],
)
def test_what_cannot_be_read_says_why(brought, content, name, says):
    with pytest.raises(UnreadableVectors, match=says):
        brought(content, name)
