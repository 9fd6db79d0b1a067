"""`assay quality rules` and `assay survey`: the same services as the API, at the shell."""

import json
from pathlib import Path
from typing import Any

import pytest

import scenes
from assay.__main__ import main
from labeling.models import Project
from quality.models import Decision, RuleSet, Survey
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organization) -> Project:
    return scenes.digits_project(organization, price_micros=1000)


@pytest.fixture
def assay(capsys) -> Any:
    def run(*arguments: str, code: int = 0) -> Any:
        assert main(list(arguments)) == code
        out = capsys.readouterr()
        return out.err if code else [json.loads(line) for line in out.out.splitlines()]

    return run


def test_rules_are_shown_tried_and_set(assay, project, ada, tmp_path: Path) -> None:
    gold = scenes.open_known(project, [str(k % 10) for k in range(12)])
    scenes.say_all(project, ada, [(i, str((k + k % 2) % 10)) for k, i in enumerate(gold)])
    settle_all(project.pk)  # every other answer is wrong: not enough for the gold test to fail
    name = project.public_id
    shown = assay("quality", "rules", "show", name, "--json")
    assert {row["version"] for row in shown} == {1}
    rules = tmp_path / "rules.json"
    rules.write_text('[{"evidence": "gold_errors", "threshold": 0.2, "actions": ["warn"]}]')
    [would] = assay("quality", "rules", "dry-run", name, str(rules), "--json")
    assert (would["evidence"], would["actions"], would["answers"]) == ("gold_errors", ["warn"], 12)
    assert not Decision.objects.exists()
    assert not RuleSet.objects.exists()
    [now] = assay("quality", "rules", "set", name, str(rules), "--json")
    assert (now["version"], now["actions"]) == (2, ["warn"])
    [found] = assay("survey", name, "--json")
    assert (found["people"], found["decisions"]) == (1, 1)
    assert Decision.objects.get().action == "warn"
    assert Survey.objects.get().version == 1


def test_a_rule_that_cannot_fire_is_refused_in_one_line(assay, project, tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('{"rules": [{"evidence": "gold", "actions": ["pause"]}]}')
    said = assay("quality", "rules", "set", project.public_id, str(rules), code=1)
    assert "rules.0.evidence" in said
    rules.write_text("[")
    assert assay("quality", "rules", "set", project.public_id, str(rules), code=1)


def test_a_survey_of_nobody_finds_nothing(assay, project) -> None:
    [found] = assay("survey", project.public_id, "--json")
    assert (found["people"], found["decisions"], found["camps"]) == (0, 0, False)
