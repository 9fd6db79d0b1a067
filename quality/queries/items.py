"""Items as a manager or auditor lists them, with what is believed about each. One page at a time."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from labeling.label_types import Json
from labeling.models import Item, ItemRole, ItemStatus, Project
from quality.models import Consensus, GoldAnswer
from quality.queries.labels import label_values

SNIPPET = 140


@dataclass(frozen=True)
class ItemRow:
    """One item. ``label`` is the known answer of a gold item, else what its answers amount to."""

    public_id: str
    external_id: str
    snippet: str
    has_picture: bool
    status: str
    label: Json
    confidence: float | None
    answers: int
    wanted: int


@dataclass(frozen=True)
class ItemPage:
    """``after`` names the last row when there are more behind it, else it is empty."""

    rows: list[ItemRow]
    after: str


def item_page(
    project: Project,
    *,
    role: str = ItemRole.WORK,
    status: str = "",
    name: str = "",
    after: str = "",
    most: int = 50,
) -> ItemPage:
    """Items in order of import: of this role and status, whose external id begins with ``name``.

    From the one behind the item with the public id ``after``. Index ``items_by_status``.
    """
    items = list(_behind(_chosen(project, role, status, name), after).order_by("pk")[: most + 1])
    shown = items[:most]
    rows = _rows(project, shown, gold=role == ItemRole.GOLD)
    return ItemPage(rows, shown[-1].public_id if len(items) > most else "")


def _chosen(project: Project, role: str, status: str, name: str) -> QuerySet[Item]:
    items = Item.objects.filter(project=project, role=role)
    items = items.filter(status=status) if status else items.exclude(status=ItemStatus.STAGED)
    return items.filter(external_id__startswith=name) if name else items


def _behind(items: QuerySet[Item], after: str) -> QuerySet[Item]:
    last = items.filter(public_id=after).values_list("pk", flat=True).first() if after else None
    return items.filter(pk__gt=last) if last else items


def _rows(project: Project, items: list[Item], *, gold: bool) -> list[ItemRow]:
    values = label_values(project)
    keys = [item.pk for item in items]
    beliefs = Consensus.objects.in_bulk(keys, field_name="item_id")
    known = GoldAnswer.objects.in_bulk(keys, field_name="item_id") if gold else {}
    return [_row(item, beliefs.get(item.pk), known.get(item.pk), values) for item in items]


def _row(
    item: Item, belief: Consensus | None, known: GoldAnswer | None, values: dict[int, str]
) -> ItemRow:
    return ItemRow(
        public_id=item.public_id,
        external_id=item.external_id,
        snippet=snippet(item),
        has_picture=item.media_id is not None,
        status=item.status,
        label=known.value if known else _label(belief, values),
        confidence=belief.confidence if belief and not known else None,
        answers=item.seats_taken,
        wanted=item.seats_wanted if item.role != ItemRole.GOLD else 0,
    )


def _label(belief: Consensus | None, values: dict[int, str]) -> Json:
    if belief is None:
        return None
    return belief.value if belief.label_code is None else values.get(belief.label_code)


def snippet(item: Item) -> str:
    """The beginning of what people see of it; empty for a picture alone."""
    payload: dict[str, Any] = item.payload
    text = payload.get("text")
    if not isinstance(text, str):
        text = " · ".join(str(value) for value in payload.values())
    return text if len(text) <= SNIPPET else text[: SNIPPET - 1] + "…"
