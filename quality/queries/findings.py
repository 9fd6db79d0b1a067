"""What the last survey found, as managers read it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from labeling.models import Enrollment, Item
from quality.models import Finding, Survey
from quality.rules.names import evidence_name


@dataclass(frozen=True)
class FoundRow:
    """One piece of evidence against somebody, under the project's pseudonym."""

    annotator: str
    kind: str
    window: int
    statistic: float
    threshold: float
    reason: str
    with_others: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """There is one finding of a kind over a window for each person."""
        return f"{self.annotator}.{self.kind}.{self.window}"

    @property
    def name(self) -> str:
        return evidence_name(self.kind)


@dataclass(frozen=True)
class Surveyed:
    """``version`` is 0 before the first survey. ``ask_expert``: public ids of items, most telling first."""

    version: int
    answers: int
    at: datetime | None
    flagged: bool
    reason: str
    camp_sizes: tuple[int, ...]
    ask_expert: list[str]
    findings: list[FoundRow]


def surveyed(project_id: int) -> Surveyed:
    known = Survey.objects.filter(project_id=project_id).first() or Survey(project_id=project_id)
    return Surveyed(
        version=known.version,
        answers=known.answers_used,
        at=known.updated_at if known.version else None,
        flagged=known.flagged,
        reason=known.camps.get("reason", ""),
        camp_sizes=tuple(known.camps.get("sizes", ())),
        ask_expert=_public_ids(known.camps.get("items", [])),
        findings=raised_findings(project_id),
    )


def raised_findings(project_id: int, annotator_id: int | None = None) -> list[FoundRow]:
    """Evidence beyond its usual threshold, the strongest first; of one person if one is named."""
    rows = Finding.objects.filter(project_id=project_id, statistic__gte=F("threshold"))
    rows = rows.exclude(family="information").exclude(kind="together")
    if annotator_id is not None:
        rows = rows.filter(annotator_id=annotator_id)
    people = Enrollment.objects.filter(project_id=project_id)
    names = dict(people.values_list("annotator_id", "pseudonym"))
    found = [
        FoundRow(
            annotator=names.get(row.annotator_id, ""),
            kind=row.kind,
            window=row.window,
            statistic=row.statistic,
            threshold=row.threshold,
            reason=row.reason,
            with_others=tuple(names[who] for who in row.others if who in names),
        )
        for row in rows.order_by("pk")
    ]
    return sorted(found, key=lambda row: -row.statistic / row.threshold)


def _public_ids(item_ids: list[int]) -> list[str]:
    names = dict(Item.objects.filter(pk__in=item_ids).values_list("pk", "public_id"))
    return [names[pk] for pk in item_ids if pk in names]
