"""Items come in all or not at all, or the good ones alone if so wished, in flat memory, while people work.

Rows are *staged* first, in a temporary table of this connection where nobody sees them. When the
whole file was looked at, one statement makes pool items of them; if a row was bad, nothing happens,
unless ``keep_good`` leaves the bad rows out. Ids that are there already, in the project or earlier in
the file, make a row bad: an import never changes an item. Rows of a batch are shuffled, and ids that
people see are random: nothing tells where in the file, or in which file, an item came from.
"""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from types import TracebackType

from django.db import IntegrityError, transaction

from accounts.identifiers import public_ids
from labeling.errors import Refused
from labeling.events import items_added
from labeling.files import BadFile, Row
from labeling.limits import ERRORS_REPORTED, IMPORT_BATCH, MEBIBYTE
from labeling.media_store import keep_all
from labeling.models import ItemRole, ItemStatus, Project
from labeling.services.item_rows import NewItem, RowProblem, new_item
from labeling.services.media_rules import problem_with
from labeling.services.staged_rows import StagedRow, StagedRows
from labeling.texts import storable

PICTURES_AT_ONCE = 32 * MEBIBYTE  # bytes that wait to be written
Fence = Callable[[], AbstractContextManager[object]]
Progress = Callable[[int], None]
Report = Callable[[RowProblem], None]

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
    """One file on its way in: ``with Staging(project) as staging``, then stage and publish.

    ``report`` is told every problem; ``problems`` keeps the first of ``count``.
    """

    project: Project
    role: str = ItemRole.WORK
    leave_out: Collection[str] = ()
    keep_good: bool = False
    progress: Progress = lambda _done: None
    report: Report = lambda _problem: None
    done: int = 0
    count: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    def __enter__(self) -> "Staging":
        self.rows = StagedRows()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception) or not _is_broken():
            self.rows.close()

    def note(self, problem: RowProblem) -> None:
        """Names of columns are the uploader's own, and may hold anything."""
        problem = RowProblem(problem.row, storable(problem.field), storable(problem.message))
        self.count += 1
        self.report(problem)
        if len(self.problems) < ERRORS_REPORTED:
            self.problems.append(problem)

    def note_end(self, bad: BadFile) -> None:
        """What ends the reading stands before all else: it must not be lost among the first hundred."""
        self.note(RowProblem(bad.row, bad.field, bad.message))
        ending = RowProblem(bad.row, storable(bad.field), storable(bad.message))
        self.problems = [ending, *(p for p in self.problems if asdict(p) != asdict(ending))]

    @property
    def refused(self) -> ImportRefused:
        return ImportRefused(self.problems, self.count)


def stage(staging: Staging, rows: Iterable[Row]) -> None:
    """Look at all rows and put the good ones where nobody sees them yet. Raises ImportRefused."""
    try:
        for batch in _batches(_good_items(staging, rows)):
            _stage_batch(staging, batch)
    except BadFile as bad:
        staging.note_end(bad)
        raise staging.refused from None  # what stands behind it is not known
    _take_out_repeated(staging)
    if not staging.done and not staging.count:
        staging.note(RowProblem(0, "", "has no rows"))
    if staging.count and not staging.keep_good:
        raise staging.refused


def publish(staging: Staging) -> int:
    """Let all staged rows become pool items, at once; gives how many. Raises ImportRefused if there are none."""
    with transaction.atomic():
        count = _insert(staging)
        items_added.send(sender=None, project_id=staging.project.pk)
    return count


def _good_items(staging: Staging, rows: Iterable[Row]) -> Iterator[NewItem]:
    for row in rows:
        try:
            yield _fitting(staging, new_item(row, staging.leave_out))
        except RowProblem as problem:
            staging.note(problem)


def _fitting(staging: Staging, item: NewItem) -> NewItem:
    """The item, if the project takes its picture."""
    if wrong := problem_with(staging.project.media_rules, item.picture):
        raise RowProblem(item.row, "image", wrong)
    return item


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
    """Pictures of a file that is refused already are not kept."""
    wanted = staging.keep_good or not staging.count
    pictures = [item.picture for item in batch if item.picture] if wanted else []
    media = keep_all(staging.project.organization_id, pictures) if pictures else {}
    shuffle(batch)
    staging.rows.add(
        [
            StagedRow(
                item.row,
                public_id,
                item.external_id,
                item.payload,
                media[item.picture.digest].pk if media and item.picture else None,
                item.priority,
            )
            for item, public_id in zip(batch, public_ids(len(batch)), strict=True)
        ]
    )
    staging.done += len(batch)
    staging.progress(staging.done)


def _take_out_repeated(staging: Staging) -> None:
    staging.rows.take_out_repeated(staging.project.pk)
    for number, external_id, place in staging.rows.repeated():
        words = f"{external_id[:100]!r} is already in {place}"
        staging.note(RowProblem(number, "id", words))


def _insert(staging: Staging) -> int:
    values = {"project": staging.project.pk, "role": staging.role, "status": ItemStatus.POOL}
    try:
        with transaction.atomic():
            count = staging.rows.insert_items(values)
    except IntegrityError:  # another import brought one of these ids at the same moment
        staging.note(RowProblem(0, "id", "some ids are being imported by another file just now"))
        raise staging.refused from None
    if not count:
        raise staging.refused
    return count


def _is_broken() -> bool:
    """Whether the transaction around us has failed: then nothing can be dropped, nor need be."""
    connection = transaction.get_connection()
    return connection.needs_rollback or not connection.is_usable()
