"""Processes in which code runs that is not ours: they know none of our secrets, and each has an end.

Nobody knows how long somebody else's code takes, and nothing inside a thread can stop it. So classes by dotted
path are trained and asked in a child (``services.training_apart``, ``apart``), and labelling functions and
generators by dotted path are called in one (``called``). Whoever waits too long kills the child, with
everything that it has started.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

from learning.estimators import serving

Process = subprocess.Popen[bytes]
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # jobs share the machine
CALLED = "learning.called"


class Unanswered(Exception):
    """The function did not answer in time, ended its process, or failed; the message is for people."""


def call(path: str, shape: str, arguments: list[Any], seconds: float) -> list[Any]:
    """What the function at ``path`` says to each list of arguments, as ``learning.called`` packs and unpacks it.

    Raises Unanswered. Whether the path is allowed is for the caller to ask.
    """
    child, late = started(CALLED), threading.Event()

    def stop() -> None:
        late.set()
        kill(child)

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        return _answer(child, {"path": path, "shape": shape, "arguments": arguments})
    except (OSError, EOFError, ValueError) as error:
        raise Unanswered(_why(error, seconds, late=late.is_set())) from None
    finally:
        timer.cancel()
        end(child)


def _answer(child: Process, question: dict[str, Any]) -> list[Any]:
    assert child.stdin is not None
    assert child.stdout is not None
    serving.send(child.stdin, json.dumps(question).encode())
    said: list[Any] = json.loads(serving.answered(child.stdout))
    return said


def _why(error: Exception, seconds: float, *, late: bool) -> str:
    if late:
        return f"it did not come to an end within {seconds:g} s"
    if isinstance(error, ValueError):
        return f"it failed: {error}"[:300]
    return "its process ended without a word"


def started(module: str) -> Process:
    """A child that runs this module, in a session of its own."""
    return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        [sys.executable, "-m", module],
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def child_environment() -> dict[str, str]:
    """A child knows where our modules are, and none of our secrets."""
    return {**THREADS, "PYTHONPATH": os.pathsep.join(sys.path)}


def kill(process: "subprocess.Popen[Any]") -> None:
    """With everything that it has started; the process leads a session of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def end(process: "subprocess.Popen[Any]") -> None:
    """Once it was waited for, its number may be another's."""
    if process.returncode is None:
        kill(process)
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
