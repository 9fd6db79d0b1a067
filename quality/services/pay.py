"""Holding pay, and giving it back. Entries are added, never changed; each answer once in each direction.

What is held stays set aside in the project's budget, so it can always be paid after all.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from labeling.models import EntryKind, LedgerEntry, Project
from labeling.services import people
from quality.models import Action, Decision
from quality.services.records import decide

HELD = "held"  # in a decision's evidence: ids of the answers


@transaction.atomic
def hold_pay(
    project: Project,
    annotator: User,
    *,
    answer_ids: Iterable[int],
    reason: str,
    evidence: dict[str, Any],
) -> Decision:
    """Take back, for now, what these answers of the person earned and nobody has held before."""
    people.lock_person(project.pk, annotator.pk)
    entries = list(_never_held(project, annotator).filter(answer_id__in=list(answer_ids)))
    _add(entries, EntryKind.REVERSAL, sign=-1)
    held = [entry.answer_id for entry in entries]
    return decide(project, annotator, Action.HOLD_PAY, reason, {**evidence, HELD: held})


def restore_pay(decision: Decision) -> None:
    """Pay again what the decision held. The caller has reversed it and holds the person's lock."""
    entries = _paid(decision.project, decision.annotator)
    held = entries.filter(answer_id__in=decision.evidence.get(HELD, []))
    _add(list(held), EntryKind.RESTORED, sign=1)


def _paid(project: Project, annotator: User) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(project=project, annotator=annotator, kind=EntryKind.ANSWER)


def _never_held(project: Project, annotator: User) -> QuerySet[LedgerEntry]:
    held = LedgerEntry.objects.filter(answer=OuterRef("answer"), kind=EntryKind.REVERSAL)
    return _paid(project, annotator).filter(~Exists(held))


def _add(entries: list[LedgerEntry], kind: EntryKind, *, sign: int) -> None:
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            project_id=entry.project_id,
            annotator_id=entry.annotator_id,
            answer_id=entry.answer_id,
            kind=kind,
            amount_micros=sign * entry.amount_micros,
        )
        for entry in entries
    )
