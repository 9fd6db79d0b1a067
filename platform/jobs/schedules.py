"""What happens again and again: sweeps (any time, harmless when doubled) and schedules (once a slot)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import IntegrityError, transaction

from jobs.clock import seconds_since_1970
from jobs.limits import SLOTS_KEPT
from jobs.models import ScheduleSlot

log = structlog.get_logger(__name__)

Action = Callable[[], object]


@dataclass(frozen=True)
class Sweep:
    """Work that looks for what was left undone. Seconds between two calls, in each way to run."""

    name: str
    action: Action
    every: float
    embedded_every: float


@dataclass(frozen=True)
class Schedule:
    """Work that is due once in each period of the database's clock, counted from 1970."""

    name: str
    action: Action
    period: timedelta


_sweeps: dict[str, Sweep] = {}
_schedules: dict[str, Schedule] = {}


def sweep(
    name: str, *, every: float = 5.0, embedded_every: float = 0.5
) -> Callable[[Action], Action]:
    """Have the scheduler call the function every so many seconds. It must be idempotent."""

    def register(action: Action) -> Action:
        if name in _sweeps:
            raise ValueError(f"the sweep {name!r} is registered twice")
        _sweeps[name] = Sweep(name, action, every, embedded_every)
        return action

    return register


def schedule(name: str, *, period: timedelta) -> Callable[[Action], Action]:
    """Have the function called once in each period, by whichever scheduler is first.

    It runs in the transaction that takes the slot: it should only write rows (``enqueue``). When it
    fails the slot is free again.
    """

    def register(action: Action) -> Action:
        if name in _schedules:
            raise ValueError(f"the schedule {name!r} is registered twice")
        _schedules[name] = Schedule(name, action, period)
        return action

    return register


def registered_sweeps() -> list[Sweep]:
    return list(_sweeps.values())


def run_due_schedules() -> None:
    """Take the current slot of every schedule that nobody has taken yet, and do its work."""
    now = seconds_since_1970()
    for planned in _schedules.values():
        try:
            take_turn(planned, int(now // planned.period.total_seconds()))
        except Exception:  # one bad schedule must not stop the others; its slot is free again
            log.exception("schedule_failed", schedule=planned.name)


def take_turn(planned: Schedule, slot: int) -> bool:
    """Do the work of this slot unless somebody did; whether it was us."""
    turns = ScheduleSlot.objects.filter(schedule=planned.name)
    if turns.filter(slot=slot).exists():
        return False
    with transaction.atomic():
        if not _is_first(planned.name, slot):
            return False
        planned.action()
    turns.filter(slot__lt=slot - SLOTS_KEPT).delete()
    return True


def _is_first(name: str, slot: int) -> bool:
    """The unique constraint decides; the other scheduler waits here for our commit or rollback."""
    try:
        with transaction.atomic():
            ScheduleSlot.objects.create(schedule=name, slot=slot)
    except IntegrityError:
        return False
    return True
