"""What experts have said about labels, and which items wait for one.

An item waits because two camps disagree on it (``camps``), its seats are used up (``expert``), many answers
have not decided it (``disputed``), its label is settled below the target (``uncertain``), or somebody
flagged it (``reported``). Gold is never among them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from labeling.label_types import Json
from labeling.models import Answer, Assignment, AssignmentState, ItemRole, ItemStatus, Project
from labeling.queries.spelt import spelt_out
from quality.models import Consensus, ConsensusState, Review, ReviewLease, Survey
from quality.queries.labels import label_values_of

CAMPS, EXPERT, DISPUTED, UNCERTAIN, REPORTED = (
    "camps", "expert", "disputed", "uncertain", "reported",
)  # fmt: skip
WHYS = (CAMPS, EXPERT, DISPUTED, UNCERTAIN, REPORTED)
DISPUTED_ANSWERS, DISPUTED_BELOW = 3, 0.7
MOST_COUNTED = 1_000  # more than anybody reviews: how many more there are costs time to find out


@dataclass(frozen=True)
class Waiting:
    """An item of the review queue, by public id, with what is believed about it now."""

    item: str
    external_id: str
    why: str
    label: Json
    confidence: float
    answers: int


@dataclass(frozen=True)
class Said:
    """What one reviewer said about an item."""

    reviewer: str
    value: Json
    final: bool
    note: str
    at: datetime


def waiting(
    project: Project, reviewer: User, *, why: str | None = None, limit: int = 50
) -> list[Waiting]:
    """What this reviewer may look at, the most pressing reason first, then the least certain."""
    found: dict[int, Waiting] = {}
    values = label_values_of(project.pk)
    for reason in WHYS if why is None else (why,):
        for row in _rows(project, reviewer, reason)[: limit - len(found)]:
            if row.item_id not in found:
                found[row.item_id] = _waiting(row, reason, values)
        if len(found) >= limit:
            break
    return list(found.values())


def how_many_wait(project: Project) -> dict[str, int]:
    """By reason, counted up to ``MOST_COUNTED``; an item may have several."""
    rows = {why: _because(project, _unreviewed(project), why) for why in WHYS}
    return {why: waits[:MOST_COUNTED].count() for why, waits in rows.items()}


def reviews_of(item_ids: Iterable[int]) -> dict[int, list[Review]]:
    """By item id, in the order in which they were given."""
    found: dict[int, list[Review]] = {}
    for row in Review.objects.filter(item_id__in=list(item_ids)).order_by("pk"):
        found.setdefault(row.item_id, []).append(row)
    return found


def said_by_reviewers(item_id: int) -> list[Said]:
    rows = Review.objects.filter(item_id=item_id).select_related("reviewer").order_by("pk")
    return [
        Said(row.reviewer.username, row.value, row.final, row.note, row.created_at) for row in rows
    ]


def _rows(project: Project, reviewer: User, why: str) -> QuerySet[Consensus]:
    """Served by the index ``consensus_figures``; without what this person cannot review."""
    mine = Q(item__reviews__reviewer=reviewer)
    answered = Answer.objects.filter(item=OuterRef("item"), annotator=reviewer)
    held = ReviewLease.objects.filter(item=OuterRef("item"), lease_until__gt=Now())
    rows = _because(project, _unreviewed(project), why).exclude(mine)
    rows = rows.filter(~Exists(answered), ~Exists(held.exclude(reviewer=reviewer)))
    return rows.select_related("item").order_by("confidence", "item_id")


def _unreviewed(project: Project) -> QuerySet[Consensus]:
    final = Review.objects.filter(item=OuterRef("item"), final=True)
    rows = Consensus.objects.filter(project=project, item__role=ItemRole.WORK)
    return rows.filter(~Exists(final)).exclude(item__status=ItemStatus.WITHDRAWN)


def _because(project: Project, rows: QuerySet[Consensus], why: str) -> QuerySet[Consensus]:
    if why == CAMPS:
        return rows.filter(item_id__in=_proposed(project.pk))
    if why == EXPERT:
        return rows.filter(state=ConsensusState.EXPERT)
    if why == DISPUTED:
        many = rows.filter(state=ConsensusState.OPEN, answers_used__gte=DISPUTED_ANSWERS)
        return many.filter(confidence__lt=DISPUTED_BELOW)
    if why == UNCERTAIN:
        below = {"confidence__lt": project.target_certainty}
        return rows.filter(state=ConsensusState.SETTLED, **below)
    return rows.filter(item_id__in=_flagged(project))


def _flagged(project: Project) -> set[int]:
    """Ids of items that somebody flagged and no expert has answered for good: few, by ``flagged_items``."""
    seats = Assignment.objects.filter(project=project, state=spelt_out(AssignmentState.FLAGGED))
    answered = Review.objects.filter(item=OuterRef("item"), final=True)
    return set(seats.filter(~Exists(answered)).values_list("item_id", flat=True))


def _proposed(project_id: int) -> Sequence[int]:
    camps = Survey.objects.filter(project_id=project_id).values_list("camps", flat=True).first()
    return list((camps or {}).get("items", []))


def _waiting(row: Consensus, why: str, values: dict[int, str]) -> Waiting:
    label = values.get(row.label_code) if row.label_code is not None else row.value
    return Waiting(
        row.item.public_id, row.item.external_id, why, label, row.confidence, row.answers_used
    )
