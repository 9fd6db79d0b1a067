"""Which reader reads which file, and unpacking that cannot fill the memory or the disk."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from labeling.files.archive import TABLES, read_zip
from labeling.files.rows import BadFile, Row
from labeling.files.tables import read_json_lines, read_lines
from labeling.files.unpacking import bounded

Reader = Callable[[IO[bytes]], Iterator[Row]]
READERS: dict[str, Reader] = {
    **TABLES,
    ".ndjson": read_json_lines,
    ".txt": read_lines,
    ".zip": read_zip,
}
GZIP = ".gz"


def read_rows(path: Path, name: str) -> Iterator[Row]:
    """The rows of the file at ``path``; ``name`` is what the uploader called it.

    Raises BadFile for the first one that cannot be read.
    """
    for row in read_every_row(path, name):
        if row.broken:
            raise row.broken
        yield row


def read_every_row(path: Path, name: str) -> Iterator[Row]:
    """The same with rows that are broken. Raises BadFile where nothing after it can be read."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes]
    packed = suffixes[-1:] == [GZIP]
    kind = (suffixes[:-1] if packed else suffixes)[-1:]
    if not kind or kind[0] not in READERS or (packed and kind[0] == ".zip"):
        known = ", ".join(sorted(READERS))
        raise BadFile(f"must end in one of {known} (most also with {GZIP})", field="file")
    with path.open("rb") as file:
        yield from READERS[kind[0]](unpacked(file, path) if packed else file)


def unpacked(file: IO[bytes], path: Path) -> IO[bytes]:
    """What the gzip file holds, as long as it is no bomb."""
    return bounded(cast(IO[bytes], gzip.GzipFile(fileobj=file)), path.stat().st_size)
