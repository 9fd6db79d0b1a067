"""Taking answers in: the ORM reference. Up to 50 in one transaction, each with its own verdict.

What is read first, and locked, is a ``Desk``: everything that the verdicts depend on. Judging (see
``verdicts``) changes nothing in the database; then everything is written at once: seats closed,
answers and their ledger entries added, the person's counter raised. An answer in time touches no item
row, because its seat was counted when it was taken.
"""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now

from accounts.models import User
from labeling.events import answers_stored
from labeling.models import (
    Answer,
    Assignment,
    AssignmentState,
    LabelSet,
    LedgerEntry,
)
from labeling.queries import lock_items
from labeling.services.money import top_up
from labeling.services.paying import entries_for
from labeling.services.people import lock_holder
from labeling.services.seats import return_seats, take_seats
from labeling.services.verdicts import Desk, Outcome, Submission, judge

ATTEMPTS = 2


def submit(annotator: User, submissions: Sequence[Submission]) -> list[Outcome]:
    """One outcome for each submission, in order. Sent again, they get the same ones."""
    for _ in range(ATTEMPTS - 1):
        try:
            return _submit_once(annotator, submissions)
        except IntegrityError:  # the same key, at the same instant, for a seat in another project
            continue
    return _submit_once(annotator, submissions)


@transaction.atomic
def _submit_once(annotator: User, submissions: Sequence[Submission]) -> list[Outcome]:
    desk = _open_desk(annotator, submissions)
    _prepare_late(desk)
    outcomes = [judge(desk, submission) for submission in submissions]
    _write(desk)
    return outcomes


def _open_desk(annotator: User, submissions: Sequence[Submission]) -> Desk:
    """Lock the person in each project concerned, then read what the verdicts depend on."""
    names = [submission.assignment for submission in submissions]
    people = lock_holder(annotator.pk, names)
    enrollments = {project_id: person.enrollment for project_id, person in people.items()}
    seats = _seats(annotator, names, enrollments)
    keys = [submission.key for submission in submissions]
    known = Answer.objects.filter(annotator=annotator, key__in=keys).select_related("assignment")
    answered = Answer.objects.filter(assignment__in=seats.values()).values_list("assignment_id")
    return Desk(
        annotator_id=annotator.pk,
        enrollments=enrollments,
        seats=seats,
        by_key={answer.key: answer for answer in known},
        answered={assignment_id for (assignment_id,) in answered},
        label_sets=_label_sets(seats.values()),
        now=max((person.now for person in people.values()), default=None),
    )


def _seats(
    annotator: User, names: Sequence[str], enrollments: Iterable[int]
) -> dict[str, Assignment]:
    """The seats by public id, each with ``in_time`` by the database's clock."""
    in_time = ExpressionWrapper(Q(lease_until__gt=Now()), output_field=BooleanField())
    seats = (
        Assignment.objects.filter(
            annotator=annotator, public_id__in=names, project_id__in=list(enrollments)
        )
        .select_related("item__media")
        .annotate(in_time=in_time)
    )
    return {seat.public_id: seat for seat in seats}


def _label_sets(seats: Iterable[Assignment]) -> dict[tuple[int, int], LabelSet]:
    versions = {(seat.project_id, seat.label_set_version) for seat in seats}
    wanted = Q(pk__in=[])
    for project_id, version in versions:
        wanted |= Q(project_id=project_id, version=version)
    found = LabelSet.objects.filter(wanted)
    return {(label_set.project_id, label_set.version): label_set for label_set in found}


def _prepare_late(desk: Desk) -> None:
    """Late answers need a seat and money again: fetch the money, then lock the items."""
    late = [seat for seat in desk.seats.values() if desk.is_late(seat)]
    for enrollment in desk.enrollments.values():
        prices = [s.price_micros for s in late if s.project_id == enrollment.project_id]
        if any(prices):
            top_up(enrollment, sum(prices), max(prices))
    desk.items = {item.pk: item for item in lock_items({seat.item_id for seat in late})}


def _write(desk: Desk) -> None:
    _write_seats(desk)
    stored = Answer.objects.bulk_create(desk.new_answers)
    LedgerEntry.objects.bulk_create(entries_for(answer for answer in stored if answer.counted))
    for enrollment in desk.enrollments.values():
        enrollment.save(update_fields=["answers", "allowance_micros"])
    _tell(stored)


def _write_seats(desk: Desk) -> None:
    counted = [answer.assignment_id for answer in desk.new_answers if answer.counted]
    seats = Assignment.objects.all()
    seats.filter(pk__in=counted).update(state=AssignmentState.ANSWERED, unused=True)
    if desk.expired:
        expired = [seat.pk for seat in desk.expired]
        seats.filter(pk__in=expired).update(state=AssignmentState.EXPIRED)
        return_seats(seat.item_id for seat in desk.expired)
    if desk.taken_late:
        take_seats([seat.item_id for seat in desk.taken_late])


def _tell(stored: Sequence[Answer]) -> None:
    counted: dict[int, list[int]] = {}
    for answer in stored:
        if answer.counted:
            counted.setdefault(answer.project_id, []).append(answer.item_id)
    for project_id, item_ids in counted.items():
        answers_stored.send(sender=None, project_id=project_id, item_ids=item_ids)
