"""One person's file in one project: what an auditor reads before deciding anything about them."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

import numpy as np
from django.db.models import F, Sum

from labeling.label_types import Json
from labeling.models import Answer, Enrollment, Item, LedgerEntry, Project
from labeling.queries import counted_answers
from quality.inference.answers import Ints
from quality.models import ConsensusState, Decision, GoldResult, Skill
from quality.queries.gold import gold_records
from quality.queries.labels import label_values

TIMES = 1000  # answers that a median is taken of
GOLD_LISTED, DECISIONS_LISTED = 200, 50
LARGEST_MATRIX = 15  # labels; more do not fit on a page


@dataclass(frozen=True)
class GoldRow:
    """One answer to a gold item."""

    item: str
    external_id: str
    said: Json
    known: Json
    right: bool
    at: datetime


@dataclass(frozen=True)
class Matrix:
    """How the person answers: rows are the true labels, columns what they say.

    ``counts`` are gold answers; ``shares`` the matrix that is used, shrunk towards the crowd's.
    """

    labels: list[str]
    counts: list[list[int]]
    shares: list[list[float]] | None


@dataclass(frozen=True)
class Agreement:
    """Settled items that the person answered, and on how many of those the label is what they said."""

    items: int
    same: int


@dataclass(frozen=True)
class Speed:
    """Median seconds for an answer, of the latest; None without any."""

    own: float | None
    others: float | None


def enrollment_named(project: Project, pseudonym: str) -> Enrollment | None:
    rows = Enrollment.objects.filter(project=project, pseudonym=pseudonym)
    return rows.select_related("annotator", "project").first()


def skill_of(enrollment: Enrollment) -> Skill | None:
    return Skill.objects.filter(
        project_id=enrollment.project_id, annotator_id=enrollment.annotator_id
    ).first()


def running_gold(enrollment: Enrollment) -> list[tuple[int, int]]:
    """(gold answers so far, right among them) after each gold answer, in order of arrival."""
    right = _gold(enrollment).order_by("answer_id").values_list("right", flat=True)
    sums = np.cumsum(np.fromiter(right, dtype=np.int64))
    return [(n, int(total)) for n, total in enumerate(sums, 1)]


def gold_list(enrollment: Enrollment) -> list[GoldRow]:
    """The latest answers to gold, the newest first."""
    rows = _gold(enrollment).select_related("answer__item__gold_answer").order_by("-answer_id")
    return [_gold_row(row, row.answer.item) for row in rows[:GOLD_LISTED]]


def _gold(enrollment: Enrollment) -> Any:
    return GoldResult.objects.filter(
        project_id=enrollment.project_id, annotator_id=enrollment.annotator_id
    )


def _gold_row(row: GoldResult, item: Item) -> GoldRow:
    known = getattr(item, "gold_answer", None)
    return GoldRow(
        item=item.public_id,
        external_id=item.external_id,
        said=row.answer.value,
        known=known.value if known else None,
        right=row.right,
        at=row.created_at,
    )


def matrix_of(enrollment: Enrollment, skill: Skill | None) -> Matrix | None:
    """None where there are no labels to count by, or too many to show."""
    values = label_values(enrollment.project)
    if not 2 <= len(values) <= LARGEST_MATRIX:
        return None
    record = gold_records(enrollment.project_id, [enrollment.annotator_id])[enrollment.annotator_id]
    counts = _counts(record.truth, record.said, len(values))
    stored = skill.confusion if skill else None
    shares = stored if stored and len(stored) == len(values) else None
    return Matrix([values[code] for code in sorted(values)], counts, shares)


def _counts(truth: Ints, said: Ints, n_labels: int) -> list[list[int]]:
    """[k][l]: gold answers by known label k and label said l; those without codes left out."""
    usable = (truth >= 0) & (said >= 0) & (truth < n_labels) & (said < n_labels)
    table = np.zeros((n_labels, n_labels), dtype=np.int64)
    np.add.at(table, (truth[usable], said[usable]), 1)
    counts: list[list[int]] = table.tolist()
    return counts


def agreement_of(enrollment: Enrollment) -> Agreement:
    own = counted_answers(enrollment.project_id).filter(
        annotator_id=enrollment.annotator_id,
        label_code__isnull=False,
        item__consensus__state=ConsensusState.SETTLED,
    )
    return Agreement(own.count(), own.filter(label_code=F("item__consensus__label_code")).count())


def speed_of(enrollment: Enrollment) -> Speed:
    timed = Answer.objects.filter(project_id=enrollment.project_id, seconds__isnull=False)
    mine = timed.filter(annotator_id=enrollment.annotator_id)
    others = timed.exclude(annotator_id=enrollment.annotator_id)
    return Speed(_median(mine), _median(others))


def _median(answers: Any) -> float | None:
    latest = list(answers.order_by("-pk").values_list("seconds", flat=True)[:TIMES])
    return median(latest) if latest else None


def paid_by_kind(enrollment: Enrollment) -> dict[str, int]:
    """Micro-units by kind of ledger entry."""
    rows = LedgerEntry.objects.filter(
        project_id=enrollment.project_id, annotator_id=enrollment.annotator_id
    )
    sums = rows.values("kind").annotate(sum=Sum("amount_micros")).order_by("kind")
    return {row["kind"]: row["sum"] for row in sums}


def decisions_about(enrollment: Enrollment) -> list[Decision]:
    """The newest first."""
    rows = Decision.objects.filter(
        project_id=enrollment.project_id, annotator_id=enrollment.annotator_id
    )
    return list(rows.select_related("reversed_by").order_by("-pk")[:DECISIONS_LISTED])
