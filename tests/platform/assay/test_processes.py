"""The processes of one machine, killed one after the other: everything comes back, and nothing stays behind."""

import signal
import socket
from pathlib import Path

import pytest

from servers import assay
from servers.process import free_port


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests here: setting up the database takes longer than the rest."""
    return tmp_path_factory.mktemp("home")


def child_named(supervisor: int, command: str) -> int:
    return next(
        pid
        for pid in assay.descendants(supervisor)
        if f" assay {command} " in assay.command_of(pid)
    )


def test_killed_processes_come_back_and_a_killed_supervisor_leaves_no_orphans(home: Path) -> None:
    port, log = free_port(), home / "killed.log"
    with assay.running(
        "up", "--port", str(port), environ=assay.environment(home), log=log
    ) as supervisor:
        assay.wait_until(lambda: assay.answers(port), log=log)
        assay.wait_until(lambda: "worker_started" in log.read_text(), log=log)

        server, jobs = child_named(supervisor.pid, "web"), child_named(supervisor.pid, "jobs")
        [worker] = assay.descendants(server)
        assay.kill(worker, jobs)
        assay.wait_until(lambda: assay.answers(port), log=log)
        assay.wait_until(lambda: log.read_text().count("worker_started") == 2, log=log)

        family = assay.descendants(supervisor.pid)
        assert len(family) == 3  # web, its worker, jobs
        supervisor.kill()
        assay.wait_until(lambda: not assay.alive(family), log=log)


def test_a_request_to_stop_ends_all_processes(home: Path) -> None:
    port, log = free_port(), home / "stopped.log"
    with assay.running(
        "up", "--port", str(port), environ=assay.environment(home), log=log
    ) as supervisor:
        assay.wait_until(lambda: assay.answers(port), log=log)
        family = assay.descendants(supervisor.pid)
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(assay.PATIENCE) == 0
        assert assay.alive(family) == []


def test_a_port_in_use_is_named_with_what_to_do(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = assay.run("up", "--port", str(port), environ=assay.environment(home))
    assert refused.returncode == 69
    assert f"127.0.0.1:{port}: address already in use" in refused.stderr
    assert f"ASSAY_PORT={port + 1}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_second_jobs_process_is_refused(home: Path) -> None:
    """The first may be sure that what it finds half done is nobody's: so there must be one only."""
    log = home / "jobs.log"
    environ = assay.environment(home)
    with assay.running("jobs", environ=environ, log=log):
        assay.wait_until(lambda: "worker_started" in log.read_text(), log=log)
        refused = assay.run("jobs", environ=environ)
    assert refused.returncode == 69
    assert "Another `assay jobs` runs" in refused.stderr
