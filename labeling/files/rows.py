"""One row of an uploaded file, and what can be wrong with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from labeling.limits import ROW_BYTES

NOT_UTF8 = re.compile("[\udc80-\udcff]")  # how undecodable bytes are kept


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

    ``picture`` gives the bytes of a picture that came with the row, when they are needed. ``broken`` says
    why the row has no fields, where those after it can be read all the same.
    """

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    picture: Callable[[], bytes] | None = None
    broken: BadFile | None = None


def row_of(number: int, read: Callable[[], dict[str, Any]]) -> Row:
    """The row with the fields that ``read`` gives, or one that is broken."""
    try:
        return Row(number, read())
    except BadFile as bad:
        return Row(number, broken=bad)


def text_lines(file: IO[bytes]) -> Iterator[str]:
    """The file's lines, each at most ROW_BYTES long; a byte order mark is dropped.

    Bytes that are not UTF-8 become lone surrogates, which ``check_encoding`` finds: a row that cannot
    be read does not hide those after it. In the first line, which says what the rest is, they end it.
    """
    number = 0
    while raw := file.readline(ROW_BYTES + 1):
        number += 1
        if len(raw) > ROW_BYTES:
            raise BadFile(f"is longer than {ROW_BYTES} bytes", row=number)
        yield raw.decode(errors="surrogateescape") if number > 1 else _first_line(raw)


def _first_line(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"is not UTF-8 (byte {error.start + 1} of the row)", row=1) from None


def check_encoding(text: str, row: int, field: str = "") -> None:
    """Raises BadFile if the text was not UTF-8."""
    if not text.isascii() and (found := NOT_UTF8.search(text)):
        byte = len(text[: found.start()].encode(errors="surrogateescape")) + 1
        raise BadFile(f"is not UTF-8 (byte {byte})", row=row, field=field)
