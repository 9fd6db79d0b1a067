"""How known the gold has become: who has seen what, and whether answers to it get better with use.

Answers to an item improve with the number of people who have seen it when its answer goes round. People
who fail leave, so late answers come from better people: each answer is compared with how often the same
person agrees with others on ordinary items, which nobody can pass on. `leak` is the mean of that over the
later half of each item's answers less that over the earlier half, with its 95 % interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache

from labeling.models import Enrollment, ItemRole, Project
from quality.inference.estimate import Estimate
from quality.inference.intervals import share
from quality.models import Finding, GoldAnswer, GoldResult, SetAside, Survey
from quality.queries.gold_record import GoldLog, gold_log

STEPS = ((1, 5), (6, 10), (11, 20), (21, 50), (51, None))
LEAST_ANSWERS = 30
LEAST_ORDINARY = 20
LEAKS = 0.02  # the gold counts as leaking when the gain is certainly above this
NEARLY_ALL = 0.9
KEPT_SECONDS = 900


@dataclass(frozen=True)
class Step:
    """Answers of the ``first``-th to ``last``-th person who saw an item; ``last`` is None without end."""

    first: int
    last: int | None
    answers: int
    accuracy: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class GoldExposure:
    """``nearly_all``: people who have met nearly all gold, so that little is left to test them by."""

    people: int
    nearly_all: int
    most_seen: int
    median_seen: float | None
    steps: list[Step]
    leak: Estimate
    leaking: bool


def exposure_of(project: Project) -> GoldExposure:
    """The meter, remembered until something that it is made of changes: it reads every answer to gold."""
    key = f"exposure:{project.public_id}:{_made_of(project.pk)}"
    found: GoldExposure | None = cache.get(key)
    if found is None:
        found = gold_exposure(project.pk)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _made_of(project_id: int) -> str:
    """Changes with every answer to gold, item of gold, vote set aside and survey."""
    results = GoldResult.objects.filter(project_id=project_id).order_by("-pk")
    gold = GoldAnswer.objects.filter(item__project_id=project_id, item__role=ItemRole.GOLD)
    parts = (
        results.values_list("pk", flat=True).first(),
        gold.filter(retired_at__isnull=True).count(),
        SetAside.objects.filter(decision__project_id=project_id).count(),
        Survey.objects.filter(project_id=project_id).values_list("version", flat=True).first(),
        Enrollment.objects.filter(project_id=project_id).count(),
    )
    return "-".join(map(str, parts))


def gold_exposure(project_id: int) -> GoldExposure:
    """The exposure and leak meter."""
    log = gold_log(project_id)
    seen = np.unique(log.item_id, return_counts=True)[1]
    each = np.unique(log.annotator_id, return_counts=True)[1]
    in_use = GoldAnswer.objects.filter(
        item__project_id=project_id, item__role=ItemRole.GOLD, retired_at__isnull=True
    ).count()
    leak = leak_of(log, ordinary_agreement(project_id))
    return GoldExposure(
        people=Enrollment.objects.filter(project_id=project_id).count(),
        nearly_all=int((each >= NEARLY_ALL * in_use).sum()) if in_use else 0,
        most_seen=int(seen.max()) if seen.size else 0,
        median_seen=float(np.median(seen)) if seen.size else None,
        steps=[_step(log, first, last) for first, last in STEPS],
        leak=leak,
        leaking=leak.low is not None and leak.low > LEAKS,
    )


def _step(log: GoldLog, first: int, last: int | None) -> Step:
    nth = log.nth + 1
    rows = (nth >= first) & (nth <= (last or nth.max(initial=0)))
    right = int(log.right[rows].sum())
    known = share(right, int(rows.sum()) - right)
    return Step(first, last, int(rows.sum()), known.value, known.low, known.high)


def leak_of(log: GoldLog, ordinary: Mapping[int, float]) -> Estimate:
    """By how much late answers beat early ones; ``ordinary``: agreement with others, by annotator id."""
    known = np.isin(log.annotator_id, list(ordinary))
    items = np.unique(log.item_id, return_inverse=True)[1]
    late = log.nth >= np.bincount(items)[items] / 2 if items.size else known
    people, who = np.unique(log.annotator_id, return_inverse=True)
    usual = np.array([ordinary.get(pk, np.nan) for pk in people.tolist()], dtype=np.float64)[who]
    beyond = log.right - usual
    first, then = beyond[known & ~late], beyond[known & late]
    if min(first.size, then.size) < LEAST_ANSWERS:
        return Estimate.undefined("too few answers to gold by people whose other work is known")
    value = float(then.mean() - first.mean())
    error = float(np.sqrt(first.var() / first.size + then.var() / then.size))
    return Estimate(value, value - 1.96 * error, value + 1.96 * error)


def ordinary_agreement(project_id: int) -> dict[int, float]:
    """By annotator id, as the last survey found it: how often they say what others say, gold left out."""
    rows = Finding.objects.filter(project_id=project_id, kind="peers", window=0)
    found = {row.annotator_id: row.counts for row in rows.only("annotator_id", "counts")}
    return {
        who: counts["agreed"] / counts["answers"]
        for who, counts in found.items()
        if counts.get("answers", 0) >= LEAST_ORDINARY
    }
