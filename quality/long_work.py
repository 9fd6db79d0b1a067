"""The long work of quality: a full refit, a survey of people, rules tried, and an export of all labels."""

from datetime import timedelta
from typing import Any

from jobs.registry import job_kind
from jobs.running import Run
from labeling.services.exporting import extension_of, keep_export, project_to_export
from quality.services import exporting, surveying, trying
from quality.services import refit as refitting


@job_kind(refitting.REFIT, lease=timedelta(seconds=30), max_attempts=3)
def refit(run: Run) -> dict[str, Any]:
    return refitting.refit(run.arguments["project"], run)


@job_kind(surveying.SURVEY, lease=timedelta(seconds=60), max_attempts=3)
def survey(run: Run) -> dict[str, Any]:
    """All evidence about everybody, and what the rules say about it."""
    return surveying.survey_project(run.arguments["project"], run)


@job_kind(trying.TRY_RULES, lease=timedelta(seconds=60))
def try_rules(run: Run) -> dict[str, Any]:
    """Who would be affected by other rules."""
    return trying.try_rules(run.arguments["project"], run.arguments["rules"], run)


@job_kind(exporting.LABELS_EXPORT, lease=timedelta(seconds=30))
def export_labels(run: Run) -> dict[str, Any]:
    """All labels of a project, as a file to fetch later."""
    kind, project = run.arguments["format"], project_to_export(run.arguments["project"])
    return keep_export(exporting.export_labels(project, kind), extension_of(kind), run.progress)
