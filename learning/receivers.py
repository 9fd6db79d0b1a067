"""What learning does on hearing others: a hint that the loop may have something to do, nothing more."""

from typing import Any

from django.dispatch import receiver

from jobs.events import job_ended
from jobs.hints import nudge
from jobs.models import Job
from labeling.events import items_added, project_changed
from learning.kinds import ACTIONS
from learning.tasks import advance
from quality.events import items_settled


@receiver([items_added, project_changed, items_settled])
def look_at_project(*, project_id: int, **_: Any) -> None:
    nudge(advance, project_id)


@receiver(job_ended)
def look_after_job(*, job: Job, **_: Any) -> None:
    if job.kind in ACTIONS:
        nudge(advance, int(job.arguments["project_id"]))
