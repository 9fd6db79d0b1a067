"""A JSON file that holds one list of objects, read object by object."""

import codecs
import json
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from labeling.files.rows import BadFile, Row, row_of
from labeling.files.tables import as_object
from labeling.limits import ROW_BYTES

CHUNK = 64 * 1024
SPACE = " \t\r\n"


def read_json(file: IO[bytes]) -> Iterator[Row]:
    """Rows are counted from 1: the list's first object."""
    text = _Text(file)
    if text.take() != "[":
        raise BadFile("must hold one list of objects, [{...}, {...}]")
    number, end = 1, text.peek() == "]"
    while not end:
        value = text.value(number)
        yield row_of(number, partial(as_object, value, number))
        after = text.take()
        if after not in (",", "]"):
            raise BadFile("must be followed by a comma or the end of the list", row=number)
        number, end = number + 1, after == "]"


class _Text:
    """The file's text with a window of what was read but not used yet."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._window = ""
        self._decoder = json.JSONDecoder(parse_constant=_refuse_constant)

    def _more(self) -> bool:
        chunk = self._file.read(CHUNK)
        try:
            self._window += self._decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            raise BadFile("is not UTF-8") from None
        return bool(chunk)

    def peek(self) -> str:
        """The next character that is not space; empty at the end of the file."""
        self._window = self._window.lstrip(SPACE)
        while not self._window and self._more():
            self._window = self._window.lstrip(SPACE)
        return self._window[:1]

    def take(self) -> str:
        character = self.peek()
        self._window = self._window[1:]
        return character

    def value(self, row: int) -> Any:
        """The next value, whole. The window grows until it fits, up to the limit of a row."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._window)
                self._window = self._window[end:]
                return value
            except RecursionError:
                raise BadFile("is nested too deeply", row=row) from None
            except ValueError as error:
                if len(self._window) > ROW_BYTES or not self._more():
                    raise BadFile(f"is not valid JSON ({str(error)[:100]})", row=row) from None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")
