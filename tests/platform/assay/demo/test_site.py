"""The site under the demonstration: it outlives the death of its supervisor, and leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assay.demo.site import SiteNotStarted, running_site
from servers import assay
from servers.process import free_port


def supervisor() -> int:
    """The one child of this process that is ``assay up``; 0 while there is none."""
    children = assay.alive(assay.descendants(os.getpid()))
    return next((pid for pid in children if " assay up " in assay.command_of(pid)), 0)


@pytest.fixture
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(os.environ) - set(assay.environment(tmp_path)):
        monkeypatch.delenv(name)
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path))


@pytest.mark.nightly
@pytest.mark.usefixtures("_own_home")
def test_a_killed_supervisor_is_replaced_and_nothing_stays_behind(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with running_site(port, log):
        first = supervisor()
        assay.kill(first)
        assay.wait_until(lambda: supervisor() not in (0, first), log=log)
        assay.wait_until(lambda: assay.answers(port), log=log)
        family = [supervisor(), *assay.descendants(supervisor())]
    assert assay.alive(family) == []


@pytest.mark.usefixtures("_own_home")
def test_a_site_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "assay.sqlite3").write_bytes(b"this is no database" * 100)
    reason = r"exit code 69(?s:.*)not a database"
    with pytest.raises(SiteNotStarted, match=reason), running_site(free_port(), tmp_path / "log"):
        pass
    assert supervisor() == 0


SLOW_MIGRATION = """
import subprocess, sys
from assay.commands import up
up.command_line = lambda *_: ["sleep", "600"]
up._migrate()
"""


def test_sigterm_while_the_database_is_prepared_leaves_no_child(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", SLOW_MIGRATION])
    try:
        assay.wait_until(lambda: assay.descendants(parent.pid), log=tmp_path)
        children = assay.descendants(parent.pid)
        parent.terminate()
        assert parent.wait(assay.PATIENCE) == 143
        assert assay.alive(children) == []
    finally:
        parent.kill()
        parent.wait()
