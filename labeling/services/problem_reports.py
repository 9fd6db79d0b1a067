"""The full report of an import: a CSV file with every bad row, beside the uploads."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from django.conf import settings

from labeling.models import Import
from labeling.services.exporting import csv_line, defused
from labeling.services.staging import Report

FOLDER = "reports"
COLUMNS = ("row", "field", "message")
CHUNK = 64 * 1024


@contextmanager
def written_report(upload: Import) -> Iterator[Report]:
    """What writes the problems of this attempt down."""
    path = report_path(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        yield lambda problem: writer.writerow(map(defused, astuple(problem)))


def report_of(upload: Import) -> Iterator[bytes]:
    """CSV with row, field and message of every problem; of the first hundred when the file is swept."""
    path = report_path(upload)
    if path.is_file():
        with path.open("rb") as file:
            yield from iter(lambda: file.read(CHUNK), b"")
        return
    yield csv_line(COLUMNS)
    for problem in upload.problems:
        yield csv_line([defused(problem[name]) for name in COLUMNS])


def report_path(upload: Import) -> Path:
    return Path(settings.MEDIA_STORE) / FOLDER / f"{upload.public_id}.csv"
