"""Answer files: CSV, plain or gzip, one line an answer, in the layout of each label type.

    all types   item (or task), worker (or annotator), label
    ordinal     label is a number; the classes are the numbers that occur, in their order
    number      label is a finite number
    text        label is the text, possibly empty
    spans       label is a JSON list of [start, end), characters counted from 0, possibly empty
    boxes       label is a JSON list of [x1, y1, x2, y2], possibly empty
    pairwise    left and right (or item as ``left|right``); label is one of the two, or one of
                TIES when neither wins

Other columns are ignored. The last line of a person about an item is what they say. Files are
UTF-8, a byte order mark is allowed. Whatever does not fit raises ``LayoutError``, which names the
line (the header is line 1) and the column.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np

from quality.inference.box_geometry import FARTHEST, Box
from quality.inference.comparisons import LEFT, RIGHT, TIE, TIES, Comparisons
from quality.inference.span_segments import Span
from quality.inference.typed_answers import LARGEST, Coded, TypedAnswers, encode_typed

T = TypeVar("T")

ITEM, PERSON, LABEL = ("item", "task"), ("worker", "annotator"), ("label",)
Columns = tuple[tuple[str, ...], ...]
ANSWERS: Columns = (ITEM, PERSON, LABEL)
GZIP_MAGIC = b"\x1f\x8b"
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of a wrong byte
LONGEST_FIELD = 100_000_000  # characters; the csv module stops at 131,072, less than a long text


class LayoutError(ValueError):
    """A file that is not in the layout: where, and what would be right."""

    def __init__(self, row: int, column: str, message: str) -> None:
        super().__init__(f"row {row}, column {column!r}: {message}")
        self.row, self.column, self.message = row, column, message


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: ``row`` is its number, ``fields`` its text by column."""

    row: int
    fields: dict[str, str]

    def get(self, names: Sequence[str]) -> str:
        """The first of the columns that the file has."""
        for name in names:
            if name in self.fields:
                return self.fields[name]
        raise LayoutError(self.row, names[0], "the column is missing")

    def identity(self, names: Sequence[str]) -> str:
        value = self.get(names)
        if not value:
            raise LayoutError(self.row, names[0], "is empty")
        return value


@dataclass(frozen=True, slots=True, eq=False)
class CodedComparisons:
    """Comparisons with the ids behind the codes."""

    answers: Comparisons
    things: list[str]
    annotators: list[str]


@dataclass(frozen=True, slots=True, eq=False)
class CodedClasses:
    """Ordered classes as codes, with the text of each class."""

    coded: Coded[int]
    classes: list[str]


def read_numbers(path: Path) -> Coded[float]:
    return _read(path, number_from)


def read_texts(path: Path) -> Coded[str]:
    return _read(path, str)


def read_spans(path: Path) -> Coded[Sequence[Span]]:
    return _read(path, spans_from)


def read_boxes(path: Path) -> Coded[Sequence[Box]]:
    return _read(path, boxes_from)


def read_ordinal(path: Path) -> CodedClasses:
    """Two spellings of one number (1 and 1.0) are one class, shown as the shorter."""
    coded = _read(path, lambda text: (number_from(text), text.strip()))
    names: dict[float, str] = {}
    for value, text in sorted(coded.answers.label, key=lambda pair: (len(pair[1]), pair[1])):
        names.setdefault(value, text)
    order = sorted(names)
    code = {value: number for number, value in enumerate(order)}
    answers = coded.answers
    labels = [code[value] for value, _ in answers.label]
    recoded = TypedAnswers(
        answers.item, answers.annotator, labels, answers.n_items, answers.n_annotators
    )
    classes = [names[value] for value in order]
    return CodedClasses(Coded(recoded, coded.items, coded.annotators), classes)


def read_comparisons(path: Path) -> CodedComparisons:
    """The last line of a person about two things counts, whichever of them stood left."""
    said: dict[tuple[str, str, str], tuple[str, str, int]] = {}
    for line in read_lines(path):
        left, right = sides(line)
        outcome = outcome_of(line, left, right)
        person = line.identity(PERSON)
        key = (person, min(left, right), max(left, right))
        said.pop(key, None)
        said[key] = (left, right, outcome)
    return _coded_comparisons(said)


def number_from(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{short(text)} is not a number") from None
    if not math.isfinite(value):
        raise ValueError(f"{short(text)} is not a finite number")
    if abs(value) > LARGEST:
        raise ValueError(f"{short(text)} is larger than {LARGEST:g}")
    return value


def spans_from(text: str) -> list[Span]:
    return [_span(entry) for entry in _json_list(text)]


def boxes_from(text: str) -> list[Box]:
    return [_box(entry) for entry in _json_list(text)]


def read_lines(path: Path, columns: Columns = ANSWERS) -> Iterator[Line]:
    """Each line after the header. LayoutError for what is no CSV in UTF-8 with these columns."""
    csv.field_size_limit(LONGEST_FIELD)
    with _opened(path) as file:
        # strict: an open quote would swallow every row after it in silence
        reader = csv.reader(file, strict=True)
        try:
            yield from _lines(reader, columns)
        except csv.Error as error:
            raise LayoutError(reader.line_num, "", str(error)) from None
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise LayoutError(reader.line_num + 1, "", f"damaged gzip: {error}") from None


def _lines(reader: Any, columns: Columns) -> Iterator[Line]:
    header = [name.strip().lower() for name in next(reader, [])]
    _check_header(header, columns)
    for fields in reader:
        if not fields:
            continue
        if len(fields) != len(header):
            message = f"{len(fields)} fields under {len(header)} column names"
            raise LayoutError(reader.line_num, header[min(len(fields), len(header) - 1)], message)
        line = Line(reader.line_num, dict(zip(header, fields, strict=True)))
        _check_encoding(line)
        yield line


def _check_encoding(line: Line) -> None:
    for column, text in line.fields.items():
        if not text.isascii() and _ESCAPED_BYTE.search(text):
            raise LayoutError(line.row, column, "is not UTF-8")


def _check_header(header: list[str], columns: Columns) -> None:
    has_sides = {"left", "right"} <= set(header)
    for names in columns:
        if not set(names) & set(header) and not (has_sides and names == ITEM):
            raise LayoutError(1, names[0], "the column is missing")


def _opened(path: Path) -> IO[str]:
    with path.open("rb") as probe:
        zipped = probe.read(2) == GZIP_MAGIC
    opener: Any = gzip.open if zipped else open
    file: IO[str] = opener(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="")
    return file


def _read(path: Path, parse: Callable[[str], T]) -> Coded[T]:
    items, people, labels = [], [], []
    for line in read_lines(path):
        items.append(line.identity(ITEM))
        people.append(line.identity(PERSON))
        labels.append(parsed(line, parse))
    return encode_typed(items, people, labels)


def parsed(line: Line, parse: Callable[[str], T]) -> T:
    try:
        return parse(line.get(LABEL))
    except LayoutError:
        raise
    except ValueError as error:
        raise LayoutError(line.row, LABEL[0], str(error)) from None


def _json_list(text: str) -> list[Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"{short(text)} is not JSON") from None
    if not isinstance(value, list):
        raise ValueError(f"{short(text)} is not a list")
    return value


def _span(entry: Any) -> Span:
    if not (isinstance(entry, list) and len(entry) == 2 and all(type(x) is int for x in entry)):
        raise ValueError(f"{short(json.dumps(entry))} is not [start, end] in whole characters")
    start, end = entry
    if not 0 <= start <= end < 2**53:
        raise ValueError(f"{short(json.dumps(entry))} is no range of characters")
    return start, end


def _box(entry: Any) -> Box:
    numbers = isinstance(entry, list) and all(type(x) in (int, float) for x in entry)
    if not (numbers and len(entry) == 4):
        raise ValueError(f"{short(json.dumps(entry))} is not [x1, y1, x2, y2]")
    if not all(abs(x) <= FARTHEST for x in entry):
        raise ValueError(f"{short(json.dumps(entry))} has a side farther out than {FARTHEST:g}")
    x1, y1, x2, y2 = (float(x) for x in entry)
    return x1, y1, x2, y2


def sides(line: Line) -> tuple[str, str]:
    if {"left", "right"} <= line.fields.keys():
        left, right = line.identity(("left",)), line.identity(("right",))
    else:
        left, bar, right = line.identity(ITEM).partition("|")
        if not (left and bar and right) or "|" in right:
            raise LayoutError(line.row, ITEM[0], "is not left|right, and there is no column left")
    if left == right:
        raise LayoutError(line.row, "right", f"{short(left)} is compared with itself")
    return left, right


def outcome_of(line: Line, left: str, right: str) -> int:
    label = line.get(LABEL)
    if label in (left, right):
        return LEFT if label == left else RIGHT
    if label.strip().lower() in TIES:
        return TIE
    raise LayoutError(line.row, LABEL[0], f"{short(label)} is neither left, right nor a tie")


def _coded_comparisons(
    said: dict[tuple[str, str, str], tuple[str, str, int]],
) -> CodedComparisons:
    things = sorted({side for left, right, _ in said.values() for side in (left, right)})
    people = sorted({person for person, _, _ in said})
    thing = {name: code for code, name in enumerate(things)}
    person = {name: code for code, name in enumerate(people)}
    rows = [(thing[a], thing[b], person[key[0]], won) for key, (a, b, won) in said.items()]
    left, right, who, outcome = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    answers = Comparisons(left, right, who, outcome, len(things), len(people))
    return CodedComparisons(answers, things, people)


def short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
