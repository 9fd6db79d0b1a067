"""Answers going out, row by row: read in key ranges by short queries, so that memory stays flat and no
long snapshot hinders the people at work.

| format | columns |
|---|---|
| ``csv``, ``jsonl`` | every answer with all its fields; ``gold`` items are marked by ``role`` |
| ``crowdkit`` | ``task, worker, label`` as crowd-kit reads them: counted answers to work items |

People appear under their pseudonyms. The same data gives the same rows in the same order. In CSV a
text that a spreadsheet would run as a formula gets an apostrophe in front.
"""

import csv
import io
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from labeling.errors import NotFound, Refused
from labeling.models import Answer, Enrollment, ItemRole, Project
from labeling.queries import counted_answers

AT_ONCE = 2000
FOLDER = "exports"
COLUMNS = (
    "answer", "item", "item_id", "role", "annotator", "value", "label_code", "verdict", "counted",
    "revision", "seconds", "label_set_version", "created_at",
)  # fmt: skip
CROWDKIT = ("task", "worker", "label")
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "crowdkit": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
Record = dict[str, Any]


def export_answers(project: Project, kind: str) -> Iterator[bytes]:
    """The file, in pieces. Raises Refused for an unknown format, before the first piece."""
    if kind not in CONTENT_TYPES:
        known = ", ".join(CONTENT_TYPES)
        raise Refused(f"is unknown; known are {known}", field="format")
    names = _pseudonyms(project)
    if kind == "crowdkit":
        work = counted_answers(project.pk).filter(item__role=ItemRole.WORK)
        return _as_csv(CROWDKIT, (_crowdkit(r) for r in _records(work, names)))
    records = _records(Answer.objects.filter(project=project), names)
    return _as_csv(COLUMNS, records) if kind == "csv" else _as_json_lines(records)


def write_export(project_id: str, kind: str, progress: Callable[[int], None]) -> tuple[str, int]:
    """The export as a file under a name that nobody guesses; gives that name and the rows in it."""
    project = Project.objects.filter(public_id=project_id).first()
    if project is None:
        raise NotFound
    name = f"{secrets.token_hex(16)}.{'csv' if kind == 'crowdkit' else kind}"
    path = export_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with path.open("wb") as file:
        for piece in export_answers(project, kind):
            file.write(piece)
            rows += piece.count(b"\n")
            progress(rows)
    return name, rows


def export_path(name: str) -> Path:
    """Where the finished export of that name is."""
    return Path(settings.MEDIA_STORE) / FOLDER / Path(name).name


def defused(value: Any) -> Any:
    """The value as a spreadsheet may see it: never a formula."""
    if isinstance(value, str) and FORMULA.match(value) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _pseudonyms(project: Project) -> dict[int, str]:
    people = Enrollment.objects.filter(project=project)
    return dict(people.values_list("annotator_id", "pseudonym"))


def _records(answers: QuerySet[Answer], names: dict[int, str]) -> Iterator[Record]:
    last = 0
    while some := list(_after(answers, last)):
        last = some[-1].pk
        for answer in some:
            yield _record(answer, names)


def _after(answers: QuerySet[Answer], answer_id: int) -> QuerySet[Answer]:
    later = answers.filter(pk__gt=answer_id).order_by("pk")
    return later.select_related("item", "assignment").defer("item__payload")[:AT_ONCE]


def _record(answer: Answer, names: dict[int, str]) -> Record:
    values = (
        answer.public_id,
        answer.item.external_id,
        answer.item.public_id,
        answer.item.role,
        names[answer.annotator_id],
        answer.value,
        answer.label_code,
        answer.verdict,
        answer.counted,
        answer.revision,
        answer.seconds,
        answer.assignment.label_set_version,
        answer.created_at.isoformat(),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _crowdkit(record: Record) -> Record:
    return dict(zip(CROWDKIT, (record["item"], record["annotator"], record["value"]), strict=True))


def _as_json_lines(records: Iterable[Record]) -> Iterator[bytes]:
    for record in records:
        yield json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _as_csv(columns: Iterable[str], records: Iterable[Record]) -> Iterator[bytes]:
    columns = list(columns)
    yield _line(columns)
    for record in records:
        yield _line([cell(record[column]) for column in columns])


def cell(value: Any) -> Any:
    """A value as a table's cell: lists and objects as JSON in one canonical spelling, no formulas."""
    if isinstance(value, dict | list):
        plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return defused(plain)
    return defused(value)


def _line(cells: Iterable[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()
