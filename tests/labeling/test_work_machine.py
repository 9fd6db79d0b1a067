"""Random work against a small pure model; and broken engines, which the same machine must catch."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from labeling.models import AssignmentState
from labeling.services import answering, claiming, expiry, leases, opening, redundancy, verdicts
from labeling.services.money import give_back
from work_machine import WorkMachine

pytestmark = pytest.mark.django_db


def run(examples: int, steps: int, **more: Any) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )
    run_state_machine_as_test(WorkMachine, settings=chosen)


def test_the_engine_does_what_the_model_says() -> None:
    run(examples=8, steps=25)


@pytest.mark.nightly
def test_the_engine_does_what_the_model_says_for_long() -> None:
    run(examples=200, steps=50)


def nothing(*_: object) -> None:
    """What a forgotten line does."""


def _end_without_counting(annotator: Any, name: str, *_: object) -> Any:
    seat = leases.Assignment.objects.get(public_id=name, annotator=annotator)
    seat.state = AssignmentState.SKIPPED
    seat.save(update_fields=["state"])
    give_back(leases._lock_holder(annotator, name).enrollment.pk, [seat.price_micros])
    return seat


def _forget_what_is_taken(item: Any, seats: int) -> None:
    item.seats_wanted = seats
    item.has_seat = item.seats_taken < seats


def _pay_twice(answers: Any) -> list[Any]:
    return [entry for entry in _entries_for(answers) for _ in range(2)]


def _judge_without_keys(desk: Any, submission: Any) -> Any:
    desk.by_key.clear()
    return _judge(desk, submission)


_entries_for, _judge = answering.entries_for, verdicts.judge

BROKEN = {
    "seats are sold without counting": (claiming, "take_seats", nothing),
    "what is skipped keeps its seat": (leases, "_end", _end_without_counting),
    "the sweep returns no seats": (expiry, "return_seats", nothing),
    "a lower redundancy forgets what is taken": (redundancy, "want_seats", _forget_what_is_taken),
    "redundancy changes only on paper": (redundancy, "save_items", nothing),
    "late answers always count": (verdicts, "_is_wanted", lambda *_: True),
    "late answers take no seat": (answering, "take_seats", nothing),
    "answers are paid twice": (answering, "entries_for", _pay_twice),
    "keys are not looked up": (answering, "judge", _judge_without_keys),
    "withdrawn items stay open": (opening, "_close", nothing),
    "paused people are given work": (claiming, "_why_not", nothing),
}


IN_THE_ORDINARY_RUN = ("seats are sold without counting", "what is skipped keeps its seat")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in IN_THE_ORDINARY_RUN else pytest.mark.nightly)
        for name in BROKEN
    ],
)
def test_a_broken_engine_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, attribute, broken = BROKEN[name]
    monkeypatch.setattr(module, attribute, broken)
    with pytest.raises(Exception):  # noqa: B017, PT011  (an assertion of ours, or a constraint)
        run(examples=40, steps=40, phases=[Phase.generate])
