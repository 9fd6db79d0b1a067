"""Turns that wait for the embedded database's one writer cross together: one transaction, one wait for the disk.

What an answer costs there is the wait until the disk has it, some milliseconds, and one writer at a time
means that these waits add up. So whoever comes first steers: they wait at the gate, and when it opens they
take along everybody who has come meanwhile. Each turn runs in a savepoint of its own, so that one that fails
takes nothing with it, and nobody is told anything before the commit of all. Who comes while it is under way
goes with the next, which the first of them steers.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction

MOST = 32  # together: what comes before the first of them must not take long for the last

Outcome = TypeVar("Outcome")


class Passenger(Generic[Outcome]):
    """One turn, and the thread that waits for it."""

    def __init__(self, act: Callable[[], Outcome]) -> None:
        self._act = act
        self._called = threading.Lock()
        self._called.acquire()
        self.outcome: Outcome | None = None
        self.arrived = False

    def cross(self) -> None:
        self.outcome = self._act()

    def stay(self) -> None:
        """Nothing of the turn was kept."""
        self.outcome = None

    def wait(self) -> None:
        """Until they have arrived, or are to steer."""
        self._called.acquire()

    def call(self) -> None:
        self._called.release()


class Ferry(Generic[Outcome]):
    """The line of those who wait; the first of it steers."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._line: list[Passenger[Outcome]] = []

    def take(self, act: Callable[[], Outcome]) -> Outcome | None:
        """What ``act`` gives, once it is committed. None if the transaction failed; errors of ``act`` are its own."""
        passenger = Passenger(act)
        with self._guard:
            self._line.append(passenger)
            first = self._line[0] is passenger
        if not first:
            passenger.wait()
        if not passenger.arrived:
            self._steer()
        return passenger.outcome

    def _steer(self) -> None:
        aboard = self._line[:1]
        try:
            with transaction.atomic():  # enters the gate: meanwhile others come
                aboard = self._line[:MOST]
                for passenger in aboard:
                    passenger.cross()
        except BaseException:
            for passenger in aboard:
                passenger.stay()
            raise
        finally:
            self._land(aboard)

    def _land(self, aboard: list[Passenger[Outcome]]) -> None:
        with self._guard:
            del self._line[: len(aboard)]
            following = self._line[:1]
        for passenger in aboard:
            passenger.arrived = True
        for passenger in [*aboard[1:], *following]:
            passenger.call()
