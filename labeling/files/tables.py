"""Files whose rows are lines: tables with a header, JSON Lines, plain text."""

import csv
import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import IO, Any

from labeling.files.rows import BadFile, Row, check_encoding, row_of, text_lines
from labeling.limits import COLUMNS, ROW_BYTES

csv.field_size_limit(ROW_BYTES)


def read_csv(file: IO[bytes]) -> Iterator[Row]:
    return _delimited(file, ",")


def read_tsv(file: IO[bytes]) -> Iterator[Row]:
    return _delimited(file, "\t")


def read_lines(file: IO[bytes]) -> Iterator[Row]:
    """Each line that is not empty is the text of one item."""
    for number, line in enumerate(text_lines(file), 1):
        if line.strip():
            yield row_of(number, partial(_plain, line, number))


def _plain(line: str, number: int) -> dict[str, Any]:
    check_encoding(line, number, "text")
    return {"text": line.rstrip("\r\n")}


def read_json_lines(file: IO[bytes]) -> Iterator[Row]:
    for number, line in enumerate(text_lines(file), 1):
        if line.strip():
            yield row_of(number, partial(json_object, line, number))


def json_object(text: str, row: int) -> dict[str, Any]:
    """The JSON object in the text. Raises BadFile."""
    check_encoding(text, row)
    try:
        return as_object(json.loads(text, parse_constant=_refuse_constant), row)
    except BadFile:
        raise
    except (ValueError, RecursionError) as error:
        raise BadFile(f"is not valid JSON ({_reason(error)})", row=row) from None


def as_object(value: Any, row: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadFile("must be an object with named fields", row=row)
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:100]


def _delimited(file: IO[bytes], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(text_lines(file), delimiter=delimiter, strict=True)
    number = 1
    try:
        header = _header(next(reader, []))
        for number, cells in enumerate(reader, 2):
            if any(cells):
                yield row_of(number, partial(_fields, header, cells, number))
    except csv.Error as error:
        raise BadFile(f"cannot be split into columns ({error})", row=number + 1) from None


def _header(names: Sequence[str]) -> list[str]:
    names = [name.strip() for name in names]
    if not any(names):
        raise BadFile("must name the columns", row=1)
    if len(names) > COLUMNS:
        raise BadFile(f"names more than {COLUMNS} columns", row=1)
    for place, name in enumerate(names):
        if not name:
            raise BadFile(f"column {place + 1} has no name", row=1)
        if name in names[:place]:
            raise BadFile("is named twice", row=1, field=name)
    return names


def _fields(header: Sequence[str], cells: Sequence[str], number: int) -> dict[str, Any]:
    if len(cells) != len(header):
        raise BadFile(f"has {len(cells)} columns, the header {len(header)}", row=number)
    for name, cell in zip(header, cells, strict=True):
        if not cell.isascii():
            check_encoding(cell, number, name)
    return {name: cell for name, cell in zip(header, cells, strict=True) if cell != ""}
