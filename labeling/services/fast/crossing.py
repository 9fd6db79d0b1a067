"""Turns that wait for the embedded database's one writer cross together: one transaction, one wait for the disk.

What an answer costs there is the wait until the disk has it, some milliseconds, and one writer at a time
means that these waits add up. So one thread brings everybody over: it waits at the gate, and when that opens
it takes along all who have come meanwhile. Each turn runs in a savepoint of its own, so that one that fails
takes nothing with it, and nobody is told anything before the commit of all. Who comes while it is under way
goes with the next.

It is always the same thread, with a connection of its own, because SQLite forgets the pages that a connection
has read whenever another one writes: eight threads that write in turn each read everything anew.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection, transaction

MOST = 32  # together: what comes before the first of them must not take long for the last
IDLE = 60.0  # seconds without anybody, after which the thread ends

Outcome = TypeVar("Outcome")


class Passenger(Generic[Outcome]):
    """One turn, and the thread that waits for it."""

    def __init__(self, act: Callable[[], Outcome]) -> None:
        self._act = act
        self._arrived = threading.Lock()
        self._arrived.acquire()
        self._outcome: Outcome | None = None
        self._error: BaseException | None = None

    def cross(self) -> None:
        try:
            self._outcome = self._act()
        except BaseException as error:
            self._error = error
            raise

    def stay(self) -> None:
        """Nothing of the turn was kept."""
        self._outcome = None

    def land(self) -> None:
        self._arrived.release()

    def wait(self) -> Outcome | None:
        self._arrived.acquire()
        if self._error:
            raise self._error
        return self._outcome


class Ferry(Generic[Outcome]):
    """The line of those who wait, and the thread that brings them over."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._line: list[Passenger[Outcome]] = []
        self._somebody_came = threading.Event()
        self._boat: threading.Thread | None = None

    def take(self, act: Callable[[], Outcome]) -> Outcome | None:
        """What ``act`` gives, once it is committed. None if the transaction failed; errors of ``act`` are its own."""
        passenger = Passenger(act)
        with self._guard:
            self._line.append(passenger)
            self._somebody_came.set()
            if self._boat is None or not self._boat.is_alive():  # not alive: after a fork
                self._boat = threading.Thread(target=self._ply, name="ferry", daemon=True)
                self._boat.start()
        return passenger.wait()

    def _ply(self) -> None:
        while self._is_wanted():
            while self._line:
                self._cross()
        connection.close()

    def _is_wanted(self) -> bool:
        self._somebody_came.wait(IDLE)
        with self._guard:  # decided in one piece: whoever comes next starts another thread, or is taken by this one
            self._somebody_came.clear()
            wanted = bool(self._line)
            if not wanted:
                self._boat = None
        return wanted

    def _cross(self) -> None:
        aboard = self._line[:1]
        try:
            with transaction.atomic():  # enters the gate: meanwhile others come
                aboard = self._line[:MOST]
                for passenger in aboard:
                    passenger.cross()
        except BaseException:  # the thread must live on; whose error it is hears of it
            for passenger in aboard:
                passenger.stay()
            connection.close()
        finally:
            self._land(aboard)

    def _land(self, aboard: list[Passenger[Outcome]]) -> None:
        with self._guard:
            del self._line[: len(aboard)]
        for passenger in aboard:
            passenger.land()
