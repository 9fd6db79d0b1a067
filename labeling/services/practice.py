"""Practice before the work: known items, answered until the person is good enough for this project.

Good enough is a lower bound of their accuracy on practice items, which a higher app knows (see
``labeling.skills``). Passed is passed: it is asked no more.
"""

import secrets

from django.db import transaction

from labeling import skills
from labeling.limits import GOLD_SEATS
from labeling.models import Assignment, Enrollment, Item, ItemRole, ItemStatus
from labeling.queries import lock_items
from labeling.services.people import Person

FAR = 1 << 62  # behind the ordinary queue: who has passed never walks over practice items


def must_practice(person: Person) -> bool:
    """Whether the person gets practice items only. The caller holds the person's lock."""
    bound, enrollment = person.project.practice_bound, person.enrollment
    if bound is None or enrollment.practiced_at is not None:
        return False
    reached = skills.practice_bound(enrollment.project_id, enrollment.annotator_id)
    if reached is None or reached < bound:
        return True
    Enrollment.objects.filter(pk=enrollment.pk).update(practiced_at=person.now)
    return False


def has_practiced(enrollment: Enrollment) -> bool:
    """Whether the person was ever given a practice item here."""
    seats = Assignment.objects.filter(
        annotator_id=enrollment.annotator_id, project_id=enrollment.project_id
    )
    return seats.filter(item__role=ItemRole.PRACTICE).exists()


@transaction.atomic
def open_practice(project_id: int) -> int:
    """Let practice items that are in the pool take part, each at a random place. How many opened."""
    pool = Item.objects.filter(
        project_id=project_id, role=ItemRole.PRACTICE, status=ItemStatus.POOL
    )
    items = lock_items(pool.values_list("pk", flat=True))
    for item in items:
        item.position = FAR + secrets.randbelow(FAR)
        item.status, item.seats_wanted, item.has_seat = ItemStatus.OPEN, GOLD_SEATS, True
    Item.objects.bulk_update(items, ["position", "status", "seats_wanted", "has_seat"])
    return len(items)
