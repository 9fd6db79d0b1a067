"""One row of an uploaded file, and what can be wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from labeling.limits import ROW_BYTES


class BadFile(ValueError):
    """The file cannot be read any further; ``row`` is 0 where it concerns the file as a whole."""

    def __init__(self, message: str, *, row: int = 0, field: str = "") -> None:
        self.message = message
        self.row = row
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Row:
    """``number`` counts as people do: the first line of the file (a header, if there is one) is 1.

    ``picture`` gives the bytes of a picture that came with the row, when they are needed.
    """

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    picture: Callable[[], bytes] | None = None


def text_lines(file: IO[bytes]) -> Iterator[str]:
    """The file's lines, each at most ROW_BYTES long and UTF-8 (a byte order mark is dropped)."""
    number = 0
    while raw := file.readline(ROW_BYTES + 1):
        number += 1
        if len(raw) > ROW_BYTES:
            raise BadFile(f"is longer than {ROW_BYTES} bytes", row=number)
        yield decoded(raw, number)


def decoded(raw: bytes, row: int) -> str:
    try:
        return raw.decode("utf-8-sig" if row == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise BadFile(f"is not UTF-8 (byte {error.start + 1} of the row)", row=row) from None
