"""How each gold item is used: who met it, and how often it was answered as it is known."""

from dataclasses import dataclass

from django.db.models import Count, Q

from labeling.label_types import Json
from labeling.models import Project
from quality.models import GoldAnswer, GoldResult
from quality.queries.items import snippet

LISTED = 200
SUSPECT_AFTER, SUSPECT_BELOW = 5, 0.5


@dataclass(frozen=True)
class GoldUse:
    """One gold item. A ``suspect`` is missed by most people: perhaps it is known wrongly."""

    item: str
    external_id: str
    snippet: str
    known: Json
    answers: int
    right: int
    suspect: bool
    retired: bool


def gold_use(project: Project) -> list[GoldUse]:
    """Suspects first, then the most used. Two queries."""
    golds = GoldAnswer.objects.filter(item__project=project).select_related("item").order_by("pk")
    sums = GoldResult.objects.filter(project=project).values("answer__item_id")
    counted = sums.annotate(n=Count("pk"), right=Count("pk", filter=Q(right=True))).order_by()
    known = {row["answer__item_id"]: (row["n"], row["right"]) for row in counted}
    rows = [_row(gold, *known.get(gold.item_id, (0, 0))) for gold in golds[: LISTED * 10]]
    return sorted(rows, key=lambda row: (not row.suspect, -row.answers))[:LISTED]


def _row(gold: GoldAnswer, answers: int, right: int) -> GoldUse:
    return GoldUse(
        item=gold.item.public_id,
        external_id=gold.item.external_id,
        snippet=snippet(gold.item),
        known=gold.value,
        answers=answers,
        right=right,
        suspect=answers >= SUSPECT_AFTER and right < SUSPECT_BELOW * answers,
        retired=gold.retired_at is not None,
    )
