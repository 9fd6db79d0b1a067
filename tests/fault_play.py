"""A play in a process of its own, for tests that break things under it."""

import json
import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import servers
from servers import assay
from servers.process import free_port

PLAYER = Path(next(iter(servers.__path__))) / "player.py"
N_ITEMS = 110  # 40 of them gold
LONGEST_CALM = 1.6  # seconds from one fault to the next, at most
PATIENCE = 600.0  # never a measure of speed: only the end of what would hang


@dataclass
class Play:
    """The player's process; ``pid`` is above all processes of the site."""

    process: "subprocess.Popen[str]"
    log: Path
    seed: int

    @property
    def pid(self) -> int:
        return self.process.pid

    def break_down(self, faults: Sequence[Callable[[], None]]) -> None:
        """All faults in a random order, at random instants of the seed, while people work."""
        luck = random.Random(self.seed)
        for fault in luck.sample(faults, len(faults)):
            time.sleep(luck.uniform(0, LONGEST_CALM))
            assert self.process.poll() is None, "it ended before everything had happened"
            fault()

    def outcome(self) -> dict[str, Any]:
        """Let people hurry, and wait for the end."""
        out, _ = self.process.communicate("go\n", timeout=PATIENCE)
        assert self.process.returncode == 0, self.log.read_text(errors="replace")[-4000:]
        return dict(json.loads(out.splitlines()[-1]))

    def kill(self, command: str, *, child: bool = False) -> None:
        """SIGKILL to the site's process of this command, or to a child of it that does the work."""
        pids = [p for p in assay.descendants(self.pid) if f" assay {command} " in _command(p)]
        if child:
            pids = [c for pid in pids for c in assay.descendants(pid)]
        assay.kill(*pids[:1])  # there is none while it starts again


def _command(pid: int) -> str:
    try:
        return assay.command_of(pid)
    except OSError:
        return ""


@contextmanager
def playing(home: Path, seed: int, address: str = "", **variables: str) -> Iterator[Play]:
    """Entered when people begin to work."""
    log = home / "player.log"
    command = [sys.executable, "-P", str(PLAYER), str(free_port()), str(seed), str(N_ITEMS)]
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [*command, *([address] if address else [])],
            env=assay.environment(home, **variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        _wait_for_people(process, log)
        yield Play(process, log, seed)
    finally:
        process.kill()
        process.communicate()


def _wait_for_people(process: "subprocess.Popen[str]", log: Path) -> None:
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    said = os.read(process.stdout.fileno(), 100) if ready else b""
    assert b"playing" in said, log.read_text(errors="replace")[-4000:]


def assert_kept(outcome: dict[str, Any]) -> None:
    """Every promise was kept, and the loop came to its end."""
    assert outcome["found"] == [], outcome["found"]
    assert outcome["stopped_because"]
    assert outcome["acknowledged"] > 0
    assert outcome["label_accuracy"] > outcome["baselines"]["majority3"]["accuracy"]
