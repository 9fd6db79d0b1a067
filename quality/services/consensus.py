"""Writing down what the answers to some items amount to, and asking on or stopping accordingly.

Consensus is a function of rows: the votes, the stored fit, the model's voice. It is written whole each
time, so a second run changes nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils import timezone

from labeling.models import Item, ItemRole, ItemStatus, Project, Redundancy
from labeling.queries import counted_answers, items_without_askable
from labeling.services import opening
from quality.events import items_settled
from quality.inference.settling.rule import Verdict
from quality.models import Consensus, ConsensusState
from quality.services.beliefs import rule_of
from quality.services.opinions import Opinion, opinions_about

COMPARED = ["state", "value", "label_code", "confidence", "posterior", "method", "answers_used"]
COMPARED += ["voice", "settled_at"]
WRITTEN = [*COMPARED, "updated_at"]
DECIDED = (ItemRole.WORK, ItemRole.AUDIT)


@dataclass(frozen=True, eq=False)
class _Counted:
    """[item id]: counted answers, set aside or not, and when the last was given."""

    answers: dict[int, int]
    last: dict[int, Any]


def decide_items(project: Project, items: Sequence[Item]) -> list[int]:
    """Settle, ask on or call an expert for each item; ids of those newly settled.

    The caller holds the locks of the project's Fit and of the items.
    """
    if not items:
        return []
    opinions = opinions_about(project, [item.pk for item in items])
    counted = _counted(project.pk, [item.pk for item in items])
    verdicts = _verdicts(project, items, opinions, counted)
    before = Consensus.objects.in_bulk([item.pk for item in items], field_name="item_id")
    settled = [i for i, verdict in sorted(verdicts.items()) if _is_new(verdict, before.get(i))]
    rows = [_row(project, o, verdicts[o.item_id], counted.last[o.item_id]) for o in opinions]
    _write(rows, before)
    _move(items, verdicts, counted)
    if settled:
        items_settled.send(Consensus, project_id=project.pk, item_ids=settled)
    return settled


def _counted(project_id: int, item_ids: list[int]) -> _Counted:
    rows = list(
        counted_answers(project_id)
        .filter(item_id__in=item_ids)
        .values_list("item_id", "created_at")
        .order_by("pk")
    )
    return _Counted(Counter(item for item, _ in rows), dict(rows))


def _verdicts(
    project: Project, items: Sequence[Item], opinions: Sequence[Opinion], counted: _Counted
) -> dict[int, Verdict]:
    """Only items with a vote; the rule's word, but fixed redundancy waits for seats already sold."""
    n_votes = np.array([opinion.n_votes for opinion in opinions], dtype=np.int64)
    confidence = np.array([opinion.confidence for opinion in opinions], dtype=np.float64)
    said = rule_of(project).verdicts(n_votes, confidence)
    verdicts = {opinion.item_id: v for opinion, v in zip(opinions, said, strict=True)}
    if project.redundancy != Redundancy.ADAPTIVE:
        waiting = {item.pk for item in items if _seats_to_come(item, counted) > 0}
        verdicts |= dict.fromkeys(waiting & set(verdicts), Verdict.MORE)
    if project.by_invitation:
        asking = [item_id for item_id, verdict in verdicts.items() if verdict is Verdict.MORE]
        verdicts |= dict.fromkeys(items_without_askable(project.pk, asking), Verdict.EXPERT)
    return verdicts


def _seats_to_come(item: Item, counted: _Counted) -> int:
    """Answers that free seats and live leases will still bring."""
    return item.seats_wanted - counted.answers.get(item.pk, 0)


def _is_new(verdict: Verdict, before: Consensus | None) -> bool:
    was = before is not None and before.state == ConsensusState.SETTLED
    return verdict is Verdict.SETTLED and not was


def _write(rows: list[Consensus], before: dict[int, Consensus]) -> None:
    """Only rows that differ; an item whose votes were all set aside has no consensus any more."""
    changed = [row for row in rows if _differs(row, before.get(row.item_id))]
    Consensus.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["item"], update_fields=WRITTEN
    )
    silent = set(before) - {row.item_id for row in rows}
    if silent:
        Consensus.objects.filter(item_id__in=silent).delete()


def _differs(row: Consensus, before: Consensus | None) -> bool:
    return before is None or any(getattr(row, n) != getattr(before, n) for n in COMPARED)


def _row(project: Project, opinion: Opinion, verdict: Verdict, last_answer: Any) -> Consensus:
    return Consensus(
        item_id=opinion.item_id,
        project=project,
        state=ConsensusState(verdict.value),
        value=opinion.value,
        label_code=opinion.label_code,
        confidence=opinion.confidence,
        posterior=opinion.posterior,
        method=opinion.method,
        answers_used=opinion.n_votes,
        voice=opinion.voice,
        # Not the clock: the same rows must come out whenever they are rebuilt.
        settled_at=last_answer if verdict is Verdict.SETTLED else None,
        updated_at=timezone.now(),
    )


def _move(items: Sequence[Item], verdicts: dict[int, Verdict], counted: _Counted) -> None:
    """Bring each item's status in line; items that are right already are left alone."""
    moves: dict[Any, list[int]] = {}
    for item in items:
        move = _move_of(item, verdicts.get(item.pk, Verdict.MORE), _seats_to_come(item, counted))
        if move:
            moves.setdefault(move, []).append(item.pk)
    for move, item_ids in moves.items():
        move(item_ids)


def _move_of(item: Item, verdict: Verdict, to_come: int) -> Any:
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
