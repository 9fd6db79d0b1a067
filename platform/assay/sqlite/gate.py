"""The write gate: SQLite's writers wait in a fair line instead of polling each other.

SQLite has one writer and no queue: a connection that finds the file busy sleeps and tries again, so
under load the unlucky wait for seconds. Here the threads of a process take tickets, and the thread
whose turn it is takes a lock on a file beside the database, so that processes alternate as well. Only
the transaction itself runs inside.
"""

import fcntl
import os
import threading
from collections import deque
from pathlib import Path


class FairLock:
    """A lock that is handed over in the order of asking."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def acquire(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()  # released by whoever hands over to us

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class WriteGate:
    """One writer at a time, over all threads and processes that use the database at ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line = FairLock()
        self._file: int | None = None

    def enter(self) -> None:
        self._line.acquire()
        try:
            fcntl.flock(self._descriptor(), fcntl.LOCK_EX)
        except BaseException:
            self._line.release()
            raise

    def leave(self) -> None:
        try:
            fcntl.flock(self._descriptor(), fcntl.LOCK_UN)
        finally:
            self._line.release()

    def _descriptor(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file


_gates: dict[str, WriteGate] = {}
_gates_guard = threading.Lock()


def gate_for(database: str) -> WriteGate:
    """The one gate of this process for the database file."""
    with _gates_guard:
        return _gates.setdefault(database, WriteGate(Path(f"{database}.gate")))


def _forget_after_fork() -> None:
    """A child has its parent's locks but not its threads; it starts with gates of its own."""
    global _gates_guard
    _gates_guard = threading.Lock()
    _gates.clear()


os.register_at_fork(after_in_child=_forget_after_fork)
