"""Labels going out, row by row, in order of import: the same data gives the same rows.

``csv`` has the columns ``item,label,confidence,answers,method,state,item_id,model``; ``jsonl`` the same fields.
Behind the project's items come labels of what has no row here (``quality.elsewhere``), marked as such. In
CSV a text that a spreadsheet would run as a formula gets an apostrophe in front.
"""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from labeling.models import Project
from labeling.services.exporting import as_csv, as_json_lines, check_choice
from quality.elsewhere import labels_elsewhere
from quality.queries import LabelRow, labels

COLUMNS = ("item", "label", "confidence", "answers", "method", "state", "item_id", "model")
AT_ONCE = 2000
LABELS_EXPORT = "quality.export"  # the kind of job
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}


def export_labels(project: Project, kind: str) -> Iterator[bytes]:
    """The file, in pieces. Raises Refused for an unknown format, before the first piece."""
    check_choice(kind, CONTENT_TYPES, "format")
    parts = _parts(project)
    return as_csv(COLUMNS, parts) if kind == "csv" else as_json_lines(COLUMNS, parts)


def _parts(project: Project) -> Iterator[list[tuple[Any, ...]]]:
    rows = map(_values, chain(labels(project), labels_elsewhere(project)))
    while part := list(islice(rows, AT_ONCE)):
        yield part


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
        row.model,
    )
