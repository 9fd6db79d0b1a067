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
from labeling.services.practice import open_practice
from labeling.services.staging import ImportRefused, Staging, publish, stage
from labeling.shown import shown
from labeling.texts import is_storable
from quality.models import GoldAnswer
from quality.services.gold_serving import balance_gold

ID, LABEL, EXPLANATION = "id", "label", "explanation"
EXPLANATION_LENGTH = 2000
OPENED = {ItemRole.GOLD: open_gold, ItemRole.PRACTICE: open_practice}


@dataclass(frozen=True)
class Known:
    """One answer known beforehand, as the row says it."""

    row: int
    value: Json
    explanation: str = ""


@dataclass
class _Table:
    """The known answers of a file, by the items' ids, and what is wrong with it."""

    known: dict[str, Known] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    def read(self, row: Row) -> None:
        try:
            answer, why = self._answer(row), explained(row.number, row.fields)
            self.known[self._new_id(row)] = Known(row.number, answer, why)
        except RowProblem as problem:
            self.problems.append(problem)

    def _new_id(self, row: Row) -> str:
        name = str(row.fields.get(ID, f"row-{row.number}"))
        if name in self.known:
            raise RowProblem(row.number, ID, f"{name[:100]!r} is already in the file")
        return name

    def _answer(self, row: Row) -> Json:
        if row.fields.get(LABEL) in (None, ""):
            raise RowProblem(row.number, LABEL, "is missing: gold needs its known answer")
        return row.fields[LABEL]


def explained(row: int, fields: dict[str, Json]) -> str:
    """Why the known answer is right, for those who practise; empty where nothing is said. Raises RowProblem."""
    said = fields.get(EXPLANATION) or ""
    if not isinstance(said, str) or len(said) > EXPLANATION_LENGTH or not is_storable(said):
        words = f"must be a text of at most {EXPLANATION_LENGTH} characters"
        raise RowProblem(row, EXPLANATION, words)
    return said


def known_answer(
    kind: LabelType, configuration: dict[str, Json], value: Json, item: Item
) -> CanonicalAnswer:
    """What a row says about the item, in canonical form: a text is read as a table's cell.

    Raises InvalidAnswer.
    """
    read = kind.from_text(configuration, value) if isinstance(value, str) else value
    return kind.canonical(configuration, read, shown(item))


def label_path(wrong: InvalidAnswer) -> str:
    """The path of what is wrong, in the words of the table: ``label.2.end``."""
    return LABEL + wrong.field.removeprefix("value")


def import_gold_items(
    project: Project,
    table: Path,
    *,
    items: Path | None = None,
    role: ItemRole = ItemRole.GOLD,
    actor: User | None = None,
) -> int:
    """New items with known answers, open at once; how many.

    ``table`` has a column ``label`` beside ``id``, and the columns of an import unless ``items``, a file as
    for ordinary items, brings those. All or nothing: raises ImportRefused, naming rows and fields.
    """
    known = _known_answers(table)
    source = items or table
    with Staging(project, role, {LABEL, EXPLANATION}) as staging:
        stage(staging, read_every_row(source, source.name))
        _publish(staging, known)
    audit(project.organization, actor, f"{role}.added", project.public_id, items=len(known))
    OPENED[role](project.pk)
    balance_gold(project)
    return len(known)


def _known_answers(path: Path) -> dict[str, Known]:
    table = _Table()
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
    rows = Item.objects.filter(project=staging.project, external_id__in=list(known))
    items = {item.external_id: item for item in rows.select_related("media")}
    GoldAnswer.objects.bulk_create(_checked(staging.project, items, known))


def _checked(project: Project, items: dict[str, Item], known: dict[str, Known]) -> list[GoldAnswer]:
    """Each answer against its own item: a span must lie within that text. Raises ImportRefused."""
    kind = label_type(project.label_type)
    configuration = label_set(project.pk, project.label_set_version).configuration
    answers: list[GoldAnswer] = []
    problems: list[RowProblem] = []
    for name, entry in known.items():
        try:
            given = known_answer(kind, configuration, entry.value, items[name])
        except InvalidAnswer as wrong:
            problems.append(RowProblem(entry.row, label_path(wrong), wrong.message))
        else:
            answers.append(
                GoldAnswer(
                    item=items[name],
                    value=given.value,
                    label_code=given.label_code,
                    explanation=entry.explanation,
                )
            )
    _refuse_if_any(problems)
    return answers


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
