"""Packed bytes that come out bounded: what is damaged or a bomb ends as BadFile, never as a full disk."""

import io
import zipfile
import zlib
from typing import IO

from labeling.files.rows import BadFile
from labeling.limits import UNPACKED_BYTES, UNPACKED_RATIO

SMALL = 64 * 1024 * 1024  # what unpacks to less is no bomb, however well it packs
# What gzip, zipfile and zlib raise over bytes that are not what they should be.
DAMAGED = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    zlib.error,
)


def bounded(inner: IO[bytes], packed_size: int) -> IO[bytes]:
    """The unpacked bytes, as long as there are not too many for the packed ones and the packing is whole."""
    most = min(UNPACKED_BYTES, max(SMALL, packed_size * UNPACKED_RATIO))
    return io.BufferedReader(_Bounded(inner, most))


class _Bounded(io.RawIOBase):
    def __init__(self, inner: IO[bytes], most: int) -> None:
        self._inner = inner
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self._inner.read(len(buffer))
        except DAMAGED as error:
            raise BadFile(f"is damaged or not packed as its name says ({error})") from None
        self._left -= len(chunk)
        if self._left < 0:
            raise BadFile("unpacks to far more than is allowed")
        buffer[: len(chunk)] = chunk
        return len(chunk)
