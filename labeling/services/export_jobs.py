"""Exports as jobs: asked for, fetched when done, and swept when old."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accounts.models import User
from accounts.services import audit
from jobs.models import Job, State
from jobs.services import enqueue
from labeling.errors import NotFound
from labeling.models import Project
from labeling.services.exporting import export_path


def enqueue_export(
    project: Project, kind: str, options: Mapping[str, Any], *, actor: User | None = None
) -> Job:
    """The job of that kind that will write the file."""
    audit(project.organization, actor, "export.asked", project.public_id, kind=kind, **options)
    return enqueue(
        kind,
        {"project": project.public_id, **options},
        tenant=project.organization_id,
        subject=_subject(project),
    )


def export_of(project: Project, job_id: str) -> Path:
    """The file that a job of this project has written. Raises NotFound, whatever the reason."""
    job = Job.objects.filter(
        public_id=job_id,
        tenant=project.organization_id,
        subject=_subject(project),
        kind__endswith=".export",
        state=State.DONE,
    ).first()
    if job is None or not (path := export_path((job.result or {})["file"])).is_file():
        raise NotFound
    return path


def _subject(project: Project) -> str:
    return f"project:{project.public_id}"
