"""The long work of labeling, as kinds of jobs."""

from datetime import timedelta
from typing import Any

from jobs.registry import job_kind
from jobs.running import JobFailed, Run
from labeling.services import exporting, in_line
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


@job_kind(in_line.KIND, lease=timedelta(seconds=30))
def bring_in_line(run: Run) -> dict[str, Any]:
    """Many open items follow a setting of their project that changed."""
    project_id, what, done = run.arguments["project"], run.arguments["what"], 0
    for item_ids in in_line.batches(project_id):
        with run.fenced():
            in_line.follow(project_id, what, item_ids)
        done += len(item_ids)
        run.progress(done)
    return {"items": done}
