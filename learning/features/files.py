"""Vectors out of a file that somebody hands in: which item, and its numbers.

| ending | holds |
|---|---|
| ``.npz`` | ``vectors`` [i, f] and ``ids`` [i], the items' names |
| ``.npy`` | the vectors [i, f]; the names come in a text file of their own, one a line |
| ``.parquet`` | a column ``id``, and a column ``vector`` of lists or any number of numeric columns |

Nothing is unpickled, and no more is read than the file says that it holds.
"""

import math
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from learning.blocks import Floats

LARGEST = 4 * 1024**3  # bytes of a matrix
ENDINGS = (".npz", ".npy", ".parquet")


class UnreadableVectors(ValueError):
    """The file cannot be taken; the message is for people."""


@dataclass(frozen=True, eq=False)
class Brought:
    """``vectors[i, f]`` of the items named ``ids[i]``."""

    ids: list[str]
    vectors: Floats


def read(path: Path, name: str, ids: Path | None = None) -> Brought:
    """What is in the file, whose ending is that of ``name``. Raises UnreadableVectors."""
    ending = Path(name).suffix.lower()
    readers = {".npz": _npz, ".npy": _npy, ".parquet": _parquet}
    if ending not in readers:
        raise UnreadableVectors(
            f"{ending or 'no ending'} is not known; known are {', '.join(ENDINGS)}"
        )
    try:
        return readers[ending](path, ids)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, UnicodeError) as error:
        if isinstance(error, UnreadableVectors):
            raise
        raise UnreadableVectors(f"the file cannot be read: {error}"[:200]) from None


def _npz(path: Path, _ids: Path | None) -> Brought:
    with zipfile.ZipFile(path) as packed:
        parts = {part.filename: part.file_size for part in packed.infolist()}
        if missing := {"vectors.npy", "ids.npy"} - set(parts):
            raise UnreadableVectors(f"it holds no {' and no '.join(sorted(missing))}")
        with packed.open("vectors.npy") as file:
            vectors = _array(file, parts["vectors.npy"])
        with packed.open("ids.npy") as file:
            names = _array(file, parts["ids.npy"])
    return _brought(_words(names), vectors)


def _npy(path: Path, ids: Path | None) -> Brought:
    if ids is None:
        raise UnreadableVectors("the names of the items are missing: a text file, one name a line")
    with path.open("rb") as file:
        vectors = _array(file, path.stat().st_size)
    return _brought(ids.read_text(encoding="utf-8-sig").splitlines(), vectors)


def _parquet(path: Path, _ids: Path | None) -> Brought:
    try:
        import pyarrow as pa  # type: ignore[import-untyped,import-not-found,unused-ignore]
        from pyarrow import parquet  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise UnreadableVectors(
            "Parquet needs the package pyarrow, which is not installed"
        ) from None
    try:
        table = _table(parquet.ParquetFile(path))
    except pa.ArrowException as error:
        raise UnreadableVectors(f"the file cannot be read: {error}"[:200]) from None
    names = [str(name) for name in table.column("id").to_pylist()]
    if "vector" in table.column_names:
        return _brought(names, np.array(table.column("vector").to_pylist(), dtype=np.float32))
    columns = [table.column(name).to_numpy() for name in table.column_names if name != "id"]
    return _brought(names, np.stack(columns, axis=1) if columns else np.empty((len(names), 0)))


def _table(file: Any) -> Any:
    groups = [file.metadata.row_group(n) for n in range(file.metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > LARGEST:
        raise UnreadableVectors(f"it holds more than {LARGEST} bytes")
    if "id" not in file.schema_arrow.names:
        raise UnreadableVectors("it has no column id")
    return file.read()


def _array(file: IO[bytes], size: int) -> np.ndarray[Any, Any]:
    """One array, if the file is as large as its head says."""
    version = np.lib.format.read_magic(file)
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise UnreadableVectors("it is written in a version of .npy that is not read")
    shape, by_columns, dtype = readers[version](file)
    wanted = math.prod(shape) * dtype.itemsize
    if dtype.hasobject or wanted > min(size, LARGEST):
        raise UnreadableVectors(f"it claims to hold {wanted} bytes of {dtype}")
    flat = np.frombuffer(file.read(wanted), dtype)
    return flat.reshape(shape, order="F" if by_columns else "C")


def _words(names: np.ndarray[Any, Any]) -> list[str]:
    if names.ndim != 1 or names.dtype.kind not in "USi":
        raise UnreadableVectors("ids must be a list of names")
    return [one.decode() if isinstance(one, bytes) else str(one) for one in names.tolist()]


def _brought(ids: list[str], vectors: np.ndarray[Any, Any]) -> Brought:
    """Whole numbers are numbers too; what is checked further is checked where it is stored."""
    if vectors.dtype.kind in "iub":
        vectors = vectors.astype(np.float32)
    return Brought(ids, vectors)
