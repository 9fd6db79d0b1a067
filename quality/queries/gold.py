"""The gold record: who was asked what was known, and what they said."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, Q

from labeling.models import ItemRole
from quality.inference.answers import Bools, Ints
from quality.models import GoldAnswer, GoldResult


@dataclass(frozen=True, eq=False)
class Record:
    """One person's scored answers in order of arrival: label codes said and true, -1 without codes.

    ``right`` is the label type's own comparison, with its tolerance.
    """

    answer_id: Ints
    said: Ints
    truth: Ints
    right: Bools


def gold_records(project_id: int, annotator_ids: Sequence[int]) -> dict[int, Record]:
    """The record of each of these people; an empty one for who has none."""
    rows = (
        GoldResult.objects.filter(project_id=project_id, annotator_id__in=annotator_ids)
        .order_by("annotator_id", "answer_id")
        .values_list(
            "annotator_id",
            "answer_id",
            "answer__label_code",
            "answer__item__gold_answer__label_code",
            "right",
        )
    )
    plain = [[-1 if value is None else value for value in row] for row in rows]
    table = np.array(plain, dtype=np.int64).reshape(-1, 5)
    edges = {who: table[table[:, 0] == who, 1:] for who in annotator_ids}
    return {
        who: Record(part[:, 0], part[:, 1], part[:, 2], part[:, 3] == 1)
        for who, part in edges.items()
    }


@dataclass(frozen=True)
class GoldHealth:
    """Whether there is enough gold: items in use, retired ones, labels without any, answers scored."""

    items: int
    retired: int
    labels_without: int
    answers: int
    right: int
    least_per_person: int | None
    median_per_person: float | None


def gold_in_use(project_id: int) -> int:
    gold = GoldAnswer.objects.filter(item__project_id=project_id, item__role=ItemRole.GOLD)
    return gold.filter(retired_at__isnull=True).count()


def gold_health(project_id: int, n_labels: int) -> GoldHealth:
    """Counts that tell a manager whether the gold set can do its work."""
    gold = GoldAnswer.objects.filter(item__project_id=project_id, item__role=ItemRole.GOLD)
    used = gold.filter(retired_at__isnull=True)
    results = GoldResult.objects.filter(project_id=project_id)
    seen = sorted(
        results.values_list("annotator_id").annotate(n=Count("pk")).values_list("n", flat=True)
    )
    sums = results.aggregate(n=Count("pk"), right=Count("pk", filter=Q(right=True)))
    return GoldHealth(
        items=used.count(),
        retired=gold.count() - used.count(),
        labels_without=n_labels - used.values("label_code").distinct().count(),
        answers=sums["n"],
        right=sums["right"],
        least_per_person=seen[0] if seen else None,
        median_per_person=float(np.median(seen)) if seen else None,
    )
