"""``assay``: its commands, those of Django, and what it says when it can not."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from assay.__main__ import command_names, load, main
from jobs.models import Job
from servers import assay


def test_help_lists_every_command_with_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    for name in command_names():
        assert f"  {name} " in listed
        assert (load(name).__doc__ or "").partition("\n")[0] in listed


def test_the_processes_are_among_the_commands() -> None:
    assert {"up", "web", "jobs", "worker", "scheduler", "status", "check"} <= set(command_names())


def test_help_loads_no_django() -> None:
    code = "import sys; from assay.__main__ import main; main(['--help']); sys.exit('django' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        == 0
    )


def test_a_slip_of_the_finger_gets_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrat"]) == 2
    assert "'migrate'" in capsys.readouterr().err


def test_commands_of_django_are_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diffsettings"]) == 0
    assert "ROOT_URLCONF = 'assay.urls'" in capsys.readouterr().out


def test_the_version_is_that_of_assay(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"{version('assay')}\n"


def test_a_wrong_environment_is_told_as_one_list_without_a_traceback(tmp_path: Path) -> None:
    environ = assay.environment(tmp_path, ASSAY_PORT="eighty", ASSAY_HTTPS="yes", REDIS_URL="redis")
    for command in ("check", "up", "migrate"):
        refused = assay.run(command, environ=environ)
        assert refused.returncode == 78
        assert refused.stderr.count("\n  - ") == 3
        assert "Traceback" not in refused.stderr


def test_ctrl_c_is_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(load("check"), "run", interrupted)
    assert main(["check"]) == 130
    assert capsys.readouterr().err == ""


def test_a_missing_database_is_told_in_words(tmp_path: Path) -> None:
    away = assay.environment(tmp_path, DATABASE_URL="postgresql://assay:hunter2@127.0.0.1:1/assay")
    checked = assay.run("check", environ=away)
    assert checked.returncode == 1
    assert "database cannot be reached" in checked.stdout
    empty = assay.run("status", environ=assay.environment(tmp_path))
    assert empty.returncode == 69
    assert "assay migrate" in empty.stderr
    for ran in (checked, empty):
        assert "hunter2" not in ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr


@pytest.mark.django_db
def test_status_lists_jobs_with_their_progress(capsys: pytest.CaptureFixture[str]) -> None:
    Job.objects.create(kind="quality.refit", done=3, total=7, error="It failed.\nmore")
    assert main(["status"]) == 0
    listed = capsys.readouterr().out
    assert "quality.refit" in listed
    assert " 3/7 " in listed
    assert "It failed.\n" in listed

    assert main(["status", "--json"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["total"] == 7


@pytest.mark.django_db
def test_check_says_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)
    assert [finding["what"] for finding in findings] == ["environment", "database", "migrations"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "--port", "0"],
        ["demo", "--port", "-5"],
        ["demo", "--seed", "-1"],
        ["up", "--port", "65536"],
        ["web", "--port", "99999999"],
    ],
)
def test_numbers_that_cannot_be_are_refused_before_anything_starts(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert f"{arguments[2]!r} is not a whole number" in capsys.readouterr().err
