"""Holding pay, and giving it back. Entries are added, never changed; each answer once in each direction.

What is held stays set aside in the project's budget, so it can always be paid after all.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from labeling.models import EntryKind, LedgerEntry, Project
from quality.models import Decision

HELD = "held"  # in a decision's evidence: ids of the answers


def hold_back(project: Project, annotator_id: int, answer_ids: Iterable[int]) -> list[int]:
    """Take back, for now, what these answers of the person earned and nobody has held before; their ids.

    The caller holds the person's lock.
    """
    entries = list(_never_held(project.pk, annotator_id).filter(answer_id__in=list(answer_ids)))
    _add(entries, EntryKind.REVERSAL, sign=-1)
    return [entry.answer_id for entry in entries]


def restore_held(decision: Decision) -> None:
    """Pay again what the decision held. The caller has reversed it and holds the person's lock."""
    entries = _paid(decision.project_id, decision.annotator_id)
    held = entries.filter(answer_id__in=decision.evidence.get(HELD, []))
    _add(list(held), EntryKind.RESTORED, sign=1)


def _paid(project_id: int, annotator_id: int) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(
        project_id=project_id, annotator_id=annotator_id, kind=EntryKind.ANSWER
    )


def _never_held(project_id: int, annotator_id: int) -> QuerySet[LedgerEntry]:
    held = LedgerEntry.objects.filter(answer=OuterRef("answer"), kind=EntryKind.REVERSAL)
    return _paid(project_id, annotator_id).filter(~Exists(held))


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
