"""Every gold item with how many people saw it, in pages: the most seen first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q

from labeling.queries.among import among
from quality.models import GoldAnswer, GoldResult
from quality.pages import Page, page_of
from quality.queries.labels import label_values_of


@dataclass(frozen=True)
class GoldItem:
    """One gold item: how many people saw it, and how many were right. For managers only.

    Answers that were set aside are left out, and all to gold that is retired.
    """

    item: str
    external_id: str
    label: str | None
    source: str
    seen: int
    right: int
    retired: bool


class _Place(NamedTuple):
    item_id: int
    item: str
    seen: int
    right: int


def gold_items(project_id: int, *, cursor: str | None, limit: int) -> Page[GoldItem]:
    """Raises Refused for an unknown cursor. Only the rows of the page are read whole."""
    page = page_of(_places(project_id), lambda place: place.item, cursor=cursor, limit=limit)
    return Page(_rows(project_id, page.rows), page.next)


def _places(project_id: int) -> list[_Place]:
    met = _met(project_id)
    golds = GoldAnswer.objects.filter(item__project_id=project_id).order_by("pk")
    rows = golds.values_list("item_id", "item__public_id", "retired_at")
    places = [
        _Place(pk, name, *(met.get(pk, (0, 0)) if not at else (0, 0))) for pk, name, at in rows
    ]
    return sorted(places, key=lambda place: -place.seen)


def _met(project_id: int) -> dict[int, tuple[int, int]]:
    """By item id: answers that stand, and how many of them were right."""
    standing = GoldResult.objects.filter(project_id=project_id, answer__set_aside__isnull=True)
    counted = standing.values("answer__item_id").order_by()
    counted = counted.annotate(n=Count("pk"), right=Count("pk", filter=Q(right=True)))
    return {row["answer__item_id"]: (row["n"], row["right"]) for row in counted}


def _rows(project_id: int, places: Sequence[_Place]) -> list[GoldItem]:
    wanted = GoldAnswer.objects.filter(item_id__in=among(place.item_id for place in places))
    golds = {gold.item_id: gold for gold in wanted.select_related("item")}
    values = label_values_of(project_id)
    return [_row(golds[place.item_id], place, values) for place in places]


def _row(gold: GoldAnswer, place: _Place, values: dict[int, str]) -> GoldItem:
    return GoldItem(
        item=place.item,
        external_id=gold.item.external_id,
        label=values.get(gold.label_code) if gold.label_code is not None else None,
        source=gold.source,
        seen=place.seen,
        right=place.right,
        retired=gold.retired_at is not None,
    )
