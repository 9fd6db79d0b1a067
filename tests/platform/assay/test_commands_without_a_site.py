"""Commands that need no site: they load no Django, and speak like all others."""

import subprocess
import sys
from pathlib import Path

import pytest

from assay.__main__ import main

COMMANDS = ("aggregate", "agreement", "replay")
WITHOUT_DJANGO = (
    "import sys; from assay.__main__ import main; code = main(sys.argv[1:]);"
    "assert 'django' not in sys.modules; sys.exit(code)"
)


@pytest.fixture
def answers(tmp_path: Path) -> str:
    path = tmp_path / "answers.csv"
    path.write_text("item,worker,label\na,x,cat\na,y,cat\nb,x,owl\nb,y,cat\n")
    return str(path)


@pytest.mark.parametrize("command", ["aggregate", "agreement"])
def test_it_runs_without_django(command: str, answers: str) -> None:
    run = [sys.executable, "-c", WITHOUT_DJANGO, command, answers]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_and_slips_are_as_everywhere(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as helped:
        main([command, "--help"])
    assert helped.value.code == 0
    assert f"usage: assay {command}" in capsys.readouterr().out
    with pytest.raises(SystemExit) as slipped:
        main([command, "--no-such-option", "x"])
    assert slipped.value.code == 2
    assert capsys.readouterr().err.startswith(f"usage: assay {command}")


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_not_there_is_told_in_one_line(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "/nowhere/at/all"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "Traceback" not in told


def test_replay_loads_no_django() -> None:
    run = [sys.executable, "-c", WITHOUT_DJANGO, "replay", "/nowhere/at/all"]
    assert subprocess.run(run, capture_output=True, check=False).returncode == 2
