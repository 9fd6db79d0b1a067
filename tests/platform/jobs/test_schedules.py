"""A slot is taken once, whoever comes and however often; sweeps go on whatever happens."""

import threading
from datetime import timedelta

import pytest

from jobs import schedules
from jobs.limits import SLOTS_KEPT
from jobs.models import ScheduleSlot
from jobs.scheduler import Scheduler
from jobs.schedules import (
    Schedule,
    registered_sweeps,
    run_due_schedules,
    schedule,
    sweep,
    take_turn,
)
from together import together


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the test registers."""
    monkeypatch.setattr(schedules, "_schedules", {})
    monkeypatch.setattr(schedules, "_sweeps", {})


@pytest.mark.django_db(transaction=True)
def test_many_schedulers_take_each_slot_once() -> None:
    done: list[int] = []

    def scheduler() -> None:
        for slot in range(5):
            take_turn(
                Schedule("tests", lambda slot=slot: done.append(slot), timedelta(hours=1)), slot
            )

    together([scheduler] * 4)
    assert sorted(done) == [0, 1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_a_slot_would_be_taken_twice(monkeypatch) -> None:
    """The broken variant, look first and then write: the test above would catch it."""
    barrier, done = threading.Barrier(2), []

    def look_then_write(name: str, slot: int) -> bool:
        free = not ScheduleSlot.objects.filter(schedule=name, slot=slot).exists()
        barrier.wait(10)
        return free

    monkeypatch.setattr(schedules, "_is_first", look_then_write)
    planned = Schedule("tests", lambda: done.append(1), timedelta(hours=1))
    together([lambda: take_turn(planned, 1)] * 2)
    assert done == [1, 1]


@pytest.mark.django_db
def test_the_slot_of_a_failed_turn_is_free_again() -> None:
    fails = [True]

    def sometimes() -> None:
        if fails.pop():
            fails.append(False)
            raise RuntimeError

    planned = Schedule("tests", sometimes, timedelta(hours=1))
    with pytest.raises(RuntimeError):
        take_turn(planned, 1)
    assert take_turn(planned, 1)
    assert not take_turn(planned, 1)


@pytest.mark.django_db
def test_a_schedule_that_fails_does_not_stop_the_next_one() -> None:
    done = []

    @schedule("tests.bad", period=timedelta(hours=1))
    def bad() -> None:
        raise RuntimeError

    schedule("tests.good", period=timedelta(hours=1))(lambda: done.append(1))
    run_due_schedules()
    run_due_schedules()
    assert done == [1]


@pytest.mark.django_db
def test_old_slots_are_forgotten() -> None:
    planned = Schedule("tests", lambda: None, timedelta(hours=1))
    for slot in range(SLOTS_KEPT * 2):
        take_turn(planned, slot)
    assert ScheduleSlot.objects.count() <= SLOTS_KEPT + 1


@pytest.mark.django_db
def test_a_sweep_that_fails_is_called_less_often_and_stops_no_other() -> None:
    called: list[str] = []

    @sweep("tests.bad", embedded_every=0.0)
    def bad() -> None:
        called.append("bad")
        raise RuntimeError

    sweep("tests.good", embedded_every=0.0)(lambda: called.append("good"))
    scheduler = Scheduler(embedded=True)
    for _ in range(3):
        scheduler.tick()
    assert called == ["bad", "good", "good", "good"]


def test_the_engine_registers_its_own_sweeps(monkeypatch) -> None:
    monkeypatch.undo()
    names = {known.name for known in registered_sweeps()}
    assert {"jobs.hint_waiting", "jobs.release_lapsed", "jobs.schedules"} <= names
