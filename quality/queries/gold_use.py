"""How each gold item is used: who met it, and how often it was answered as it is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from labeling.label_types import Json
from labeling.models import Project
from labeling.queries.among import among
from quality.models import GoldAnswer, GoldResult
from quality.queries.items import snippet

A_PAGE = 50
SUSPECT_AFTER, SUSPECT_BELOW = 5, 0.5

Counts = dict[int, tuple[int, int]]


@dataclass(frozen=True)
class GoldUse:
    """One gold item. A ``suspect`` is missed by most people: perhaps it is known wrongly."""

    item: str
    external_id: str
    snippet: str
    has_picture: bool
    known: Json
    answers: int
    right: int
    suspect: bool
    retired: bool


@dataclass(frozen=True)
class GoldUsePage:
    """Rows from the ``first``-th of ``total`` (counted from 1)."""

    rows: Sequence[GoldUse]
    first: int
    total: int

    @property
    def last(self) -> int:
        return self.first - 1 + len(self.rows)

    @property
    def more(self) -> bool:
        """Whether there are some behind these."""
        return self.last < self.total


def gold_use(project: Project, page: int = 1) -> GoldUsePage:
    """Suspects first, then the most used. Three statements, however much gold there is."""
    met = _met(project.pk)
    golds = GoldAnswer.objects.filter(item__project=project).order_by("pk")
    items = sorted(golds.values_list("item_id", flat=True), key=lambda item: _place(item, met))
    start = (page - 1) * A_PAGE
    return GoldUsePage(_rows(items[start : start + A_PAGE], met), start + 1, len(items))


def _met(project_id: int) -> Counts:
    """By item id: answers that were scored, and how many of them were right."""
    sums = GoldResult.objects.filter(project_id=project_id).values("answer__item_id").order_by()
    counted = sums.annotate(n=Count("*"), right=Count("pk", filter=Q(right=True)))
    return {row["answer__item_id"]: (row["n"], row["right"]) for row in counted}


def _place(item_id: int, met: Counts) -> tuple[bool, int]:
    answers, right = met.get(item_id, (0, 0))
    return not _suspect(answers, right), -answers


def _suspect(answers: int, right: int) -> bool:
    return answers >= SUSPECT_AFTER and right < SUSPECT_BELOW * answers


def _rows(item_ids: Sequence[int], met: Counts) -> list[GoldUse]:
    golds = GoldAnswer.objects.filter(item_id__in=among(item_ids)).select_related("item")
    found = {gold.item_id: gold for gold in golds}
    return [_row(found[item_id], *met.get(item_id, (0, 0))) for item_id in item_ids]


def _row(gold: GoldAnswer, answers: int, right: int) -> GoldUse:
    return GoldUse(
        item=gold.item.public_id,
        external_id=gold.item.external_id,
        snippet=snippet(gold.item),
        has_picture=gold.item.media_id is not None,
        known=gold.value,
        answers=answers,
        right=right,
        suspect=_suspect(answers, right),
        retired=gold.retired_at is not None,
    )
