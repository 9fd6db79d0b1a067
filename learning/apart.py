"""A trained model of a class that is not ours, asked in a process of its own: every question has an end.

Nobody knows how long the ``predict_proba`` of somebody else's class takes, and nothing inside a thread can
stop it. So the class is never loaded here: a child that knows none of our secrets holds the model and answers
over its pipes, one question after the other. Who asks waits for ``seconds``; then the child is killed with all
that it has started. What fails in a row rests for a while (``services.circuits``), like a model elsewhere.
"""

import contextlib
import json
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learning.children import Process, end, kill, started
from learning.estimators import serving
from learning.services.circuits import note_failure, note_success, why_resting

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]

SECONDS = 60.0  # for one block of the pool, as for a call to another machine


class Silent(Exception):
    """No usable answer came; the message is for people."""

    is_sentence = True


class ApartClassifier:
    """``blob`` are the bytes that skops wrote, ``trusted`` the types that they may hold.

    ``name`` is the dotted path. As an estimator it has ``classes_`` and ``predict_proba``; both raise Silent.
    """

    def __init__(self, project_id: int, name: str, blob: bytes, trusted: tuple[str, ...]) -> None:
        self.project_id, self.name, self.blob = project_id, name, blob
        self.seconds = SECONDS
        self._child = _Child(blob, trusted)

    @property
    def classes_(self) -> Ints:
        """The codes that it was taught, ascending."""
        with self._in_time():
            return self._child.classes()

    def predict_proba(self, features: Floats) -> Floats:
        """[i, k] over ``classes_``."""
        with self._in_time():
            return self._child.answer(features)

    @contextlib.contextmanager
    def _in_time(self) -> Iterator[None]:
        if resting := why_resting(self.project_id, self.name):
            raise Silent(resting)
        try:
            with self._child.turn(self.seconds):
                yield
        except Silent as silence:
            note_failure(self.project_id, self.name, str(silence))
            raise
        note_success(self.project_id, self.name)


class _Child:
    """The process, made when it is first asked and again after it was ended. One question at a time."""

    def __init__(self, blob: bytes, trusted: tuple[str, ...]) -> None:
        self._told = (json.dumps(trusted).encode(), blob)
        self._lock = threading.Lock()
        self._late = False
        self._process: Process | None = None
        self._classes: Ints = np.empty(0, dtype=np.int64)

    @contextlib.contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """The right to ask; whatever is asked inside has ended after so many seconds."""
        if not self._lock.acquire(timeout=seconds):
            raise Silent(f"the estimator was busy for {seconds:g} s")
        self._late = False
        timer = threading.Timer(seconds, self._stop)
        timer.start()
        try:
            yield
        except (OSError, EOFError, ValueError) as error:
            self._end()
            raise Silent(_why(error, seconds, late=self._late)) from None
        finally:
            timer.cancel()
            self._lock.release()

    def classes(self) -> Ints:
        self._running()
        return self._classes

    def answer(self, features: Floats) -> Floats:
        process = self._running()
        assert process.stdin is not None
        serving.send(process.stdin, serving.packed(np.asarray(features, dtype=np.float32)))
        said: Floats = _answered(process)
        return said

    def _running(self) -> Process:
        if self._process is None:
            self._process = started(serving.__name__)
            weakref.finalize(self, end, self._process)
            if self._late:
                raise EOFError
            assert self._process.stdin is not None
            for message in self._told:
                serving.send(self._process.stdin, message)
            self._classes = _answered(self._process)
        return self._process

    def _stop(self) -> None:
        """Time is up: whoever reads from the process hears that it has ended."""
        self._late = True
        if self._process is not None and self._process.returncode is None:
            kill(self._process)

    def _end(self) -> None:
        if self._process is not None:
            end(self._process)
        self._process = None


def _answered(process: Process) -> Any:
    assert process.stdout is not None
    return serving.unpacked(serving.answered(process.stdout))


def _why(error: Exception, seconds: float, *, late: bool) -> str:
    if late:
        return f"the estimator did not answer within {seconds:g} s"
    if isinstance(error, ValueError):
        return f"the estimator failed: {error}"[:200]
    return "the estimator's process ended"
