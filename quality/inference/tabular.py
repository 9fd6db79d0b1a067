"""CSV and gzip CSV with named columns, read and written for the commands."""

from __future__ import annotations

import csv
import gzip
import itertools
import sys
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TextIO, cast

ALIASES = {"task": "item", "annotator": "worker"}
GZIP = b"\x1f\x8b"
LONGEST_FIELD = 100_000_000  # characters; the csv module stops at 131,072


class BadTable(ValueError):
    """A file that is not the table it should be; the message names file, row and column."""


@dataclass(frozen=True, slots=True)
class Columns:
    """One list for each wanted column, and the number of each row in the file: the heading is row 1."""

    numbers: list[int]
    columns: list[list[str]]


def read_columns(path: str, wanted: Sequence[str], *, filled: Collection[str] = ()) -> Columns:
    """The wanted columns; BadTable for an empty cell of those that must be ``filled``. Blank rows are left out."""
    with _opened(path) as lines:
        # strict: an open quote would swallow every row after it in silence
        rows = _numbered(path, csv.reader(lines, strict=True))
        _, heading = next(rows, (1, []))
        places = _places(path, heading, wanted)
        read = Columns([], [[] for _ in wanted])
        for number, row in rows:
            if row:
                cells = _cells(row, places)
                _check(path, number, dict(zip(wanted, cells, strict=True)), filled)
                read.numbers.append(number)
                for column, cell in zip(read.columns, cells, strict=True):
                    column.append(cell or "")
    return read


def _cells(row: Sequence[str], places: Sequence[int]) -> list[str | None]:
    """None where the row ends before."""
    return [row[place] if place < len(row) else None for place in places]


def _check(
    path: str, number: int, cells: Mapping[str, str | None], filled: Collection[str]
) -> None:
    for name, cell in cells.items():
        if cell is None:
            raise BadTable(f"{path}: row {number} has no column {name}")
        if not cell and name in filled:
            raise BadTable(f"{path}: row {number}: {name} is empty")


def write_rows(path: str | None, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """CSV to a file (gzip for names in .gz), or to the standard output without a path."""
    if path is None:
        _let_any_bytes_out(sys.stdout)
        _write(sys.stdout, heading, rows)
        return
    with gzip.open(path, "wb") if path.endswith(".gz") else Path(path).open("wb") as data:
        stream = cast(IO[bytes], data)
        with TextIOWrapper(stream, "utf-8", errors="surrogateescape", newline="") as file:
            _write(file, heading, rows)


def as_utf_8(text: str) -> str:
    """Bytes of ids that are no text as ``\\udcff``, which inside JSON is what stands for them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _let_any_bytes_out(stream: TextIO) -> None:
    """Ids come out as they went in; a stream of another sort is left as it is."""
    reconfigure = getattr(stream, "reconfigure", None)
    if callable(reconfigure):
        reconfigure(errors="surrogateescape")


def _write(file: TextIO, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)


@contextmanager
def _opened(path: str) -> Iterator[TextIO]:
    with Path(path).open("rb") as probe:
        packed = probe.read(2) == GZIP
    # surrogateescape: ids may be of any bytes and come out as they went in
    with gzip.open(path) if packed else Path(path).open("rb") as data:
        stream = cast(IO[bytes], data)
        yield TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _numbered(path: str, rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_FIELD)
    for number in itertools.count(1):
        try:
            row = next(rows, None)
        except (csv.Error, EOFError, gzip.BadGzipFile, zlib.error) as problem:
            raise BadTable(f"{path}: row {number}: {problem}") from problem
        if row is None:
            return
        yield number, row


def _places(path: str, heading: Sequence[str], wanted: Sequence[str]) -> list[int]:
    names = [name.strip().lower() for name in heading]
    known = [ALIASES.get(name, name) for name in names]
    for name in wanted:
        if name not in known:
            raise BadTable(
                f"{path}: row 1 has no column {name} (it has {', '.join(names) or 'none'})"
            )
    return [known.index(name) for name in wanted]
