"""The latest answers to gold of many people at once: right or wrong, in the order of arrival."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from quality.models import GoldResult

LATEST = 200


def latest_gold(project_id: int, annotator_ids: Sequence[int]) -> dict[int, list[bool]]:
    """By annotator id; at most ``LATEST`` of each. Index ``gold_record``."""
    mine = GoldResult.objects.filter(project_id=project_id, annotator_id__in=list(annotator_ids))
    nth = Window(RowNumber(), partition_by=F("annotator_id"), order_by=F("pk").desc())
    rows = mine.annotate(nth=nth).filter(nth__lte=LATEST).order_by("annotator_id", "pk")
    found: dict[int, list[bool]] = defaultdict(list)
    for who, right in rows.values_list("annotator_id", "right"):
        found[who].append(right)
    return found
