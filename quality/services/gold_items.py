"""Gold that brings its own items: they come in through labeling's own import with the role gold.

Labeling stages and publishes the items and never sees a label. The answers are checked first, with the
project's own label type; items and answers appear in one transaction, or neither does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from accounts.models import User
from accounts.services import audit
from labeling.files import BadFile, Row, read_every_row, read_rows
from labeling.label_types import CanonicalAnswer, InvalidAnswer, Json, LabelType, label_type
from labeling.limits import ERRORS_REPORTED
from labeling.models import Item, ItemRole, Project
from labeling.queries import label_set
from labeling.services.item_rows import RowProblem
from labeling.services.opening import open_gold
from labeling.services.staging import ImportRefused, Staging, publish, stage
from quality.models import GoldAnswer

ID, LABEL = "id", "label"


@dataclass(frozen=True)
class Known:
    """One answer known beforehand, and the row that says so."""

    row: int
    answer: CanonicalAnswer


@dataclass
class _Table:
    """The known answers of a file, by the items' ids, and what is wrong with it."""

    kind: LabelType
    configuration: dict[str, Json]
    known: dict[str, Known] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    def read(self, row: Row) -> None:
        try:
            self.known[self._new_id(row)] = Known(row.number, self._answer(row))
        except RowProblem as problem:
            self.problems.append(problem)

    def _new_id(self, row: Row) -> str:
        name = str(row.fields.get(ID, f"row-{row.number}"))
        if name in self.known:
            raise RowProblem(row.number, ID, f"{name[:100]!r} is already in the file")
        return name

    def _answer(self, row: Row) -> CanonicalAnswer:
        if row.fields.get(LABEL) in (None, ""):
            raise RowProblem(row.number, LABEL, "is missing: gold needs its known answer")
        try:
            return self.kind.canonical(self.configuration, row.fields[LABEL], {})
        except InvalidAnswer as wrong:
            raise RowProblem(row.number, LABEL, wrong.message) from None


def import_gold_items(
    project: Project, table: Path, *, items: Path | None = None, actor: User | None = None
) -> int:
    """New items with known answers, open at once; how many.

    ``table`` has a column ``label`` beside ``id``, and the columns of an import unless ``items``, a file as
    for ordinary items, brings those. All or nothing: raises ImportRefused, naming rows and fields.
    """
    known = _known_answers(project, table)
    source = items or table
    with Staging(project, ItemRole.GOLD, {LABEL}) as staging:
        stage(staging, read_every_row(source, source.name))
        _publish(staging, known)
    audit(project.organization, actor, "gold.added", project.public_id, items=len(known))
    open_gold(project.pk)
    return len(known)


def _known_answers(project: Project, path: Path) -> dict[str, Known]:
    configuration = label_set(project.pk, project.label_set_version).configuration
    table = _Table(label_type(project.label_type), configuration)
    try:
        for row in read_rows(path, path.name):
            table.read(row)
    except BadFile as bad:
        table.problems.append(RowProblem(bad.row, bad.field, bad.message))
    if not table.known and not table.problems:
        table.problems.append(RowProblem(0, "", "has no rows"))
    _refuse_if_any(table.problems)
    return table.known


@transaction.atomic
def _publish(staging: Staging, known: dict[str, Known]) -> None:
    """Items and answers at once."""
    _refuse_if_any(_strangers(staging.rows.external_ids(), known))
    publish(staging)
    items = Item.objects.filter(project=staging.project, external_id__in=list(known))
    made = dict(items.values_list("external_id", "pk"))
    GoldAnswer.objects.bulk_create(
        GoldAnswer(item_id=made[name], value=entry.answer.value, label_code=entry.answer.label_code)
        for name, entry in known.items()
    )


def _strangers(staged: Iterable[str], known: dict[str, Known]) -> list[RowProblem]:
    """Items without an answer, and answers without an item."""
    there = set(staged)
    silent = sorted(there - set(known))
    lost = [(name, entry.row) for name, entry in known.items() if name not in there]
    return [RowProblem(0, LABEL, f"item {name[:100]!r} has no known answer") for name in silent] + [
        RowProblem(row, ID, f"{name[:100]!r} is not among the gold items") for name, row in lost
    ]


def _refuse_if_any(problems: list[RowProblem]) -> None:
    if problems:
        raise ImportRefused(problems[:ERRORS_REPORTED], len(problems))
