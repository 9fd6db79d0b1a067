"""Items come in all or not at all, in flat memory, while people work.

Rows are *staged*: inserted in batches, each in a short transaction, with a status in which nobody sees
them. When the whole file was good, one statement turns them all into pool items; if any row was bad,
they are deleted. Whoever dies half way leaves staged rows, which the next attempt removes first. Rows
of a batch are shuffled, and ids that people see are random: nothing tells where in the file, or in
which file, an item came from.
"""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from labeling.errors import Refused
from labeling.events import items_added
from labeling.files import BadFile, Row
from labeling.limits import ERRORS_REPORTED, IMPORT_BATCH, MEBIBYTE
from labeling.media_store import keep_all
from labeling.models import Item, ItemRole, ItemStatus, MediaFile, Project
from labeling.services.item_rows import NewItem, RowProblem, new_item

PICTURES_AT_ONCE = 32 * MEBIBYTE  # bytes that wait to be written
Fence = Callable[[], AbstractContextManager[object]]
Progress = Callable[[int], None]

shuffle = random.SystemRandom().shuffle


class ImportRefused(Refused):
    """Nothing was imported; ``problems`` are the first of ``count``."""

    def __init__(self, problems: Sequence[RowProblem], count: int) -> None:
        self.problems = list(problems)
        self.count = count
        more = f" (and {count - 1} more)" if count > 1 else ""
        super().__init__(f"{problems[0]}{more}")


@dataclass
class Staging:
    """One file on its way in. ``batch`` names its rows; ``fence`` wraps every write to the database."""

    project: Project
    batch: str
    role: str = ItemRole.WORK
    leave_out: Collection[str] = ()
    fence: Fence = transaction.atomic
    progress: Progress = lambda _done: None
    done: int = 0
    count: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    def note(self, problem: RowProblem) -> None:
        self.count += 1
        if len(self.problems) < ERRORS_REPORTED:
            self.problems.append(problem)


def stage(staging: Staging, rows: Iterable[Row]) -> int:
    """Put all rows where nobody sees them yet; gives how many. Raises ImportRefused, leaving none."""
    discard(staging.batch)
    try:
        for batch in _batches(_good_items(staging, rows)):
            _stage_batch(staging, batch)
    except BadFile as bad:
        staging.note(RowProblem(bad.row, bad.field, bad.message))
    if not staging.done and not staging.count:
        staging.note(RowProblem(0, "", "has no rows"))
    if staging.count:
        discard(staging.batch)
        raise ImportRefused(staging.problems, staging.count)
    return staging.done


def publish(project: Project, batch: str) -> int:
    """Let all staged rows of the batch become pool items, at once; gives how many."""
    with transaction.atomic():
        staged = Item.objects.filter(staged_by=batch, status=ItemStatus.STAGED)
        count = staged.update(status=ItemStatus.POOL, staged_by="")
        items_added.send(sender=None, project_id=project.pk)
    return count


def discard(batch: str) -> None:
    """Remove what an attempt that failed or died has staged, in short transactions."""
    staged = Item.objects.filter(staged_by=batch, status=ItemStatus.STAGED).order_by("pk")
    while some := list(staged.values_list("pk", flat=True)[:IMPORT_BATCH]):
        Item.objects.filter(pk__in=some).delete()


def _good_items(staging: Staging, rows: Iterable[Row]) -> Iterator[NewItem]:
    for row in rows:
        try:
            yield new_item(row, staging.leave_out)
        except RowProblem as problem:
            staging.note(problem)


def _batches(items: Iterable[NewItem]) -> Iterator[list[NewItem]]:
    """Limited in rows, and in bytes of pictures that wait to be written."""
    batch: list[NewItem] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.picture.content) if item.picture else 0
        if len(batch) == IMPORT_BATCH or size > PICTURES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _stage_batch(staging: Staging, batch: list[NewItem]) -> None:
    """After the first bad row the rest is only looked at, to report what else is wrong."""
    _note_known_ids(staging, batch)
    if not staging.count:
        pictures = [item.picture for item in batch if item.picture]
        media = keep_all(staging.project.organization_id, pictures)
        _insert(staging, [_row(staging, item, media) for item in batch])
    staging.done += len(batch)
    staging.progress(staging.done)


def _note_known_ids(staging: Staging, batch: Sequence[NewItem]) -> None:
    """Ids that are there twice: in the project, earlier in this file, or within the batch."""
    ids = [item.external_id for item in batch]
    known = Item.objects.filter(project=staging.project, external_id__in=ids)
    seen = dict(known.values_list("external_id", "staged_by"))
    for item in batch:
        if item.external_id in seen:
            here = seen[item.external_id] == staging.batch
            where = "the file" if here else "the project"
            name = item.external_id[:100]
            staging.note(RowProblem(item.row, "id", f"{name!r} is already in {where}"))
        seen[item.external_id] = staging.batch


def _row(staging: Staging, item: NewItem, media: dict[str, MediaFile]) -> Item:
    return Item(
        project=staging.project,
        external_id=item.external_id,
        payload=item.payload,
        media=media[item.picture.digest] if item.picture else None,
        role=staging.role,
        status=ItemStatus.STAGED,
        staged_by=staging.batch,
        priority=item.priority,
    )


def _insert(staging: Staging, items: list[Item]) -> None:
    shuffle(items)
    try:
        with staging.fence():
            Item.objects.bulk_create(items)
    except IntegrityError:  # another import brought one of these ids at the same moment
        staging.note(RowProblem(0, "id", "some ids are being imported by another file just now"))
