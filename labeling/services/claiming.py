"""Handing out seats: the ORM reference. One transaction a claim, whatever the number of seats.

Each claim brings new seats. A claim whose reply was lost can be sent again under its ``key``: then the
seats it took, as far as they are still held, come again instead of new ones.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from labeling.limits import SEATS_AT_ONCE
from labeling.models import (
    Assignment,
    Enrollment,
    EnrollmentStatus,
    Item,
    Project,
    ProjectStatus,
)
from labeling.queries import held_seats
from labeling.queries.admission import may_work
from labeling.services.candidates import (
    choose_items,
    find_place,
    ordinary_only,
    practice_items,
    something_is_open,
)
from labeling.services.caps import seats_left
from labeling.services.money import affordable_seats
from labeling.services.people import Person, enroll, lock_person
from labeling.services.practice import has_practiced, must_practice
from labeling.services.seats import take_seats

PLACE = ("place", "place_mark", "placed_at")


class WhyEmpty(StrEnum):
    """Why a claim brought nothing."""

    CAUGHT_UP = "caught_up"  # this person has seen all that is open
    NOTHING_OPEN = "nothing_open"
    PAUSED = "paused"  # the project is paused
    DONE = "done"  # the project has ended
    YOU_ARE_PAUSED = "you_are_paused"
    LIMIT = "limit"  # as many seats or answers as one person may have
    BUDGET = "budget_spent"
    NOT_ADMITTED = "not_admitted"  # the project is for others: see who may work
    PRACTICE = "practice_failed"  # all practice items are answered, and too many wrongly
    BUSY = "busy"  # everything left is being handed out this instant: ask again


@dataclass(frozen=True)
class Claim:
    """Seats with their items, and why there are none."""

    assignments: list[Assignment]
    why_empty: WhyEmpty | None


def claim(project: Project, annotator: User, count: int, key: UUID | None = None) -> Claim:
    """Up to ``count`` new seats for the person, or those that this key brought before."""
    enroll(project, annotator)
    first = claim_once(project.pk, annotator.pk, count, key)
    if first.why_empty is not WhyEmpty.BUSY:
        return first
    # Locked rows were skipped; by now somebody has let go of them.
    return claim_once(project.pk, annotator.pk, count, key)


def held_by(project: Project, annotator: User) -> list[Assignment]:
    """The seats that the person holds, the oldest first."""
    return list(_held(project.pk, annotator.pk))


@transaction.atomic
def claim_once(project_id: int, annotator_id: int, count: int, key: UUID | None = None) -> Claim:
    """One attempt in one transaction."""
    person = lock_person(project_id, annotator_id)
    held = list(_held(project_id, annotator_id))
    again = [seat for seat in held if key and seat.claim_key == key]
    if again:
        return Claim(again, None)
    why = _why_not(person.enrollment)
    left = 0 if why else seats_left(person, len(held))
    if left <= 0:
        return Claim([], why or WhyEmpty.LIMIT)
    return _sell(person, min(count, left), key)


def _held(project_id: int, annotator_id: int) -> QuerySet[Assignment]:
    return held_seats(project_id, annotator_id).select_related("item__media")[:SEATS_AT_ONCE]


def _why_not(enrollment: Enrollment) -> WhyEmpty | None:
    if enrollment.project.status not in (ProjectStatus.LIVE, ProjectStatus.PILOT):
        done = enrollment.project.status == ProjectStatus.DONE
        return WhyEmpty.DONE if done else WhyEmpty.PAUSED
    if enrollment.status != EnrollmentStatus.ACTIVE:
        return WhyEmpty.YOU_ARE_PAUSED
    admitted = may_work(enrollment.project, enrollment.annotator_id)
    return None if admitted else WhyEmpty.NOT_ADMITTED


def _sell(person: Person, seats: int, key: UUID | None) -> Claim:
    """New seats: money first, then items, as the order of locks wants it."""
    enrollment, price = person.enrollment, person.price_micros
    seats = affordable_seats(enrollment, price, seats)
    practicing = bool(seats) and must_practice(person)
    items = _choose(person, seats, practicing=practicing) if seats else []
    enrollment.claimed += len(items)
    enrollment.allowance_micros -= len(items) * price
    enrollment.save(update_fields=["claimed", "allowance_micros", *PLACE])
    if not items:
        return Claim([], _why_nothing(enrollment, practicing) if seats else WhyEmpty.BUDGET)
    take_seats([item.pk for item in items])
    leases = [_lease(person, item, key) for item in items]
    return Claim(Assignment.objects.bulk_create(leases), None)


def _choose(person: Person, seats: int, *, practicing: bool) -> list[Item]:
    if practicing:
        return practice_items(person.enrollment, seats)
    find_place(person.enrollment, person.now)
    return choose_items(person.enrollment, seats)


def _why_nothing(enrollment: Enrollment, practicing: bool) -> WhyEmpty:
    if practicing:
        return WhyEmpty.PRACTICE if has_practiced(enrollment) else WhyEmpty.NOTHING_OPEN
    if something_is_open(enrollment):
        return WhyEmpty.BUSY
    free = Item.objects.filter(project_id=enrollment.project_id, has_seat=True)
    others = ordinary_only(free).exists()
    return WhyEmpty.CAUGHT_UP if others else WhyEmpty.NOTHING_OPEN


def _lease(person: Person, item: Item, key: UUID | None) -> Assignment:
    project = person.project
    return Assignment(
        project=project,
        item=item,
        annotator_id=person.enrollment.annotator_id,
        label_set_version=project.label_set_version,
        instructions_version=project.instructions_version,
        lease_until=person.now + timedelta(seconds=project.lease_seconds),
        price_micros=person.price_micros,
        bonus_micros=person.enrollment.bonus_micros,
        claim_key=key,
    )
