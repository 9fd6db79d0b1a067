"""The Fit row: the lock of everything derived in a project, and the count of answers since the last fit."""

from labeling.models import Project
from quality.models import Fit


def lock_fit(project_id: int) -> Fit:
    """The project's Fit, locked until the transaction ends; made at its first use."""
    locked = Fit.objects.select_for_update(no_key=True).filter(project_id=project_id)
    fit = locked.first()
    if fit is None:
        Fit.objects.bulk_create([Fit(project_id=project_id, method="")], ignore_conflicts=True)
    return fit or locked.get()


def project_of(project_id: int) -> Project:
    return Project.objects.get(pk=project_id)
