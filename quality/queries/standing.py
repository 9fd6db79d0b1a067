"""What a person may know about their own work: a band of accuracy, and their appeals.

The band rests on answers to gold, the oldest first, in whole batches, and only on those that were scored
long enough ago. It moves in steps after many answers at once, so a single answer, and whether an item was
gold, cannot be read from it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import ceil, floor

from django.db.models.functions import Now

from labeling.standing import Appeal as ShownAppeal
from labeling.standing import Band, Standing
from quality.inference.intervals import share
from quality.models import Appeal, GoldResult

BATCH = 20
OLD_ENOUGH = timedelta(hours=1)
STEPS = 20  # ends of the band are whole twentieths, rounded outwards


def standings(annotator_id: int) -> Mapping[int, Standing]:
    """By project id. Two queries."""
    right, appeals = _right(annotator_id), _appeals(annotator_id)
    return {
        project_id: Standing(_band(right[project_id]), tuple(appeals[project_id]))
        for project_id in {*right, *appeals}
    }


def _right(annotator_id: int) -> dict[int, list[bool]]:
    """By project: whether each answer to gold was right, in order of arrival."""
    rows = GoldResult.objects.filter(annotator_id=annotator_id, created_at__lte=Now() - OLD_ENOUGH)
    found: dict[int, list[bool]] = defaultdict(list)
    for project_id, right in rows.order_by("answer_id").values_list("project_id", "right"):
        found[project_id].append(right)
    return found


def _band(right: Sequence[bool]) -> Band | None:
    checks = len(right) // BATCH * BATCH
    if not checks:
        return None
    n_right = sum(right[:checks])
    known = share(n_right, checks - n_right)
    if known.low is None or known.high is None:
        return None
    return Band(floor(known.low * STEPS) / STEPS, ceil(known.high * STEPS) / STEPS, checks)


def _appeals(annotator_id: int) -> dict[int, list[ShownAppeal]]:
    rows = Appeal.objects.filter(decision__annotator_id=annotator_id).select_related("decision")
    found: dict[int, list[ShownAppeal]] = defaultdict(list)
    for appeal in rows.order_by("pk"):
        about = appeal.decision.words
        shown = ShownAppeal(appeal.public_id or "", appeal.state, about, appeal.answer)
        found[appeal.decision.project_id].append(shown)
    return found
