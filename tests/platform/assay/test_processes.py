"""The processes of one machine, killed one after the other: everything comes back, and nothing stays behind."""

import signal
import socket
import time
from pathlib import Path

from assay.processes.web import CANNOT_START
from servers import assay
from servers.process import free_port

SUPERVISE = "-P -c import sys; from assay.processes.supervisor import Supervisor; Supervisor([sys.argv[1:4]]).run()"

CANNOT_LOAD = (
    "-P -c import sys; from assay.processes import web; web.load_application = lambda: 1 / 0;"
    " from assay.__main__ import main; sys.exit(main(sys.argv[1:]))"
)


def child_named(supervisor: int, command: str) -> int:
    return next(
        pid
        for pid in assay.descendants(supervisor)
        if f" assay {command} " in assay.command_of(pid)
    )


def test_killed_processes_come_back_and_a_killed_supervisor_leaves_no_orphans(
    tmp_path: Path,
) -> None:
    port, log, environ = free_port(), tmp_path / "log", assay.environment(tmp_path)
    with assay.running("up", "--port", str(port), environ=environ, log=log) as supervisor:
        assay.wait_until(lambda: assay.answers(port), log=log)
        assay.wait_until(lambda: "worker_started" in log.read_text(), log=log)

        server, jobs = child_named(supervisor.pid, "web"), child_named(supervisor.pid, "jobs")
        [worker] = assay.descendants(server)
        assay.kill(worker, jobs)
        assay.wait_until(lambda: assay.answers(port), log=log)
        time.sleep(CANNOT_START)  # from here on it is not taken for one that cannot start
        assay.kill(*assay.descendants(server))
        assay.wait_until(lambda: assay.answers(port), log=log)
        assert assay.alive([server])
        assay.wait_until(lambda: log.read_text().count("worker_started") == 2, log=log)

        second = assay.run("jobs", environ=environ)
        assert second.returncode == 69  # what a jobs process finds half done must be nobody's
        assert "Another `assay jobs` runs" in second.stderr

        family = assay.descendants(supervisor.pid)
        assert len(family) == 3  # web, its worker, jobs
        supervisor.kill()
        assay.wait_until(lambda: not assay.alive(family), log=log)


def test_a_server_whose_processes_cannot_start_ends(tmp_path: Path) -> None:
    port, log, environ = free_port(), tmp_path / "log", assay.environment(tmp_path)
    with assay.running(
        "web", "--port", str(port), environ=environ, log=log, program=CANNOT_LOAD
    ) as server:
        assert server.wait(assay.PATIENCE) != 0
    assert "ZeroDivisionError" in log.read_text()


def test_a_supervisor_that_is_told_to_stop_takes_its_children_along(tmp_path: Path) -> None:
    port, log, environ = free_port(), tmp_path / "log", assay.environment(tmp_path)
    with assay.running(
        "web", "--port", str(port), environ=environ, log=log, program=SUPERVISE
    ) as supervisor:
        assay.wait_until(lambda: assay.answers(port), log=log)
        family = assay.descendants(supervisor.pid)
        assert len(family) == 2
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(assay.PATIENCE) == 0
        assert assay.alive(family) == []


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = assay.run("up", "--port", str(port), environ=assay.environment(tmp_path))
    assert refused.returncode == 69
    assert f"127.0.0.1:{port}: address already in use" in refused.stderr
    assert f"ASSAY_PORT={port + 1}" in refused.stderr
    assert "Traceback" not in refused.stderr
