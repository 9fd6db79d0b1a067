"""Writing down what the answers to some items amount to, and asking on or stopping accordingly.

Consensus is a function of rows: the votes, reviews, the stored fit, the model's voice. It is written whole each
time, so a second run changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Count, Max
from django.utils import timezone

from labeling.label_types import Json
from labeling.models import ItemRole, ItemStatus, Project, Redundancy
from labeling.queries import LockedItem, counted_answers_to, items_without_askable
from labeling.queries.among import among
from labeling.services import opening
from quality.asking import asked_now
from quality.events import items_settled
from quality.given import REVIEWED
from quality.inference.settling.rule import Verdict
from quality.models import Consensus, ConsensusState, Review
from quality.queries.fits import KnownSkills
from quality.queries.tables import as_text, moment
from quality.services.beliefs import rule_of
from quality.services.opinions import Opinion, opinions_about
from quality.services.reviews_heard import with_reviews
from quality.services.upserting import upsert

DECIDED = (ItemRole.WORK, ItemRole.AUDIT)


class _Row(NamedTuple):
    """The columns of Consensus that follow from votes and skills."""

    item_id: int
    state: str
    value: Json
    label_code: int | None
    confidence: float
    posterior: list[float] | None
    method: str
    answers_used: int
    voice: dict[str, Any] | None
    settled_at: Any


@dataclass(frozen=True, eq=False)
class _Counted:
    """[item id]: counted answers, set aside or not, and when the last was given."""

    answers: dict[int, int]
    last: dict[int, Any]


def decide_items(project: Project, items: Sequence[LockedItem], skills: KnownSkills) -> list[int]:
    """Settle, ask on or call an expert for each item; ids of those newly settled.

    The caller holds the locks of the project's Fit and of the items.
    """
    if not items:
        return []
    item_ids = [item.pk for item in items]
    opinions = with_reviews(project, opinions_about(project, item_ids, skills), item_ids)
    counted = _with_times(_counted(item_ids), opinions)
    verdicts = _verdicts(project, items, opinions, counted)
    before = _states(item_ids)
    settled = [i for i, verdict in sorted(verdicts.items()) if _is_new(verdict, before.get(i))]
    _write(project, [_row(o, verdicts[o.item_id], counted) for o in opinions], set(before))
    _move(items, verdicts, counted, _put_off(project, opinions, verdicts))
    if settled:
        items_settled.send(Consensus, project_id=project.pk, item_ids=settled)
    return settled


def _counted(item_ids: list[int]) -> _Counted:
    answers = counted_answers_to(item_ids).values("item_id")
    found = answers.annotate(n=Count("pk"), last=as_text(Max("created_at"))).order_by()
    rows = list(found.values_list("item_id", "n", "last"))
    return _Counted({i: n for i, n, _ in rows}, {i: moment(last) for i, _, last in rows})


def _with_times(counted: _Counted, opinions: Sequence[Opinion]) -> _Counted:
    """An item that was only reviewed has its label since the last review."""
    silent = [o.item_id for o in opinions if o.item_id not in counted.last]
    return replace(counted, last=_reviewed_at(silent) | counted.last) if silent else counted


def _reviewed_at(item_ids: list[int]) -> dict[int, Any]:
    reviews = Review.objects.filter(item_id__in=among(item_ids)).values("item_id")
    return dict(reviews.annotate(last=Max("created_at")).order_by().values_list("item_id", "last"))


def _states(item_ids: Iterable[int]) -> dict[int, str]:
    """[item id]: the state of the label that is there."""
    rows = Consensus.objects.filter(item_id__in=among(item_ids))
    return dict(rows.values_list("item_id", "state"))


def _verdicts(
    project: Project, items: Sequence[LockedItem], opinions: Sequence[Opinion], counted: _Counted
) -> dict[int, Verdict]:
    """Only items with a vote; the rule's word, but fixed redundancy waits for seats already sold."""
    n_votes = np.array([opinion.n_votes for opinion in opinions], dtype=np.int64)
    confidence = np.array([opinion.confidence for opinion in opinions], dtype=np.float64)
    said = rule_of(project).verdicts(n_votes, confidence)
    verdicts = {opinion.item_id: v for opinion, v in zip(opinions, said, strict=True)}
    to_come = {item.pk for item in items if _waits(project, item, counted)}
    verdicts |= dict.fromkeys(to_come & set(verdicts), Verdict.MORE)
    verdicts |= dict.fromkeys(_screened(items, verdicts, to_come), Verdict.EXPERT)
    if project.by_invitation:
        asking = [item_id for item_id, verdict in verdicts.items() if verdict is Verdict.MORE]
        verdicts |= dict.fromkeys(items_without_askable(project.pk, asking), Verdict.EXPERT)
    reviewed = [opinion.item_id for opinion in opinions if opinion.method == REVIEWED]
    return verdicts | dict.fromkeys(reviewed, Verdict.SETTLED)


def _waits(project: Project, item: LockedItem, counted: _Counted) -> bool:
    """For all of its answers: fixed redundancy, and an audit item that a crowd screens."""
    fixed = project.redundancy != Redundancy.ADAPTIVE or item.role == ItemRole.AUDIT
    return fixed and _seats_to_come(item, counted) > 0


def _screened(
    items: Sequence[LockedItem], verdicts: dict[int, Verdict], to_come: set[int]
) -> list[int]:
    """Audit items that nobody more is asked about than who screened them."""
    audit = [item.pk for item in items if item.role == ItemRole.AUDIT and item.pk not in to_come]
    return [item_id for item_id in audit if verdicts.get(item_id) is Verdict.MORE]


def _seats_to_come(item: LockedItem, counted: _Counted) -> int:
    """Answers that free seats and live leases will still bring."""
    return item.seats_wanted - counted.answers.get(item.pk, 0)


def _is_new(verdict: Verdict, before: str | None) -> bool:
    return verdict is Verdict.SETTLED and before != ConsensusState.SETTLED


def _write(project: Project, rows: list[_Row], before: set[int]) -> None:
    """Only rows that differ; an item whose votes were all set aside has no consensus any more."""
    now = timezone.now()
    full = [(*row, project.pk, now) for row in rows]
    names = (*_Row._fields, "project_id", "updated_at")
    upsert(Consensus, names, full, key=("item_id",), stamp="updated_at")
    silent = before - {row.item_id for row in rows}
    if silent:
        Consensus.objects.filter(item_id__in=silent).delete()


def _row(opinion: Opinion, verdict: Verdict, counted: _Counted) -> _Row:
    return _Row(
        item_id=opinion.item_id,
        state=verdict.value,
        value=opinion.value,
        label_code=opinion.label_code,
        confidence=opinion.confidence,
        posterior=opinion.posterior,
        method=opinion.method,
        answers_used=opinion.n_votes,
        voice=opinion.voice,
        # Not the clock: the same rows must come out whenever they are rebuilt.
        settled_at=counted.last[opinion.item_id] if verdict is Verdict.SETTLED else None,
    )


def _put_off(
    project: Project, opinions: Sequence[Opinion], verdicts: dict[int, Verdict]
) -> set[int]:
    """Items in doubt that get no seat now: whoever chooses the questions will name them."""
    if project.redundancy != Redundancy.ADAPTIVE:
        return set()
    more = [o for o in opinions if verdicts[o.item_id] is Verdict.MORE]
    # What is short of its least number of answers is not a question of price.
    more = [o for o in more if o.n_votes >= project.seats_min]
    now = asked_now(project.pk, np.array([o.confidence for o in more], dtype=np.float64))
    return {o.item_id for o, asked in zip(more, now, strict=True) if not asked}


def _move(
    items: Sequence[LockedItem],
    verdicts: dict[int, Verdict],
    counted: _Counted,
    put_off: set[int],
) -> None:
    """Bring each item's status in line; items that are right already are left alone."""
    moves: dict[Any, list[int]] = {}
    for item in items:
        move = _move_of(item, verdicts.get(item.pk, Verdict.MORE), _seats_to_come(item, counted))
        if move and not (move is opening.want_more and item.pk in put_off):
            moves.setdefault(move, []).append(item.pk)
    for move, item_ids in moves.items():
        move(item_ids)


def _move_of(item: LockedItem, verdict: Verdict, to_come: int) -> Any:
    if item.status not in (ItemStatus.OPEN, ItemStatus.SETTLED, ItemStatus.HELD):
        return None
    if verdict is Verdict.SETTLED:
        return opening.settle if item.status != ItemStatus.SETTLED else None
    if verdict is Verdict.EXPERT:
        return opening.hold if item.status != ItemStatus.HELD else None
    if item.status != ItemStatus.OPEN:
        return _reopen_with_one_seat
    return opening.want_more if to_come <= 0 else None


def _reopen_with_one_seat(item_ids: list[int]) -> None:
    opening.reopen(item_ids, 1)
