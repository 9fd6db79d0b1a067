"""The ledger: one entry for each counted answer, one more for its bonus; reversals, never edits.

What is taken back stays set aside in the project's budget, so that it can always be paid after all.
"""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum

from labeling.models import Answer, EntryKind, LedgerEntry
from labeling.queries.among import among
from labeling.services.people import lock_person

EARNED = (EntryKind.ANSWER, EntryKind.BONUS)


def entries_for(answers: Iterable[Answer]) -> Iterator[LedgerEntry]:
    """What these counted answers earn, as their seats promised."""
    for answer in answers:
        bonus = answer.assignment.bonus_micros
        yield _entry(answer, EntryKind.ANSWER, answer.assignment.price_micros - bonus)
        if bonus:
            yield _entry(answer, EntryKind.BONUS, bonus)


@transaction.atomic
def reverse_pay(project_id: int, annotator_id: int, answer_ids: Iterable[int]) -> list[int]:
    """Take back what these answers of the person earned, bonus included; ids of those it was taken for.

    An answer is taken back once: one that was restored is not touched again.
    """
    lock_person(project_id, annotator_id)
    reversals = LedgerEntry.objects.filter(answer=OuterRef("answer"), kind=EntryKind.REVERSAL)
    earned = _earned(project_id, annotator_id, answer_ids, ~Q(Exists(reversals)))
    _add(project_id, annotator_id, EntryKind.REVERSAL, {pk: -sum_ for pk, sum_ in earned.items()})
    return sorted(earned)


@transaction.atomic
def restore_pay(project_id: int, annotator_id: int, answer_ids: Iterable[int]) -> list[int]:
    """Pay again what was taken back for these answers; ids of those that it was paid for."""
    lock_person(project_id, annotator_id)
    entries = LedgerEntry.objects.filter(answer=OuterRef("answer"))
    reversed_ = Q(Exists(entries.filter(kind=EntryKind.REVERSAL)))
    restored = Q(Exists(entries.filter(kind=EntryKind.RESTORED)))
    earned = _earned(project_id, annotator_id, answer_ids, reversed_ & ~restored)
    _add(project_id, annotator_id, EntryKind.RESTORED, earned)
    return sorted(earned)


def _earned(
    project_id: int, annotator_id: int, answer_ids: Iterable[int], which: Q
) -> dict[int, int]:
    """By answer, for those ``which`` holds of: what it earned in all.

    Any revision may be named: it is the first of the seat that earned.
    """
    # One step at a time: joined into one statement, the planner may walk over everything for each row.
    named = Answer.objects.filter(pk__in=among(answer_ids))
    seats = list(named.values_list("assignment_id", flat=True))
    revisions = Answer.objects.filter(assignment_id__in=among(seats))
    entries = LedgerEntry.objects.filter(
        which,
        project_id=project_id,
        annotator_id=annotator_id,
        answer_id__in=among(revisions.values_list("pk", flat=True)),
        kind__in=EARNED,
    )
    sums = entries.values("answer_id").annotate(sum=Sum("amount_micros")).order_by()
    return {row["answer_id"]: row["sum"] for row in sums}


def _add(project_id: int, annotator_id: int, kind: EntryKind, amounts: dict[int, int]) -> None:
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            project_id=project_id,
            annotator_id=annotator_id,
            answer_id=answer_id,
            kind=kind,
            amount_micros=amount,
        )
        for answer_id, amount in amounts.items()
    )


def _entry(answer: Answer, kind: EntryKind, amount: int) -> LedgerEntry:
    return LedgerEntry(
        project_id=answer.project_id,
        annotator_id=answer.annotator_id,
        answer=answer,
        kind=kind,
        amount_micros=amount,
    )
