"""What a worker is told about their own accuracy: late, in batches, and coarse.

From one answer to the next nothing changes, so nobody can read from it whether a single item was gold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.utils import timezone

from accounts.models import User
from quality.inference.intervals import share
from quality.models import GoldResult

BATCH = 20  # answers to gold that are told together
LATE = timedelta(hours=1)
STEP = 0.05  # ends of the band are rounded outwards to this


@dataclass(frozen=True)
class Band:
    """The accuracy lies between these, as shares."""

    low: float
    high: float


def bands(user: User) -> dict[int, Band]:
    """By project id, for projects with at least one whole batch of old enough answers."""
    rows = GoldResult.objects.filter(annotator=user, created_at__lt=timezone.now() - LATE)
    told = rows.order_by("project_id", "answer_id").values_list("project_id", "right")
    grouped = groupby(told.iterator(), key=lambda row: row[0])
    found = {project_id: _band([right for _, right in group]) for project_id, group in grouped}
    return {project_id: band for project_id, band in found.items() if band}


def _band(right: list[bool]) -> Band | None:
    whole = len(right) // BATCH * BATCH
    return _rounded(right[:whole]) if whole else None


def _rounded(right: Iterable[bool]) -> Band:
    said = list(right)
    found = share(sum(said), len(said) - sum(said))
    low, high = found.low or 0.0, 1.0 if found.high is None else found.high
    outward = int(low / STEP) * STEP, min(1.0, -int(-high / STEP // 1) * STEP)
    return Band(round(outward[0], 2), round(outward[1], 2))
