"""Ask for long work: one live job a project and kind is enough."""

from jobs.models import Job
from jobs.services import enqueue
from labeling.models import Project
from learning.kinds import FEATURES


def ask(kind: str, project: Project, *, part: str = "", **arguments: int) -> Job:
    """The job that will do this for the project; ``part`` names a share of it that stands alone."""
    return enqueue(
        kind,
        {"project_id": project.pk, **arguments},
        key=f"{project.pk}:{part}" if part else str(project.pk),
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
    )


def ask_for_block(project: Project, first: int, last: int) -> Job:
    """Features of the items with ids from ``first`` to ``last``."""
    return ask(FEATURES, project, part=str(first), first=first, last=last)
