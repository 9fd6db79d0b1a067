"""Two sessions on real PostgreSQL, run statement by statement in an order that the test decides.

A session stops before every statement that locks or writes. A schedule lets the first session pass so
many of these points, then the second runs until it is done or waits for a lock, then the first runs to
its end, and then the second. Over all numbers of points, and with the roles exchanged, that is every
interleaving with one preemption, which is where nearly all races show (Musuvathi and Qadeer, 2007,
"Iterative context bounding for systematic testing of multithreaded programs").
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, connections

PATIENCE = 60.0  # seconds: then something hangs, and the test fails
LOOK_AGAIN = 0.002
WORDS = ("INSERT", "UPDATE", "DELETE")

Act = Callable[[], Any]


class Session:
    """One act in a thread with its own connection. ``result`` and ``error`` are there at the end."""

    def __init__(self, act: Act) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False
        self.pid = 0
        self._act = act
        self._at_a_point = threading.Event()
        self._go = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Up to the first point."""
        self._thread.start()
        self._wait(may_block=False)

    def step(self) -> None:
        """Past the point it stands at, up to the next one, the end, or a lock that somebody holds."""
        if not self.done and self._at_a_point.is_set():
            self._at_a_point.clear()
            self._go.release()
        self._wait(may_block=True)

    def run_to_the_end(self) -> None:
        """All points, waiting for whoever holds a lock: the other session must not be stopped."""
        end = time.monotonic() + PATIENCE
        while not self.done:
            assert time.monotonic() < end, "the session hangs"
            self.step()

    def run_until_blocked(self) -> None:
        self.step()
        while not self.done and self._at_a_point.is_set():
            self.step()

    def _wait(self, *, may_block: bool) -> None:
        end = time.monotonic() + PATIENCE
        while not (self.done or self._at_a_point.wait(LOOK_AGAIN)):
            assert time.monotonic() < end, "the session hangs"
            if may_block and _waits_for_a_lock(self.pid):
                return

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            self.pid = connection.connection.info.backend_pid
            with connection.execute_wrapper(self._before):
                self.result = self._act()
        except BaseException as error:
            self.error = error
        finally:
            connections.close_all()
            self.done = True

    def _before(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WORDS) or " FOR NO KEY UPDATE" in sql:
            self._at_a_point.set()
            self._go.acquire()
        return execute(sql, params, many, context)


def _waits_for_a_lock(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", [pid])
        row = cursor.fetchone()
    return row is not None and row[0] == "Lock"


def in_every_order(scene: Callable[[], tuple[Act, Act]]) -> Iterator[tuple[Session, Session]]:
    """Both sessions after each schedule, in the order of the scene, on a fresh scene each time."""
    for swapped in (False, True):
        points, further = 0, True
        while further:
            sessions = [Session(act) for act in scene()]
            first, second = reversed(sessions) if swapped else sessions
            further = _play(first, second, points)
            points += 1
            yield sessions[0], sessions[1]


def _play(first: Session, second: Session, points: int) -> bool:
    """Whether the first was interrupted, so that a later point can be tried as well."""
    first.start()
    for _ in range(points):
        first.step()
    interrupted = not first.done
    second.start()
    second.run_until_blocked()
    first.run_to_the_end()
    second.run_to_the_end()
    return interrupted
