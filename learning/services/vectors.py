"""Files of vectors: kept until a job has read them, then every vector of a file is there, or none is."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from accounts.services import audit
from jobs.models import Job
from jobs.running import JobFailed, Run
from jobs.services import enqueue
from labeling.models import Project
from labeling.services.importing import keep_upload, upload_path
from learning import kinds
from learning.features.files import UnreadableVectors, read
from learning.services.plans import UnusablePlan
from learning.services.supplying import UnusableFeatures, supply_features

GONE = "the file is no longer there: hand it in again"


def accept_vectors(
    project: Project,
    chunks: Iterable[bytes],
    name: str,
    *,
    ids: Iterable[bytes] | None = None,
    actor: User,
) -> Job:
    """Keep the file and queue its reading. Raises Refused when it is too large."""
    files = {"file": keep_upload(chunks), "ids": keep_upload(ids) if ids is not None else ""}
    audit(project.organization, actor, "vectors.accepted", project.public_id, name=name[-255:])
    return enqueue(
        kinds.VECTORS,
        {"project_id": project.pk, "name": name[-255:], **files},
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
    )


def take_vectors(run: Run) -> dict[str, Any]:
    """The handler. A file that cannot be used is told as the reason why the job failed."""
    path = upload_path(run.arguments["file"])
    ids = upload_path(run.arguments["ids"]) if run.arguments["ids"] else None
    if not path.exists():
        raise JobFailed(GONE)
    run.progress(0, message="reading vectors")
    try:
        brought = read(path, run.arguments["name"], ids)
        with run.fenced():
            known = supply_features(run.arguments["project_id"], brought.ids, brought.vectors)
    except (UnreadableVectors, UnusableFeatures, UnusablePlan) as bad:
        raise JobFailed(str(bad)) from None
    for kept in (path, ids):
        if kept is not None:
            kept.unlink(missing_ok=True)
    return {"items": known}
