"""Files that nobody will ask for again: uploads of jobs that are dead, old exports, old reports."""

import time
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from jobs.models import LIVE, Job
from labeling.models import Import
from labeling.services import exporting, importing, problem_reports

UPLOADS_LAST = timedelta(days=1)  # a failed import may still be tried again
EXPORTS_LAST = timedelta(days=2)
REPORTS_LAST = timedelta(days=30)


def sweep_files() -> int:
    """Remove what is old; how many files went. What a live job still needs stays, however old."""
    return (
        _sweep(importing.FOLDER, UPLOADS_LAST, _awaited_uploads())
        + _sweep(exporting.FOLDER, EXPORTS_LAST)
        + _sweep(problem_reports.FOLDER, REPORTS_LAST)
    )


def _awaited_uploads() -> set[str]:
    """An import names its row, other jobs their files: so every text that a live job was given."""
    live = Job.objects.filter(state__in=LIVE).exclude(arguments={})
    given = [one for row in live.values_list("arguments", flat=True) for one in row.values()]
    named = {one for one in given if isinstance(one, str)}
    imports = Import.objects.filter(public_id__in=named)
    return named | set(imports.values_list("stored_as", flat=True))


def _sweep(folder: str, lasts: timedelta, keep: Collection[str] = ()) -> int:
    place = Path(settings.MEDIA_STORE) / folder
    if not place.is_dir():
        return 0
    before = time.time() - lasts.total_seconds()
    old = [file for file in place.iterdir() if file.name not in keep and _changed(file) < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _changed(file: Path) -> float:
    """Never, if somebody else has just removed it."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
