"""Engines that are broken on purpose, each by one line or lock that somebody might forget."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db.models import Q

from labeling.models import AssignmentState
from labeling.services import (
    answering,
    claiming,
    expiry,
    leases,
    opening,
    paying,
    redundancy,
    verdicts,
)
from labeling.services.money import give_back


@contextmanager
def broken(name: str) -> Iterator[None]:
    """While this lasts, the engine is broken in the way that ``BROKEN`` says."""
    module, attribute, instead = BROKEN[name]
    with mock.patch.object(module, attribute, instead):
        yield


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
    "pay is taken back twice": (paying, "Exists", lambda _entries: Q(pk__isnull=True)),
    "seats are handed back without money": (leases, "give_back", nothing),
    "keys are not looked up": (answering, "judge", _judge_without_keys),
    "withdrawn items stay open": (opening, "_close", nothing),
    "paused people are given work": (claiming, "_why_not", nothing),
}
