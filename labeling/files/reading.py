"""Which reader reads which file, and unpacking that cannot fill the memory or the disk."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from labeling.files.archive import TABLES, read_zip
from labeling.files.rows import BadFile, Row
from labeling.files.tables import read_json_lines, read_lines
from labeling.limits import UNPACKED_BYTES, UNPACKED_RATIO

Reader = Callable[[IO[bytes]], Iterator[Row]]
READERS: dict[str, Reader] = {
    **TABLES,
    ".ndjson": read_json_lines,
    ".txt": read_lines,
    ".zip": read_zip,
}
GZIP = ".gz"
SMALL = 64 * 1024 * 1024  # what unpacks to less is no bomb, however well it packs


def read_rows(path: Path, name: str) -> Iterator[Row]:
    """The rows of the file at ``path``; ``name`` is what the uploader called it. Raises BadFile."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes]
    packed = suffixes[-1:] == [GZIP]
    kind = (suffixes[:-1] if packed else suffixes)[-1:]
    if not kind or kind[0] not in READERS or (packed and kind[0] == ".zip"):
        known = ", ".join(sorted(READERS))
        raise BadFile(f"must end in one of {known} (most also with {GZIP})", field="file")
    with path.open("rb") as file:
        yield from READERS[kind[0]](_unpacked(file, path) if packed else file)


def _unpacked(file: IO[bytes], path: Path) -> IO[bytes]:
    most = min(UNPACKED_BYTES, max(SMALL, path.stat().st_size * UNPACKED_RATIO))
    return io.BufferedReader(_Bounded(gzip.GzipFile(fileobj=file), most))


class _Bounded(io.RawIOBase):
    """The unpacked bytes, as long as there are not too many and the packing is whole."""

    def __init__(self, inner: gzip.GzipFile, most: int) -> None:
        self._inner = inner
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self._inner.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise BadFile(f"is damaged or not gzip ({error})") from None
        self._left -= len(chunk)
        if self._left < 0:
            raise BadFile("unpacks to far more than is allowed")
        buffer[: len(chunk)] = chunk
        return len(chunk)
