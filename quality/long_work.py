"""The long work of quality: a full refit as a job."""

from datetime import timedelta
from typing import Any

from jobs.registry import job_kind
from jobs.running import Run
from quality.services import refit as refitting


@job_kind(refitting.REFIT, lease=timedelta(seconds=30), max_attempts=3)
def refit(run: Run) -> dict[str, Any]:
    return refitting.refit(run.arguments["project"], run)
