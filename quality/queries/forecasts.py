"""What an act about somebody would touch besides labels, before it is done: seats, pay, votes that come back."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import Now

from labeling.models import (
    Assignment,
    AssignmentState,
    Enrollment,
    EntryKind,
    Item,
    ItemRole,
    LedgerEntry,
)
from labeling.queries import counted_answers
from quality.models import Decision, SetAside
from quality.queries.decisions import PAUSING

EARNED = (EntryKind.ANSWER, EntryKind.BONUS)


@dataclass(frozen=True)
class Worth:
    """How many of something, and what they are worth in micro-units."""

    count: int
    micros: int


def seats_held(enrollment: Enrollment) -> Worth:
    """Items in the person's hands now, and what their answers would be paid."""
    seats = Assignment.objects.filter(
        project_id=enrollment.project_id,
        annotator_id=enrollment.annotator_id,
        state=AssignmentState.LEASED,
        lease_until__gt=Now(),
    )
    return Worth(seats.count(), seats.aggregate(sum=Sum("price_micros"))["sum"] or 0)


def pay_to_hold(enrollment: Enrollment) -> Worth:
    """Answers whose pay was never taken back, and what they have earned."""
    reversals = LedgerEntry.objects.filter(answer=OuterRef("answer"), kind=EntryKind.REVERSAL)
    entries = _entries(enrollment).filter(~Exists(reversals), kind__in=EARNED, answer__counted=True)
    return _worth(entries)


def pay_to_give_back(enrollment: Enrollment) -> Worth:
    """What taking back every standing pause would pay again."""
    held = [pk for made in _pauses(enrollment) for pk in made.evidence.get("held", [])]
    restored = LedgerEntry.objects.filter(answer=OuterRef("answer"), kind=EntryKind.RESTORED)
    entries = _entries(enrollment).filter(~Exists(restored), kind__in=EARNED, answer_id__in=held)
    return _worth(entries)


def votes_to_give_back(enrollment: Enrollment) -> int:
    """Answers that only standing pauses have set aside."""
    return SetAside.objects.filter(decision__in=_pauses(enrollment)).count()


def practice_items(enrollment: Enrollment) -> Worth:
    """What the person has not practised on yet, and what that may cost."""
    every = Item.objects.filter(project_id=enrollment.project_id, role=ItemRole.PRACTICE)
    items = every.exclude(assignments__annotator_id=enrollment.annotator_id).count()
    price = enrollment.project.price_micros + enrollment.bonus_micros
    return Worth(items, items * price)


def answers_given(enrollment: Enrollment) -> int:
    """Answers of the person that count."""
    own = counted_answers(enrollment.project_id)
    return own.filter(annotator_id=enrollment.annotator_id).count()


def _entries(enrollment: Enrollment) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(
        project_id=enrollment.project_id, annotator_id=enrollment.annotator_id
    )


def _worth(entries: QuerySet[LedgerEntry]) -> Worth:
    answers = entries.values("answer_id").distinct().count()
    return Worth(answers, entries.aggregate(sum=Sum("amount_micros"))["sum"] or 0)


def _pauses(enrollment: Enrollment) -> QuerySet[Decision]:
    return Decision.objects.filter(
        project_id=enrollment.project_id,
        annotator_id=enrollment.annotator_id,
        action__in=PAUSING,
        reversed_at__isnull=True,
    )
