"""Gold by table: a file that names items of the pool and the right answer to each. Practice items too.

A file with more columns than these brings its own items (gold_items.py).
The items come in like all others, in one import, so nothing about them tells what they are for. The
table then takes them out of the pool and lets them take part as gold. All rows are right, or nothing
is changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import prefetch_related_objects

from accounts.models import User
from accounts.services import audit
from labeling.errors import Refused
from labeling.files import BadFile, read_rows
from labeling.label_types import InvalidAnswer, Json, label_type
from labeling.models import Item, ItemRole, ItemStatus, Project
from labeling.queries import label_set, lock_items
from labeling.services.item_rows import RowProblem
from quality.models import GoldAnswer
from quality.services.gold_items import (
    EXPLANATION,
    OPENED,
    explained,
    import_gold_items,
    known_answer,
    label_path,
)
from quality.services.gold_serving import balance_gold

ID_COLUMNS = ("id", "item")
LABEL_COLUMNS = ("label", "gold")
COLUMNS = {*ID_COLUMNS, *LABEL_COLUMNS, EXPLANATION}
PROBLEMS_SHOWN = 20


class GoldRefused(Refused):
    """The table cannot be used; ``problems`` names row and field of everything that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        more = len(problems) - PROBLEMS_SHOWN
        rest = [f"and {more} more"] if more > 0 else []
        super().__init__("; ".join([*problems[:PROBLEMS_SHOWN], *rest]), field="file")


@dataclass(frozen=True)
class Known:
    """One row of the table: which item, the right answer to it, and why it is right."""

    row: int
    external_id: str
    value: Json
    explanation: str = ""


def import_gold(
    project: Project,
    path: Path,
    *,
    items: Path | None = None,
    role: ItemRole = ItemRole.GOLD,
    actor: User | None = None,
) -> int:
    """Use the table at ``path`` (any format that items can come in); how many items are gold by it.

    ``items`` is a file of new items that the table is about. With the role PRACTICE they are items to
    practise with. Raises GoldRefused or ImportRefused, and then changes nothing.
    """
    try:
        rows = list(read_rows(path, path.name))
    except BadFile as wrong:
        raise GoldRefused([str(wrong)]) from None
    if items or any(set(row.fields) - COLUMNS for row in rows):
        return import_gold_items(project, path, items=items, role=role, actor=actor)
    try:
        known = [_known(row.number, row.fields) for row in rows]
    except RowProblem as problem:
        raise GoldRefused([str(problem)]) from None
    return add_gold(project, known, role=role, actor=actor)


@transaction.atomic
def add_gold(
    project: Project,
    rows: Iterable[Known],
    *,
    role: ItemRole = ItemRole.GOLD,
    actor: User | None = None,
) -> int:
    """Make these items of the pool gold. Gives how many; the ones that are gold already stay as they are.

    Raises GoldRefused, and then changes nothing.
    """
    known = list(rows)
    checker = _Checker(project, _lock_named(project, known), role)
    for one in known:
        checker.check(one)
    if checker.problems or not known:
        raise GoldRefused(checker.problems or ["the table has no rows"])
    fresh = [answer for answer in checker.answers if answer.item.role == ItemRole.WORK]
    Item.objects.filter(pk__in=[answer.item_id for answer in fresh]).update(role=role)
    GoldAnswer.objects.bulk_create(fresh)
    OPENED[role](project.pk)
    balance_gold(project)
    audit(project.organization, actor, f"{role}.added", project.public_id, items=len(fresh))
    return len(fresh)


def _known(row: int, fields: dict[str, Json]) -> Known:
    name = next((fields[column] for column in ID_COLUMNS if column in fields), None)
    value = next((fields[column] for column in LABEL_COLUMNS if column in fields), None)
    if name is None or value is None:
        missing = " or ".join(ID_COLUMNS if name is None else LABEL_COLUMNS)
        raise GoldRefused([f"row {row}: the column {missing} is missing"])
    return Known(row, str(name), value, explained(row, fields))


def _lock_named(project: Project, known: list[Known]) -> dict[str, Item]:
    names = {one.external_id for one in known}
    ids = Item.objects.filter(project=project, external_id__in=names).values_list("pk", flat=True)
    locked = lock_items(ids)
    prefetch_related_objects(locked, "media")
    return {item.external_id: item for item in locked}


class _Checker:
    """Checks one row after the other against the project's items and its label set."""

    def __init__(self, project: Project, items: dict[str, Item], role: ItemRole) -> None:
        self._kind = label_type(project.label_type)
        self._configuration = label_set(project.pk, project.label_set_version).configuration
        self._items, self._role = items, role
        self._seen: set[str] = set()
        self.answers: list[GoldAnswer] = []
        self.problems: list[str] = []

    def check(self, one: Known) -> None:
        try:
            self.answers.append(self._answer(one))
        except (InvalidAnswer, Refused) as wrong:
            field = label_path(wrong) if isinstance(wrong, InvalidAnswer) else wrong.field
            self.problems.append(f"row {one.row}, {field}: {wrong.message}")

    def _answer(self, one: Known) -> GoldAnswer:
        item = self._items.get(one.external_id)
        if item is None:
            raise Refused("is no item of this project", field="id")
        if one.external_id in self._seen:
            raise Refused("stands in the table twice", field="id")
        self._seen.add(one.external_id)
        if item.role != self._role and (
            item.role != ItemRole.WORK or item.status != ItemStatus.POOL
        ):
            words = f"has been asked about already and cannot become {self._role}"
            raise Refused(words, field="id")
        given = known_answer(self._kind, self._configuration, one.value, item)
        return GoldAnswer(
            item=item,
            value=given.value,
            label_code=given.label_code,
            explanation=one.explanation,
        )
