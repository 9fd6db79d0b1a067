"""A budget that is never exceeded, without a row that every answer updates.

Money goes three steps, and each step is covered by the one before it::

    Budget.granted_micros            one row a project, CHECK (granted <= cap)
      = sum of Enrollment.allowance    set aside for a person's next seats
      + sum of live leases' price      promised, when the seat was taken
      + sum of the ledger              paid, when the answer was counted

Taking a seat moves its price from the person's allowance to the lease; answering moves it on to the
ledger; a seat that is given back moves it back. All that touches only rows of that person, which
their own lock protects. The shared row is locked only when an allowance has run out, and then tops
it up with a chunk of many seats. Since granted <= cap holds at every commit, so does paid <= cap; and
since a lease carries its own price, an answer given in time can always be paid, at the price that
was promised, even if the manager has changed price or budget meanwhile.

Chunks shrink as the budget nears its end, and when nothing is left to grant, allowances of others
are taken back (SKIP LOCKED: whoever is at work this instant is left alone), so that no money stays
stranded with people who went away.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from labeling.errors import Conflict
from labeling.models import Budget, Enrollment, Project

SEATS_IN_A_CHUNK = 32
SHARE_OF_THE_REST = 16  # a chunk takes at most this part of what is left


def affordable_seats(enrollment: Enrollment, price: int, seats: int) -> int:
    """How many of the seats the person's allowance covers, after topping it up if need be.

    The caller holds the enrollment's lock and saves its ``allowance_micros``, which this changes.
    """
    if price == 0:
        return seats
    top_up(enrollment, price * seats, price)
    return min(seats, enrollment.allowance_micros // price)


def top_up(enrollment: Enrollment, wanted: int, price: int) -> None:
    """Raise the person's allowance to at least ``wanted``, or as far as the budget goes.

    The caller holds the enrollment's lock and saves its ``allowance_micros``, which this changes.
    """
    missing = wanted - enrollment.allowance_micros
    if missing > 0:
        enrollment.allowance_micros += _grant(enrollment, missing, price)


def _grant(enrollment: Enrollment, missing: int, price: int) -> int:
    """Micros granted to the person: at least what is missing, if the budget has it."""
    budget = lock_budget(enrollment.project_id)
    left = _left(budget, beyond=missing)
    if left < missing:
        left += _take_back(budget, enrollment)
    chunk = min(price * SEATS_IN_A_CHUNK, left // SHARE_OF_THE_REST)
    granted = max(0, min(left, max(missing, chunk)))
    Budget.objects.filter(pk=budget.pk).update(granted_micros=F("granted_micros") + granted)
    return granted


def _left(budget: Budget, beyond: int) -> int:
    """Micros that can still be granted; without a cap, more than anybody asks for."""
    if budget.cap_micros is None:
        return max(beyond * SHARE_OF_THE_REST * SEATS_IN_A_CHUNK, 1)
    return budget.cap_micros - budget.granted_micros


def _take_back(budget: Budget, but: Enrollment | None = None) -> int:
    """Bring the allowances of others back to the budget; the caller holds its lock."""
    idle = Enrollment.objects.select_for_update(no_key=True, skip_locked=True).filter(
        project_id=budget.project_id, allowance_micros__gt=0
    )
    rows = list(idle.exclude(pk=but.pk) if but else idle)
    back = sum(row.allowance_micros for row in rows)
    Enrollment.objects.filter(pk__in=[row.pk for row in rows]).update(allowance_micros=0)
    Budget.objects.filter(pk=budget.pk).update(granted_micros=F("granted_micros") - back)
    return back


def lock_budget(project_id: int) -> Budget:
    """The project's budget row, locked; made at its first use."""
    _make_if_missing(project_id)
    return Budget.objects.select_for_update(no_key=True).get(project_id=project_id)


def _make_if_missing(project_id: int) -> None:
    if not Budget.objects.filter(project_id=project_id).exists():
        cap = Project.objects.values_list("budget_micros", flat=True).get(pk=project_id)
        Budget.objects.bulk_create(
            [Budget(project_id=project_id, cap_micros=cap)], ignore_conflicts=True
        )


@transaction.atomic
def set_budget(project_id: int, cap_micros: int | None) -> None:
    """A new cap. Raises Conflict if more is already paid or promised: promises are kept."""
    budget = lock_budget(project_id)
    if cap_micros is not None and cap_micros < budget.granted_micros:
        budget.granted_micros -= _take_back(budget)
    if cap_micros is not None and cap_micros < budget.granted_micros:
        raise Conflict(
            f"{budget.granted_micros} micro-units are already paid or promised",
            field="budget_micros",
        )
    Budget.objects.filter(pk=budget.pk).update(cap_micros=cap_micros)
    Project.objects.filter(pk=project_id).update(budget_micros=cap_micros)


def give_back(enrollment_id: int, amounts: Iterable[int]) -> None:
    """Promises that were not called in return to the person's allowance; the caller holds its lock."""
    total = sum(amounts)
    if total:
        Enrollment.objects.filter(pk=enrollment_id).update(
            allowance_micros=F("allowance_micros") + total
        )
