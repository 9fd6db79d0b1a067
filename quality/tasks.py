"""Celery's names for what services do, and the sweeps that find what a lost message left behind."""

import structlog
from celery import shared_task

from jobs.hints import nudge
from jobs.schedules import sweep
from quality.queries.progress import (
    projects_to_judge,
    projects_to_refit,
    projects_to_settle,
    projects_to_survey,
)
from quality.services.judging import act_on_failing
from quality.services.refit import request
from quality.services.settling import settle_unused
from quality.services.surveying import request_survey

log = structlog.get_logger(__name__)


@shared_task(name="quality.settle", ignore_result=True, acks_late=True)
def settle(project_id: int) -> None:
    if settle_unused(project_id):
        nudge(settle, project_id)  # there may be more; an empty run ends it


@sweep("quality.settle", every=5.0, embedded_every=0.5)
def settle_left_behind() -> None:
    """Answers that no message led to."""
    for project_id in projects_to_settle():
        _one(settle_unused, project_id)


@sweep("quality.judge", every=5.0, embedded_every=1.0)
def judge_left_behind() -> None:
    """People who fail and whose pause was lost with its process."""
    for project_id in projects_to_judge():
        _one(act_on_failing, project_id)


@sweep("quality.refit", every=5.0, embedded_every=1.0)
def refit_left_behind() -> None:
    """Projects whose skills are older than their answers."""
    for project_id in projects_to_refit():
        _one(request, project_id)


@sweep("quality.survey", every=15.0, embedded_every=5.0)
def survey_left_behind() -> None:
    """Projects whose people were last looked at before the present fit."""
    for project_id in projects_to_survey():
        _one(request_survey, project_id)


def _one(action, project_id: int) -> None:  # type: ignore[no-untyped-def]
    """One poisoned project must not stop the sweep of the others."""
    try:
        action(project_id)
    except Exception:
        log.exception("sweep_failed", project=project_id, action=action.__name__)
