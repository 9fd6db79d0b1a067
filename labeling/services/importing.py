"""A manager's file: kept until the job has read it, then every row of it is an item, or none is.

With ``keep_good`` bad rows are left out instead, as long as the file can be read to its end.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.services import audit
from jobs.models import Job
from jobs.services import enqueue
from labeling.errors import Refused
from labeling.files import Row, read_every_row
from labeling.models import Import, ImportState, Item, ItemRole, ItemStatus, Project
from labeling.services.opening import open_items
from labeling.services.problem_reports import written_report
from labeling.services.redundancy import seats_at_first
from labeling.services.staging import (
    Fence,
    ImportRefused,
    Progress,
    Staging,
    publish,
    stage,
)

KIND = "labeling.import"
FOLDER = "uploads"
OPEN_AT_ONCE = 5000
CHUNK = 1024 * 1024


def accept_file(
    project: Project,
    chunks: Iterable[bytes],
    name: str,
    *,
    open_at_once: bool = False,
    keep_good: bool = False,
    actor: User | None = None,
) -> tuple[Import, Job]:
    """Keep the file and queue its import. With ``open_at_once`` people are asked about all of it."""
    stored_as = keep_upload(chunks)
    return queue_import(
        project,
        stored_as,
        name,
        open_at_once=open_at_once,
        keep_good=keep_good,
        actor=actor,
    )


def queue_import(
    project: Project,
    stored_as: str,
    name: str,
    *,
    columns: Mapping[str, str] | None = None,
    open_at_once: bool = False,
    keep_good: bool = False,
    actor: User | None = None,
) -> tuple[Import, Job]:
    """Queue the import of a kept file. ``columns`` gives columns other names; an empty one leaves out."""
    with transaction.atomic():
        upload = Import.objects.create(
            project=project, name=name[-255:], stored_as=stored_as, open_at_once=open_at_once
        )
        job = enqueue(
            KIND,
            {"import": upload.public_id, "keep_good": keep_good, "columns": dict(columns or {})},
            tenant=project.organization_id,
            subject=f"project:{project.public_id}",
        )
        audit(project.organization, actor, "import.accepted", project.public_id, name=upload.name)
    return upload, job


def enqueue_import(
    project: Project,
    path: Path,
    *,
    open_at_once: bool = False,
    keep_good: bool = False,
    actor: User | None = None,
) -> Job:
    """The same for a file on this machine; gives the job that reads it."""
    with path.open("rb") as file:
        _, job = accept_file(
            project,
            iter(lambda: file.read(CHUNK), b""),
            path.name,
            open_at_once=open_at_once,
            keep_good=keep_good,
            actor=actor,
        )
    return job


def run_import(
    public_id: str,
    *,
    fence: Fence,
    progress: Progress,
    keep_good: bool = False,
    columns: Mapping[str, str] | None = None,
) -> Import:
    """Bring the file's items in; gives what is known of it then. Repeating it after success changes nothing.

    Raises ImportRefused, after writing down the problems.
    """
    upload = Import.objects.select_related("project").get(public_id=public_id)
    if upload.state == ImportState.WAITING:
        staging = Staging(upload.project, upload.role, keep_good=keep_good, progress=progress)
        _bring_in(upload, staging, fence, columns or {})
    if upload.state == ImportState.DONE and upload.open_at_once:
        open_pool(upload.project)
    upload_path(upload.stored_as).unlink(missing_ok=True)
    return upload


def open_pool(project: Project) -> int:
    """Ask people about every work item in the pool; gives how many.

    In order of priority, and then of chance. In the order of the file, who counts along in what the
    items say would know gold by its being out of turn.
    """
    opened = 0
    pool = Item.objects.filter(project=project, role=ItemRole.WORK, status=ItemStatus.POOL)
    waiting = pool.order_by("-priority", "?").values_list("pk", flat=True)
    while some := list(waiting[:OPEN_AT_ONCE]):
        for seats, ids in seats_at_first(project, some):
            opened += open_items(project.pk, ids, seats)
    return opened


def renamed(rows: Iterable[Row], columns: Mapping[str, str]) -> Iterator[Row]:
    """The rows with other names for these columns, and without those whose new name is empty."""
    for row in rows:
        named = ((columns.get(name, name), value) for name, value in row.fields.items())
        yield replace(row, fields={name: value for name, value in named if name})


def _bring_in(upload: Import, staging: Staging, fence: Fence, columns: Mapping[str, str]) -> None:
    rows = renamed(read_every_row(upload_path(upload.stored_as), upload.name), columns)
    try:
        with written_report(upload) as staging.report, staging:
            stage(staging, rows)
            with fence():  # items and the word that they are there come in one commit
                upload.items = publish(staging)
                _settle(upload, ImportState.DONE, staging)
    except ImportRefused:
        with fence():
            _settle(upload, ImportState.REFUSED, staging)
        upload_path(upload.stored_as).unlink(missing_ok=True)
        raise


def _settle(upload: Import, state: ImportState, staging: Staging) -> None:
    upload.state = state
    upload.problem_count = staging.count
    upload.problems = [asdict(problem) for problem in staging.problems]
    upload.save(update_fields=["items", "state", "problems", "problem_count"])


def keep_upload(chunks: Iterable[bytes]) -> str:
    """Write the file where jobs find it; gives its name there. Raises Refused when it is too large."""
    name = secrets.token_hex(16)
    path, left = upload_path(name), settings.MAX_UPLOAD_BYTES
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                break
            file.write(chunk)
    if left < 0:
        path.unlink()
        raise Refused(f"is larger than {settings.MAX_UPLOAD_BYTES} bytes", field="file")
    return name


def upload_path(stored_as: str) -> Path:
    return Path(settings.MEDIA_STORE) / FOLDER / stored_as
