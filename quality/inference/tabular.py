"""CSV and gzip CSV with named columns, read and written for the commands."""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TextIO, cast

ALIASES = {"task": "item", "annotator": "worker"}
GZIP = b"\x1f\x8b"


class BadTable(ValueError):
    """A file that is not the table it should be; the message names file, row and column."""


def read_columns(path: str, wanted: Sequence[str]) -> list[list[str]]:
    """One list for each wanted column. Row numbers in errors count from 1, the heading."""
    with _opened(path) as lines:
        rows = csv.reader(lines)
        places = _places(path, next(rows, None), wanted)
        columns: list[list[str]] = [[] for _ in wanted]
        for number, row in _numbered(path, rows):
            if not row:
                continue
            for column, place, name in zip(columns, places, wanted, strict=True):
                if place >= len(row):
                    raise BadTable(f"{path}: row {number} has no column {name}")
                column.append(row[place])
    return columns


def check_filled(path: str, name: str, column: Sequence[str]) -> None:
    """BadTable for the first empty cell of a column that must not have one."""
    for number, value in enumerate(column, start=2):
        if not value:
            raise BadTable(f"{path}: row {number}: {name} is empty")


def write_rows(path: str | None, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """CSV to a file (gzip for names in .gz), or to the standard output without a path."""
    if path is None:
        _write(sys.stdout, heading, rows)
        return
    with gzip.open(path, "wb") if path.endswith(".gz") else Path(path).open("wb") as data:
        stream = cast(IO[bytes], data)
        with TextIOWrapper(stream, "utf-8", errors="surrogateescape", newline="") as file:
            _write(file, heading, rows)


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
    number = 1
    while True:
        number += 1
        try:
            row = next(rows, None)
        except (csv.Error, EOFError, gzip.BadGzipFile) as problem:
            raise BadTable(f"{path}: row {number}: {problem}") from problem
        if row is None:
            return
        yield number, row


def _places(path: str, heading: list[str] | None, wanted: Sequence[str]) -> list[int]:
    names = [name.strip().lower() for name in heading or []]
    known = [ALIASES.get(name, name) for name in names]
    for name in wanted:
        if name not in known:
            raise BadTable(
                f"{path}: row 1 has no column {name} (it has {', '.join(names) or 'none'})"
            )
    return [known.index(name) for name in wanted]
