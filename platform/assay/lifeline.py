"""A child process that never outlives its parent, however the parent ends.

On Linux the kernel kills it at the instant the parent dies. Everywhere a thread looks twice a second
whether the parent is still there. Killing is safe: whatever was acknowledged is stored, and whatever
was begun is begun again.
"""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
LOOK_EVERY = 0.5


def die_with_parent(parent: int) -> None:
    """From now on this process ends when ``parent``, which must be the process that started it, ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _end_without(parent)  # it may have died before we asked
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while True:
        time.sleep(LOOK_EVERY)
        _end_without(parent)


def _end_without(parent: int) -> None:
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
