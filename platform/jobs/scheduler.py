"""Calls the sweeps, over and over. Two schedulers at once are harmless, and one that dies loses nothing."""

import threading
import time
from dataclasses import dataclass

import structlog

from jobs.connections import drop_dead_connections
from jobs.schedules import Sweep, registered_sweeps

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.05
LONGEST_PAUSE = 30.0


@dataclass
class _Turn:
    """When a sweep is next, and how long it waits now: longer after each failure in a row."""

    sweep: Sweep
    ordinary: float
    pause: float
    next_at: float = 0.0


class Scheduler:
    """One thread's worth of sweeps. ``embedded``: the short pauses of one machine."""

    def __init__(self, *, embedded: bool) -> None:
        self._turns = [_turn(sweep, embedded) for sweep in registered_sweeps()]

    def run(self, stop: threading.Event) -> None:
        """Until ``stop`` is set. No error ends it: a database that is away is waited for."""
        while not stop.is_set():
            self.tick()
            stop.wait(LOOK_EVERY)

    def tick(self) -> None:
        """Call the sweeps whose time has come."""
        for turn in self._turns:
            if time.monotonic() >= turn.next_at:
                _call(turn)


def _turn(sweep: Sweep, embedded: bool) -> _Turn:
    pause = sweep.embedded_every if embedded else sweep.every
    return _Turn(sweep, ordinary=pause, pause=pause)


def _call(turn: _Turn) -> None:
    drop_dead_connections()
    try:
        turn.sweep.action()
        turn.pause = turn.ordinary
    except Exception:
        turn.pause = min(max(turn.pause, 0.5) * 2, LONGEST_PAUSE)
        log.exception("sweep_failed", sweep=turn.sweep.name, next_in=turn.pause)
        drop_dead_connections()
    turn.next_at = time.monotonic() + turn.pause
