"""What a person can do with a seat besides answering: skip, flag, release, renew."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from labeling.errors import Conflict, NotFound
from labeling.limits import RENEWALS_LAST
from labeling.models import Assignment, AssignmentState
from labeling.queries import lock_items
from labeling.services.money import give_back
from labeling.services.people import Person, lock_holder
from labeling.services.reasons import reason_for
from labeling.services.seats import return_seats


def skip(annotator: User, assignment: str, reason: str = "", text: str = "") -> Assignment:
    """The person does not want to answer. The seat goes to somebody else, never back to them."""
    return _end(annotator, assignment, AssignmentState.SKIPPED, reason, text)


def flag(annotator: User, assignment: str, reason: str, text: str = "") -> Assignment:
    """Something is wrong with the item: broken, unreadable, offensive."""
    return _end(annotator, assignment, AssignmentState.FLAGGED, reason, text)


def release(annotator: User, assignment: str, reason: str = "", text: str = "") -> Assignment:
    """The person stops for now and gives the seat back."""
    return _end(annotator, assignment, AssignmentState.RELEASED, reason, text)


@transaction.atomic
def _end(annotator: User, name: str, state: AssignmentState, given: str, text: str) -> Assignment:
    """Close the lease without an answer. The same act again changes nothing; another is a Conflict."""
    person = _lock_holder(annotator, name)
    seat = Assignment.objects.get(public_id=name)
    if seat.state == state:
        return seat
    if seat.state != AssignmentState.LEASED:
        raise Conflict("The seat is gone: it was answered, returned, or its time is over.")
    lock_items([seat.item_id])
    reason = reason_for(state, given, text)
    seat.state, seat.reason, seat.reason_text = state, reason.code, reason.text
    seat.save(update_fields=["state", "reason", "reason_text"])
    return_seats([seat.item_id])
    give_back(person.enrollment.pk, [seat.price_micros])
    return seat


def _lock_holder(annotator: User, name: str) -> Person:
    """Lock the person in the seat's project. Raises NotFound for a seat that is not theirs."""
    people = list(lock_holder(annotator.pk, [name]).values())
    if not people:
        raise NotFound
    return people[0]


@transaction.atomic
def renew(annotator: User, names: Sequence[str]) -> list[Assignment]:
    """A full lease from now on, for those of the seats that are still held; the others are left out."""
    people = lock_holder(annotator.pk, names)
    held = Assignment.objects.filter(
        annotator=annotator,
        public_id__in=names,
        state=AssignmentState.LEASED,
        lease_until__gt=Now(),
        project_id__in=list(people),
    )
    renewed = [_renewed(people[seat.project_id], seat) for seat in held]
    Assignment.objects.bulk_update(renewed, ["lease_until"])
    return renewed


def _renewed(person: Person, seat: Assignment) -> Assignment:
    """Not for ever: somebody else waits for the item."""
    lease = timedelta(seconds=person.project.lease_seconds)
    seat.lease_until = min(person.now + lease, seat.created_at + RENEWALS_LAST * lease)
    return seat
