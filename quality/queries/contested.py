"""The answers that a contested decision is about: what was said, and what the label is without it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Window
from django.db.models.functions import RowNumber

from labeling.label_types import Json
from quality.models import SetAside

SHOWN = 5  # of each decision


@dataclass(frozen=True)
class Contested:
    """An answer that does not count by the decision; ``label`` is what the item's label is now."""

    item: str
    external_id: str
    said: Json
    label: Json
    confidence: float | None


def contested(decisions: Iterable[str]) -> dict[str, list[Contested]]:
    """By public id of the decision, the first of its answers. One query."""
    place = Window(RowNumber(), partition_by="decision_id", order_by="answer_id")
    rows = (
        SetAside.objects.filter(decision__public_id__in=list(decisions))
        .annotate(place=place)
        .filter(place__lte=SHOWN)
        .select_related("answer__item__consensus", "decision")
        .order_by("answer_id")
    )
    found: dict[str, list[Contested]] = defaultdict(list)
    for row in rows:
        found[row.decision.public_id or ""].append(_shown(row))
    return found


def _shown(row: SetAside) -> Contested:
    item = row.answer.item
    known = getattr(item, "consensus", None)
    return Contested(
        item=item.public_id,
        external_id=item.external_id,
        said=row.answer.value,
        label=known.value if known else None,
        confidence=known.confidence if known else None,
    )
