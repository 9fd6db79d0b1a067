"""Handing out seats: the ORM reference. One transaction a claim, whatever the number of seats.

``count`` says how many seats the person wants to *hold*. Seats that they hold already come first, so
a claim whose reply was lost can simply be sent again, and a page that was reloaded finds its work.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import transaction

from accounts.models import User
from labeling.limits import SEATS_AT_ONCE
from labeling.models import (
    Assignment,
    Enrollment,
    EnrollmentStatus,
    Item,
    ItemRole,
    Project,
    ProjectStatus,
)
from labeling.queries import held_seats
from labeling.services.candidates import choose_items, something_is_open
from labeling.services.money import affordable_seats
from labeling.services.people import Person, enroll, lock_person
from labeling.services.seats import take_seats


class WhyEmpty(StrEnum):
    """Why a claim brought nothing."""

    CAUGHT_UP = "caught_up"  # this person has seen all that is open
    NOTHING_OPEN = "nothing_open"
    PAUSED = "paused"  # the project is paused
    DONE = "done"  # the project has ended
    YOU_ARE_PAUSED = "you_are_paused"
    LIMIT = "limit"  # the person's own limit in this project
    BUDGET = "budget_spent"
    BUSY = "busy"  # everything left is being handed out this instant: ask again


@dataclass(frozen=True)
class Claim:
    """The seats the person holds now, with their items, and why there are none."""

    assignments: list[Assignment]
    why_empty: WhyEmpty | None


def claim(project: Project, annotator: User, count: int) -> Claim:
    """Seats for the person, up to ``count`` in all."""
    enroll(project, annotator)
    first = claim_once(project.pk, annotator.pk, count)
    if first.why_empty is not WhyEmpty.BUSY:
        return first
    # Locked rows were skipped; by now somebody has let go of them.
    return claim_once(project.pk, annotator.pk, count)


@transaction.atomic
def claim_once(project_id: int, annotator_id: int, count: int) -> Claim:
    """One attempt, in one transaction (or in the caller's, after the answers that came with it)."""
    person = lock_person(project_id, annotator_id)
    count = min(count, SEATS_AT_ONCE)
    held = list(held_seats(person.enrollment).select_related("item__media")[:SEATS_AT_ONCE])
    if len(held) >= count:
        return Claim(held[:count], None)
    why = _why_not(person.enrollment, len(held))
    sale = Claim([], why) if why else _sell(person, _within_limit(person, count, len(held)))
    all_held = held + sale.assignments
    return Claim(all_held, None if all_held else sale.why_empty)


def _why_not(enrollment: Enrollment, held: int) -> WhyEmpty | None:
    if enrollment.project.status not in (ProjectStatus.LIVE, ProjectStatus.PILOT):
        done = enrollment.project.status == ProjectStatus.DONE
        return WhyEmpty.DONE if done else WhyEmpty.PAUSED
    if enrollment.status != EnrollmentStatus.ACTIVE:
        return WhyEmpty.YOU_ARE_PAUSED
    return WhyEmpty.LIMIT if _rest_of_limit(enrollment, held) <= 0 else None


def _within_limit(person: Person, count: int, held: int) -> int:
    return min(count - held, _rest_of_limit(person.enrollment, held))


def _rest_of_limit(enrollment: Enrollment, held: int) -> int:
    limit = enrollment.project.max_answers_per_person
    return SEATS_AT_ONCE if limit is None else limit - enrollment.answers - held


def _sell(person: Person, seats: int) -> Claim:
    """New seats: money first, then items, as the order of locks wants it."""
    enrollment, project = person.enrollment, person.project
    seats = affordable_seats(enrollment, project.price_micros, seats)
    items = choose_items(enrollment, seats, project.gold_share) if seats else []
    enrollment.claimed += len(items)
    enrollment.allowance_micros -= len(items) * project.price_micros
    enrollment.save(update_fields=["claimed", "allowance_micros"])
    if not items:
        return Claim([], _why_nothing(enrollment) if seats else WhyEmpty.BUDGET)
    take_seats([item.pk for item in items])
    return Claim(_leases(person, items), None)


def _why_nothing(enrollment: Enrollment) -> WhyEmpty:
    if something_is_open(enrollment):
        return WhyEmpty.BUSY
    free = Item.objects.filter(project_id=enrollment.project_id, has_seat=True)
    others = free.exclude(role=ItemRole.GOLD).exists()
    return WhyEmpty.CAUGHT_UP if others else WhyEmpty.NOTHING_OPEN


def _leases(person: Person, items: list[Item]) -> list[Assignment]:
    leases = [_lease(person, item) for item in items]
    return Assignment.objects.bulk_create(leases)


def _lease(person: Person, item: Item) -> Assignment:
    project = person.project
    return Assignment(
        project=project,
        item=item,
        annotator_id=person.enrollment.annotator_id,
        label_set_version=project.label_set_version,
        instructions_version=project.instructions_version,
        lease_until=person.now + timedelta(seconds=project.lease_seconds),
        price_micros=project.price_micros,
    )
