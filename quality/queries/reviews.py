"""What experts have said about labels, and which items wait for one.

An item waits because two camps disagree on it (``camps``), its seats are used up (``expert``), many answers
have not decided it (``disputed``), its label is settled below the target (``uncertain``), or somebody
flagged it (``reported``). Gold is never among them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from labeling.label_types import Json
from labeling.models import Answer, Assignment, AssignmentState, ItemRole, ItemStatus, Project
from labeling.queries.among import among
from labeling.queries.spelt import spelt_out
from quality.inference.answers import Floats
from quality.models import Consensus, ConsensusState, Review, ReviewLease, Survey
from quality.pages import Page, first_page, unknown_cursor
from quality.queries.labels import label_values_of

CAMPS, EXPERT, DISPUTED, UNCERTAIN, REPORTED = (
    "camps", "expert", "disputed", "uncertain", "reported",
)  # fmt: skip
WHYS = (CAMPS, EXPERT, DISPUTED, UNCERTAIN, REPORTED)
DISPUTED_ANSWERS, DISPUTED_BELOW = 3, 0.7
STRONG = 0.97  # how often a reviewer is right whose word is one strong vote
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
    project: Project,
    reviewer: User,
    *,
    why: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Waiting]:
    """What this reviewer may look at, the most pressing reason first, then the least certain.

    An item with several reasons stands under the first of them. Raises Refused for an unknown cursor.
    """
    found: list[Waiting] = []
    values = label_values_of(project.pk)
    start, last = _start(project, why, cursor)
    for place in range(start, len(WHYS)) if why is None else (start,):
        rows = _rows(project, reviewer, place, alone=why is not None)
        if last is not None and place == start:
            rows = rows.filter(_beyond(last))
        some = rows[: limit + 1 - len(found)]
        found += [_waiting(row, WHYS[place], values) for row in some]
        if len(found) > limit:
            break
    return first_page(found, lambda row: f"{row.why}.{row.item}", limit)


def _start(project: Project, why: str | None, cursor: str | None) -> tuple[int, Consensus | None]:
    """The reason (by its place) to begin with, and the item of it that the page before ended with."""
    if cursor is None:
        return (0 if why is None else WHYS.index(why)), None
    reason, _dot, name = cursor.partition(".")
    last = Consensus.objects.filter(project=project, item__public_id=name).first()
    if last is None or reason not in ((why,) if why else WHYS):
        raise unknown_cursor()
    return WHYS.index(reason), last


def _beyond(last: Consensus) -> Q:
    same = Q(confidence=last.confidence, item_id__gt=last.item_id)
    return Q(confidence__gt=last.confidence) | same


def how_many_wait(project: Project) -> dict[str, int]:
    """By reason, counted up to ``MOST_COUNTED``; an item may have several."""
    every = _unreviewed(project)
    waits = {why: every.filter(_because(project, why)) for why in WHYS}
    return {why: rows[:MOST_COUNTED].count() for why, rows in waits.items()}


def reviews_of(item_ids: Iterable[int]) -> dict[int, list[Review]]:
    """By item id, in the order in which they were given."""
    found: dict[int, list[Review]] = {}
    for row in Review.objects.filter(item_id__in=among(item_ids)).order_by("pk"):
        found.setdefault(row.item_id, []).append(row)
    return found


def strong_vote(code: int, n_labels: int) -> Floats:
    """[k]: P(the reviewer says this label | k)."""
    said = np.full(n_labels, (1 - STRONG) / (n_labels - 1))
    said[code] = STRONG
    return said


def said_by_reviewers(item_id: int) -> list[Said]:
    rows = Review.objects.filter(item_id=item_id).select_related("reviewer").order_by("pk")
    return [
        Said(row.reviewer.username, row.value, row.final, row.note, row.created_at) for row in rows
    ]


def _rows(
    project: Project, reviewer: User, place: int, *, alone: bool = False
) -> QuerySet[Consensus]:
    """Served by the index ``consensus_figures``; without what this person cannot review.

    Unless the reason is looked at ``alone``, items of a more pressing one are left out.
    """
    mine = Q(item__reviews__reviewer=reviewer)
    answered = Answer.objects.filter(item=OuterRef("item"), annotator=reviewer)
    held = ReviewLease.objects.filter(item=OuterRef("item"), lease_until__gt=Now())
    rows = _unreviewed(project).filter(_because(project, WHYS[place])).exclude(mine)
    rows = rows.filter(~Exists(answered), ~Exists(held.exclude(reviewer=reviewer)))
    for earlier in () if alone else WHYS[:place]:
        rows = rows.exclude(_because(project, earlier))
    return rows.select_related("item").order_by("confidence", "item_id")


def _unreviewed(project: Project) -> QuerySet[Consensus]:
    final = Review.objects.filter(item=OuterRef("item"), final=True)
    rows = Consensus.objects.filter(project=project, item__role=ItemRole.WORK)
    return rows.filter(~Exists(final)).exclude(item__status=ItemStatus.WITHDRAWN)


def _because(project: Project, why: str) -> Q:
    """The condition on beliefs under which an item waits for this reason."""
    if why == CAMPS:
        return Q(item_id__in=_proposed(project.pk))
    if why == EXPERT:
        return Q(state=ConsensusState.EXPERT)
    if why == DISPUTED:
        many = Q(state=ConsensusState.OPEN, answers_used__gte=DISPUTED_ANSWERS)
        return many & Q(confidence__lt=DISPUTED_BELOW)
    if why == UNCERTAIN:
        return Q(state=ConsensusState.SETTLED, confidence__lt=project.target_certainty)
    return Q(item_id__in=_flagged(project))


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
