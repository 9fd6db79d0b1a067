"""How good a project's labels are and will be, and whether its people and its gold can be relied on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labeling.models import Project
from quality.inference.settling.expected import Expected
from quality.models import Survey, SuspicionState
from quality.models import Suspicion as SuspicionRow
from quality.queries.fits import ceiling_of
from quality.queries.gold import GoldHealth, gold_health
from quality.queries.gold_exposure import GoldExposure, exposure_of
from quality.queries.labels import label_values_of
from quality.queries.progress import (
    Progress,
    progress_at,
    promise_at,
    promise_at_end,
    standing_of,
)
from quality.queries.reviews import how_many_wait
from quality.queries.votes import n_labels_of


@dataclass(frozen=True)
class Suspicion:
    """Gold that good people miss, for a manager to look at."""

    item: str
    external_id: str
    known: Any
    said_instead: Any
    right: int
    wrong: int
    statistic: float
    threshold: float
    state: str


@dataclass(frozen=True)
class ProjectQuality:
    """``ceiling``: the most that may be promised of a label, given the gold so far.

    ``agreement``: by coefficient value, low, high or the reason; of the last survey, ``surveyed_at``.
    """

    expected_accuracy: Expected
    at_end: Expected
    ceiling: float
    progress: Progress
    gold: GoldHealth
    exposure: GoldExposure
    suspicions: list[Suspicion]
    agreement: dict[str, dict[str, Any]]
    camps_flagged: bool
    camps: str
    surveyed_at: datetime | None
    waiting: dict[str, int]


def project_quality(project: Project) -> ProjectQuality:
    known = Survey.objects.filter(project=project).first() or Survey(project=project)
    standing = standing_of(project.pk)
    return ProjectQuality(
        expected_accuracy=promise_at(standing),
        at_end=promise_at_end(standing),
        ceiling=ceiling_of(project.pk),
        progress=progress_at(standing),
        gold=gold_health(project.pk, n_labels_of(project.pk)),
        exposure=exposure_of(project),
        suspicions=suspicions(project),
        agreement=known.agreement,
        camps_flagged=known.flagged,
        camps=known.camps.get("reason", ""),
        surveyed_at=known.updated_at if known.version else None,
        waiting=how_many_wait(project),
    )


def suspicions(project: Project, *, every: bool = False) -> list[Suspicion]:
    """What is proposed, the clearest first; with ``every`` also what was retired or kept."""
    rows = SuspicionRow.objects.filter(project=project).select_related("gold__item")
    if not every:
        rows = rows.filter(state=SuspicionState.PROPOSED)
    values = label_values_of(project.pk)
    return [_suspicion(row, values) for row in rows.order_by("-statistic")]


def _suspicion(row: SuspicionRow, values: dict[int, str]) -> Suspicion:
    gold = row.gold
    known = values.get(gold.label_code) if gold.label_code is not None else gold.value
    return Suspicion(
        item=gold.item.public_id,
        external_id=gold.item.external_id,
        known=known,
        said_instead=row.said_instead,
        right=row.right,
        wrong=row.wrong,
        statistic=row.statistic,
        threshold=row.threshold,
        state=row.state,
    )
