"""Seats whose time is over go back, in batches, by the database's clock.

The sweep takes the same lock as the person's own requests (their Enrollment), so it can never cut
in between an answer and its seat. Persons who are at work this instant are skipped; the next sweep
finds their seats again.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from labeling.models import Assignment, AssignmentState, Enrollment
from labeling.queries import lock_items
from labeling.services.money import give_back
from labeling.services.seats import return_seats

BATCH = 200


def return_expired_seats(limit: int = 2000) -> int:
    """Return up to ``limit`` seats; gives how many. Two at once are harmless."""
    returned = 0
    while returned < limit and (batch := _return_batch(min(BATCH, limit - returned))):
        returned += batch
    return returned


@transaction.atomic
def _return_batch(size: int) -> int:
    due = list(_due().order_by("lease_until").values_list("project_id", "annotator_id")[:size])
    holders = _lock_holders(due)
    seats = _seats_of(holders, size)
    lock_items({seat.item_id for seat in seats})
    Assignment.objects.filter(pk__in=[seat.pk for seat in seats]).update(
        state=AssignmentState.EXPIRED
    )
    return_seats(seat.item_id for seat in seats)
    _return_money(holders, seats)
    return len(seats)


def _due() -> QuerySet[Assignment]:
    """Served by the partial index ``leases_by_end``."""
    return Assignment.objects.filter(state=AssignmentState.LEASED, lease_until__lte=Now())


def _lock_holders(due: Sequence[tuple[int, int]]) -> list[Enrollment]:
    wanted = Q(pk__in=[])
    for project_id, annotator_id in set(due):
        wanted |= Q(project_id=project_id, annotator_id=annotator_id)
    free = Enrollment.objects.select_for_update(no_key=True, skip_locked=True).filter(wanted)
    return list(free.order_by("pk"))


def _seats_of(holders: Sequence[Enrollment], size: int) -> list[Assignment]:
    """The due seats of locked persons, read again now that nobody else can close them."""
    wanted = Q(pk__in=[])
    for holder in holders:
        wanted |= Q(project_id=holder.project_id, annotator_id=holder.annotator_id)
    return list(_due().filter(wanted).order_by("lease_until")[:size])


def _return_money(holders: Sequence[Enrollment], seats: Sequence[Assignment]) -> None:
    for holder in holders:
        place = (holder.project_id, holder.annotator_id)
        give_back(
            holder.pk,
            [s.price_micros for s in seats if (s.project_id, s.annotator_id) == place],
        )
