"""The long work of labeling, as kinds of jobs."""

from datetime import timedelta
from typing import Any

from jobs.registry import job_kind
from jobs.running import JobFailed, Run
from labeling.services.exporting import write_export
from labeling.services.importing import KIND, run_import
from labeling.services.staging import ImportRefused


@job_kind(KIND, lease=timedelta(seconds=30))
def import_file(run: Run) -> dict[str, Any]:
    """All rows of an uploaded file become items, or none do."""
    try:
        items = run_import(run.arguments["import"], fence=run.fenced, progress=run.progress)
    except ImportRefused as refused:
        raise JobFailed(refused.message) from None
    return {"items": items, "import": run.arguments["import"]}


@job_kind("labeling.export", lease=timedelta(seconds=30))
def export_answers(run: Run) -> dict[str, Any]:
    """All answers of a project, as a file to fetch later."""
    name, rows = write_export(run.arguments["project"], run.arguments["format"], run.progress)
    return {"file": name, "rows": rows}
