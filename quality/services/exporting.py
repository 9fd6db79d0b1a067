"""Labels going out, row by row, in order of import: the same data gives the same rows.

``csv`` has the columns ``item,label,confidence,answers,method,state,item_id``; ``jsonl`` the same fields. In
CSV a text that a spreadsheet would run as a formula gets an apostrophe in front.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from labeling.errors import Refused
from labeling.models import Project
from labeling.services.exporting import cell
from quality.queries import LabelRow, labels

COLUMNS = ("item", "label", "confidence", "answers", "method", "state", "item_id")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}


def export_labels(project: Project, kind: str) -> Iterator[bytes]:
    """The file, in pieces. Raises Refused for an unknown format, before the first piece."""
    if kind not in CONTENT_TYPES:
        known = ", ".join(CONTENT_TYPES)
        raise Refused(f"is unknown; known are {known}", field="format")
    rows = map(_values, labels(project))
    return _csv_lines(rows) if kind == "csv" else _json_lines(rows)


def _values(row: LabelRow) -> tuple[Any, ...]:
    confidence = None if row.confidence is None else round(row.confidence, 6)
    return (
        row.external_id,
        row.label,
        confidence,
        row.answers,
        row.method,
        row.state,
        row.item,
    )


def _csv_lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    yield _line(COLUMNS)
    for row in rows:
        yield _line(cell(value) for value in row)


def _line(cells: Iterable[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _json_lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    for row in rows:
        record = dict(zip(COLUMNS, row, strict=True))
        yield json.dumps(record, ensure_ascii=False).encode() + b"\n"
