"""Bring a file of items into a project: CSV, TSV, JSONL, JSON, lines of text, a zip of pictures; also gzipped."""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from assay.commands._manage import carry_out, find_project
from assay.commands._output import CannotDo, add_json, progress, progress_ends, say, show

if TYPE_CHECKING:
    from jobs.models import Job

LOOK_EVERY = 0.2  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", help="id or name")
    parser.add_argument("file", type=Path)
    parser.add_argument("--open", action="store_true", help="ask people about all of it at once")
    parser.add_argument(
        "--keep-good", action="store_true", help="leave bad rows out instead of refusing the file"
    )
    parser.add_argument("--report", type=Path, help="CSV file to write: every bad row")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    return carry_out(_import, options)


def _import(options: argparse.Namespace) -> None:
    from labeling.services.importing import enqueue_import

    project = find_project(options.project)
    if not options.file.is_file():
        raise CannotDo(f"{options.file} is not a file")
    job = _finished(
        enqueue_import(
            project, options.file, open_at_once=options.open, keep_good=options.keep_good
        )
    )
    _report(options, job)
    if job.state != "done":
        raise CannotDo(f"{options.file} was not imported: {job.error or job.state}")
    show(options, {"project": project.public_id, "job": job.public_id, **(job.result or {})})


def _report(options: argparse.Namespace, job: "Job") -> None:
    """The bad rows, to the file that was asked for; else a word that there are some."""
    from labeling.models import Import
    from labeling.services.problem_reports import report_of

    upload = Import.objects.get(public_id=job.arguments["import"])
    if options.report is not None:
        _write(options.report, b"".join(report_of(upload)))
    elif upload.problem_count:
        say(f"{upload.problem_count:,} bad rows; --report FILE writes them all down")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CannotDo(f"{path}: {error.strerror}") from None


def _finished(job: "Job") -> "Job":
    """The job when it has ended: done here, unless a worker was quicker to take it."""
    import threading

    from django.db import connections

    from jobs.models import LIVE
    from jobs.running import run_job

    def work() -> None:
        try:
            run_job(job.pk)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    while worker.is_alive() or job.state in LIVE:
        worker.join(LOOK_EVERY) if worker.is_alive() else time.sleep(LOOK_EVERY)
        job.refresh_from_db()
        progress(f"{job.done:,} rows read")
    progress_ends()
    return job
