"""The Celery side: one task that takes the next step of a project, and the sweep behind it."""

import time
from datetime import timedelta

import structlog
from celery import shared_task

from jobs.schedules import schedule, sweep
from learning.services import loop, turning_away, voting
from learning.services.certifying import scheduling

log = structlog.get_logger(__name__)

REST = (
    0.25  # seconds between two steps of a project that a message asks for; the sweep takes the last
)
_stepped_at: dict[int, float] = {}


@shared_task(name="learning.advance", ignore_result=True, expires=60)
def advance(project_id: int) -> None:
    """One step, unless this process took one just now: under load hundreds of hints come a second."""
    now = time.monotonic()
    if now - _stepped_at.get(project_id, -REST) >= REST:
        _stepped_at[project_id] = now
        loop.advance(project_id)


@sweep("learning.functions", every=30.0, embedded_every=5.0)
def apply_functions() -> None:
    """Labelling functions that have not seen the newest item of a live project."""
    voting.ask_where_new()


@sweep("learning.people", every=60.0, embedded_every=10.0)
def judge_people() -> None:
    """Running projects that turn people away, after every fit of their skills."""
    turning_away.ask_where_due()


@schedule("learning.audits", period=timedelta(hours=1))
def audit_again() -> None:
    """Later audits of what the machine labels, where they are due."""
    scheduling.audit_where_due()


@sweep("learning.advance", every=2.0, embedded_every=0.5)
def advance_all() -> None:
    """Every live project, whether a message came or not; one that fails does not stop the others."""
    for project_id in loop.live_projects():
        try:
            loop.advance(project_id)
        except Exception:
            log.exception("loop_step_failed", project=project_id)
