"""Starts the processes of one machine, starts again what dies, and takes them along when it ends.

Each child is a session of its own: Ctrl-C reaches the supervisor alone, which then asks the others to
stop. Should the supervisor be killed, their lifelines end them.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)

GRACE_SECONDS = 12.0  # for children to end by themselves; above granian's own patience
LOOK_EVERY = 0.1
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
SOUND_AFTER = 10.0  # a child that lived this long starts again without delay


@dataclass
class Child:
    """One process to keep running: ``assay <command> --parent <us>``."""

    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=FIRST_PAUSE)


class Supervisor:
    """Keeps these commands of ``assay`` running until told to stop."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._children = [Child(command) for command in commands]
        self._stop = threading.Event()
        self._signal = 0

    def run(self) -> int:
        """The signal that ended it."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            while not self._stop.is_set():
                for child in self._children:
                    _look_after(child)
                self._stop.wait(LOOK_EVERY)
        finally:
            _stop_all([child.process for child in self._children if child.process])
        return self._signal

    def _on_signal(self, number: int, _frame: object) -> None:
        self._signal = number
        self._stop.set()


def command_line(*arguments: str) -> list[str]:
    """How to start ``assay`` with these arguments as a process. -P: the folder we are in is no library."""
    return [sys.executable, "-P", "-m", "assay", *arguments]


def _look_after(child: Child) -> None:
    if child.process is None:
        if time.monotonic() >= child.start_at:
            _start(child)
    elif (code := child.process.poll()) is not None:
        _plan_restart(child, code)


def _start(child: Child) -> None:
    command = command_line(*child.command, "--parent", str(os.getpid()))
    child.process = subprocess.Popen(  # noqa: S603  (our own words only)
        command, stdin=subprocess.DEVNULL, start_new_session=True
    )
    child.started_at = time.monotonic()
    log.info("process_started", process=child.command[0], pid=child.process.pid)


def _plan_restart(child: Child, code: int) -> None:
    sound = time.monotonic() - child.started_at > SOUND_AFTER
    child.pause = FIRST_PAUSE if sound else min(child.pause * 2, LONGEST_PAUSE)
    child.start_at = time.monotonic() + (0 if sound else child.pause)
    child.process = None
    log.warning("process_died", process=child.command[0], code=code, restart_in=child.pause)


def _stop_all(processes: "list[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        process.terminate()
    end = time.monotonic() + GRACE_SECONDS
    for process in processes:
        _wait_or_kill(process, max(0.0, end - time.monotonic()))


def _wait_or_kill(process: "subprocess.Popen[bytes]", patience: float) -> None:
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        log.warning("process_killed", pid=process.pid)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
