"""A folder of recorded answers of real people, read with every file checked against the others.

``items.csv.gz`` (item, text), ``answers.csv.gz`` (item, worker, label), ``truth.csv.gz`` (item, label) and,
if there are vectors, ``features.npy`` (a row an item, in the order of items.csv.gz).
"""

import csv
import gzip
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assay.demo.scene import Floats

ITEMS, ANSWERS, TRUTH, FEATURES = "items.csv.gz", "answers.csv.gz", "truth.csv.gz", "features.npy"
LEAST_ITEMS = 2  # one of them is gold
LARGEST_FEATURE = 1e30  # single precision ends at 3e38, and models square


class RecordingUnusable(Exception):
    """The folder cannot be played; the message names file, row and column."""


@dataclass(frozen=True)
class Recording:
    """Texts and right labels by item, labels in order, and ``answers[worker][item]`` in order of appearance."""

    texts: Mapping[str, str]
    truth: Mapping[str, str]
    labels: Sequence[str]
    answers: Mapping[str, Mapping[str, str]]
    features: Floats | None


@dataclass(frozen=True)
class _Row:
    """One row of one of the tables; it knows how to complain."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, column: str, problem: str) -> RecordingUnusable:
        return RecordingUnusable(f"{self.file}, row {self.number}, column {column}: {problem}")


def read_recording(source: Path) -> Recording:
    """The folder as it is. Raises RecordingUnusable."""
    if not source.is_dir():
        raise RecordingUnusable(f"{source} is not a folder")
    texts = _one_per_item(_rows(source / ITEMS, ["item", "text"]), "text")
    if len(texts) < LEAST_ITEMS:
        raise RecordingUnusable(f"{ITEMS} holds too few items: {LEAST_ITEMS} are needed")
    truth = _one_per_item(_rows(source / TRUTH, ["item", "label"]), "label", known=texts)
    answers = _answers(_rows(source / ANSWERS, ["item", "worker", "label"]), texts)
    if missing := next((item for item in texts if item not in truth), None):
        raise RecordingUnusable(f"{TRUTH}: item {missing!r} of {ITEMS} is missing")
    labels = {label for said in answers.values() for label in said.values()} | {*truth.values()}
    if len(labels) < 2:
        raise RecordingUnusable(f"{TRUTH} and {ANSWERS}: there is only one label, {min(labels)!r}")
    features = _features(source / FEATURES, len(texts))
    return Recording(texts, truth, sorted(labels, key=_natural), answers, features)


def _one_per_item(
    rows: Iterable[_Row], column: str, known: Container[str] | None = None
) -> dict[str, str]:
    """The column by item, in the order of the file."""
    found: dict[str, str] = {}
    for row in rows:
        if row["item"] in found:
            raise row.wrong("item", f"{row['item']!r} is there twice")
        _check_known(row, known)
        found[row["item"]] = row[column]
    return found


def _answers(rows: Iterable[_Row], known: Container[str]) -> dict[str, dict[str, str]]:
    answers: dict[str, dict[str, str]] = {}
    for row in rows:
        _check_known(row, known)
        said = answers.setdefault(row["worker"], {})
        if row["item"] in said:
            raise row.wrong("item", f"{row['worker']!r} has answered {row['item']!r} before")
        said[row["item"]] = row["label"]
    return answers


def _check_known(row: _Row, known: Container[str] | None) -> None:
    if known is not None and row["item"] not in known:
        raise row.wrong("item", f"{row['item']!r} is not in {ITEMS}")


def _rows(path: Path, columns: Sequence[str]) -> Iterator[_Row]:
    """All rows, each with all the columns filled; at least one. Row 1 is the header."""
    number = 1
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_header(path.name, columns, reader.fieldnames or [])
            for number, cells in enumerate(reader, 2):
                yield _filled(_Row(path.name, number, cells), columns)
    except FileNotFoundError:
        raise RecordingUnusable(f"{path} is missing") from None
    except UnicodeDecodeError as error:
        raise RecordingUnusable(f"{path.name}, after row {number}: not UTF-8 ({error})") from error
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise RecordingUnusable(f"{path.name}, after row {number}: {error}") from error
    if number == 1:
        raise RecordingUnusable(f"{path.name} has no rows")


def _check_header(file: str, columns: Sequence[str], header: Sequence[str]) -> None:
    for column in columns:
        if column not in header:
            raise RecordingUnusable(f"{file}: column {column!r} is missing")


def _filled(row: _Row, columns: Sequence[str]) -> _Row:
    for column in columns:
        if not row.cells.get(column):
            raise row.wrong(column, "is empty")
    return row


def _features(path: Path, n_items: int) -> Floats | None:
    if not path.exists():
        return None
    try:
        features = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise RecordingUnusable(f"{path.name} cannot be read: {error}") from error
    if features.ndim != 2 or len(features) != n_items or features.dtype.kind not in "fiub":
        raise RecordingUnusable(
            f"{path.name} holds {features.dtype} of shape {features.shape}; "
            f"wanted are {n_items} rows of numbers, one for each item"
        )
    bad = ~(np.abs(features.astype(np.float64)) < LARGEST_FEATURE).all(axis=1)
    if bad.any():
        raise RecordingUnusable(f"{path.name}, row {int(bad.argmax())}: not all numbers are finite")
    vectors: Floats = features.astype(np.float32)
    return vectors


def _natural(label: str) -> tuple[bool, float, str]:
    """Numbers before words, and in the order of their size."""
    number = label.isascii() and label.isdigit()
    return (False, float(label), label) if number else (True, 0.0, label)
