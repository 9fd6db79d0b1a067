"""The long work of labeling, as kinds of jobs."""

from datetime import timedelta
from typing import Any

from jobs.registry import job_kind
from jobs.running import JobFailed, Run
from labeling.services import exporting
from labeling.services.exporting import (
    ANSWERS_EXPORT,
    extension_of,
    keep_export,
    project_to_export,
)
from labeling.services.importing import KIND, run_import
from labeling.services.staging import ImportRefused


@job_kind(KIND, lease=timedelta(seconds=30))
def import_file(run: Run) -> dict[str, Any]:
    """All rows of an uploaded file become items, or none do; or the good ones, if that was asked."""
    public_id = run.arguments["import"]
    try:
        upload = run_import(
            public_id,
            fence=run.fenced,
            progress=run.progress,
            keep_good=run.arguments.get("keep_good", False),
            columns=run.arguments.get("columns"),
        )
    except ImportRefused as refused:
        raise JobFailed(refused.message) from None
    return {"items": upload.items, "problems": upload.problem_count, "import": public_id}


@job_kind(ANSWERS_EXPORT, lease=timedelta(seconds=30))
def export_answers(run: Run) -> dict[str, Any]:
    """All answers of a project, as a file to fetch later."""
    kind, project = run.arguments["format"], project_to_export(run.arguments["project"])
    pieces = exporting.export_answers(project, kind, run.arguments.get("people", "pseudonyms"))
    return keep_export(pieces, extension_of(kind), run.progress)
