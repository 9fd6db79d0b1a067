"""List jobs with their progress."""

import argparse
import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from assay.django_setup import prepare_site

if TYPE_CHECKING:
    from jobs.models import Job

COLUMNS = "{state:9}  {kind:22}  {progress:>12}  {attempts:>5}  {job}  {note}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=int, default=20, help="at most so many jobs (default: 20)")
    parser.add_argument("--live", action="store_true", help="only waiting and running jobs")
    parser.add_argument("--json", action="store_true", help="one line of JSON per job")


def run(options: argparse.Namespace) -> int:
    prepare_site()
    from jobs.queries import live_jobs, newest_jobs

    jobs = (live_jobs() if options.live else newest_jobs())[: max(options.limit, 0)]
    write = sys.stdout.write
    for line in _json_lines(jobs) if options.json else _table(jobs):
        write(f"{line}\n")
    return 0


def _json_lines(jobs: Iterable["Job"]) -> Iterable[str]:
    return (json.dumps(_facts(job)) for job in jobs)


def _table(jobs: Iterable["Job"]) -> Iterable[str]:
    heads = ("state", "kind", "progress", "attempts", "job", "note")
    yield COLUMNS.format(**{head: "tries" if head == "attempts" else head for head in heads})
    for job in jobs:
        yield COLUMNS.format(**_cells(job)).rstrip()


def _cells(job: "Job") -> dict[str, str]:
    return {
        "state": job.state,
        "kind": job.kind,
        "progress": f"{job.done}/{job.total}" if job.total is not None else str(job.done or ""),
        "attempts": f"{job.attempts}/{job.max_attempts}",
        "job": job.public_id,
        "note": (job.error or job.message).partition("\n")[0],
    }


def _facts(job: "Job") -> dict[str, Any]:
    return {
        "job": job.public_id,
        "kind": job.kind,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "message": job.message,
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "subject": job.subject,
        "error": job.error,
        "result": job.result,
        "created_at": job.created_at.isoformat(),
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
    }
