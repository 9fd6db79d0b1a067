"""Answers going out, row by row: read in key ranges by short queries, so that memory stays flat and no
long snapshot hinders the people at work.

| format | columns |
|---|---|
| ``csv``, ``jsonl`` | every answer with all its fields; ``gold`` items are marked by ``role`` |
| ``crowdkit`` | ``task, worker, label`` as crowd-kit reads them: counted answers to work items |

People appear under their pseudonyms, unless their user names are asked for. The same data gives the
same rows in the same order. In CSV a text that a spreadsheet would run as a formula gets an apostrophe
in front.
"""

import csv
import io
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from labeling.errors import NotFound, Refused
from labeling.models import Answer, Enrollment, ItemRole, Project
from labeling.queries import counted_answers

AT_ONCE = 2000
FOLDER = "exports"
ANSWERS_EXPORT = "labeling.export"  # the kind of job
COLUMNS = (
    "answer", "item", "item_id", "role", "annotator", "value", "label_code", "verdict", "counted",
    "revision", "seconds", "label_set_version", "created_at",
)  # fmt: skip
CROWDKIT = ("task", "worker", "label")
PEOPLE = {"pseudonyms": "pseudonym", "usernames": "annotator__username"}
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "crowdkit": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
Values = tuple[Any, ...]
# Where the columns come from, after the key: the person is put in last.
SOURCES = (
    "pk", "annotator_id", "public_id", "item__external_id", "item__public_id", "item__role",
    "value", "label_code", "verdict", "counted", "revision", "seconds",
    "assignment__label_set_version", "created_at",
)  # fmt: skip
CROWDKIT_SOURCES = ("pk", "annotator_id", "item__external_id", "value")


def export_answers(project: Project, kind: str, people: str = "pseudonyms") -> Iterator[bytes]:
    """The file, in pieces: the heading before anything is read. Raises Refused before the first piece."""
    check_choice(kind, CONTENT_TYPES, "format")
    check_choice(people, PEOPLE, "people")
    names = _Names(project, PEOPLE[people])
    if kind == "crowdkit":
        work = counted_answers(project.pk).filter(item__role=ItemRole.WORK)
        return as_csv(
            CROWDKIT, (map(names.crowdkit, rows) for rows in _parts(work, CROWDKIT_SOURCES))
        )
    answers = Answer.objects.filter(project=project)
    parts = (map(names.every_field, rows) for rows in _parts(answers, SOURCES))
    return as_csv(COLUMNS, parts) if kind == "csv" else as_json_lines(COLUMNS, parts)


def check_choice(value: str, known: Iterable[str], field: str) -> None:
    if value not in known:
        raise Refused(f"is unknown; known are {', '.join(known)}", field=field)


def project_to_export(public_id: str) -> Project:
    """Raises NotFound."""
    project = Project.objects.filter(public_id=public_id).first()
    if project is None:
        raise NotFound
    return project


def keep_export(
    pieces: Iterable[bytes], extension: str, progress: Callable[[int], None]
) -> dict[str, Any]:
    """The pieces as a file under a name that nobody guesses; gives the name and the size in bytes.

    ``progress`` hears the bytes written. A second attempt writes another file; the sweep takes the first.
    """
    name, size = f"{secrets.token_hex(16)}.{extension}", 0
    path = export_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for piece in pieces:
            size += file.write(piece)
            progress(size)
    return {"file": name, "bytes": size}


def extension_of(kind: str) -> str:
    """The ending of a file of that format."""
    return "csv" if kind == "crowdkit" else kind


def export_path(name: str) -> Path:
    """Where the finished export of that name is."""
    return Path(settings.MEDIA_STORE) / FOLDER / Path(name).name


def defused(value: Any) -> Any:
    """The value as a spreadsheet may see it: never a formula."""
    if isinstance(value, str) and FORMULA.match(value) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def as_csv(columns: Sequence[str], parts: Iterable[Iterable[Values]]) -> Iterator[bytes]:
    """The heading at once, then a piece for each part."""
    yield csv_line(columns)
    for rows in parts:
        buffer = io.StringIO()
        csv.writer(buffer).writerows([cell(value) for value in row] for row in rows)
        yield buffer.getvalue().encode()


def as_json_lines(columns: Sequence[str], parts: Iterable[Iterable[Values]]) -> Iterator[bytes]:
    """A piece for each part, beginning with an empty one: headers go out before anything is read."""
    yield b""
    dumps = json.JSONEncoder(ensure_ascii=False).encode
    for rows in parts:
        lines = [dumps(dict(zip(columns, row, strict=True))) for row in rows]
        yield ("\n".join(lines) + "\n").encode()


def csv_line(cells: Iterable[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def cell(value: Any) -> Any:
    """A value as a table's cell: lists and objects as JSON in one canonical spelling, no formulas."""
    if isinstance(value, dict | list):
        plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return defused(plain)
    return defused(value)


def _parts(answers: QuerySet[Answer], sources: Sequence[str]) -> Iterator[list[Values]]:
    """Key range by key range (index answers_of_project), each a short query."""
    wanted, last = answers.order_by("pk").values_list(*sources), 0
    while rows := list(wanted.filter(pk__gt=last)[:AT_ONCE]):
        last = rows[-1][0]
        yield rows


class _Names:
    """What people are called in a file. People may join while it is being written."""

    def __init__(self, project: Project, source: str) -> None:
        self._people = Enrollment.objects.filter(project=project)
        self._source = source
        self._names: dict[int, str] = {}

    def __getitem__(self, annotator_id: int) -> str:
        if annotator_id not in self._names:
            self._names = dict(self._people.values_list("annotator_id", self._source))
        return self._names[annotator_id]

    def every_field(self, row: Values) -> Values:
        """The row in the order of COLUMNS."""
        _, annotator_id, answer, item, item_id, role, *rest, created_at = row
        who = self[annotator_id]
        return (answer, item, item_id, role, who, *rest, created_at.isoformat())

    def crowdkit(self, row: Values) -> Values:
        _, annotator_id, item, value = row
        return item, self[annotator_id], value
