"""The manager's commands, from an empty site to exported answers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accounts.models import ApiToken, Membership, Organization, Role
from assay.__main__ import main
from at_work import answer
from factories import item
from labeling.models import Enrollment, Project
from labeling.services.answering import submit
from labeling.services.claiming import claim

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path: Path) -> None:
    settings.MEDIA_STORE = tmp_path / "media"


@pytest.fixture
def assay(capsys) -> Any:
    def run(*arguments: str, code: int = 0) -> Any:
        assert main(list(arguments)) == code
        out = capsys.readouterr()
        return out.err if code else [json.loads(line) for line in out.out.splitlines()]

    return run


def make(assay: Any, *more: str) -> str:
    arguments = ("--name", "Birds", "--labels", "cat, owl", "--gold-share", "0", "--json")
    [made] = assay("project", "create", *arguments, *more)
    return made["id"]


@pytest.mark.django_db(transaction=True)
def test_from_nothing_to_exported_answers(assay, tmp_path, capsys) -> None:
    project = make(assay, "--start", "--redundancy", "fixed", "--seats-max", "3")
    (tmp_path / "t.txt").write_text("one\ntwo\n")
    [imported] = assay("import", project, str(tmp_path / "t.txt"), "--open", "--json")
    assert imported["items"] == 2
    tokens = tmp_path / "tokens.csv"
    assay(
        "people", "add", "--count", "2", "--project", project, "--tokens-out", str(tokens), "--json"
    )
    assert tokens.stat().st_mode & 0o077 == 0
    assert len(tokens.read_text().splitlines()) == 3
    enrollment = Enrollment.objects.order_by("pk").first()
    seats = claim(Project.objects.get(), enrollment.annotator, 2).assignments
    submit(enrollment.annotator, [answer(seat) for seat in seats])
    out = tmp_path / "answers.csv"
    assert main(["export", "Birds", "--format", "crowdkit", "-o", str(out)]) == 0
    assert {line.split(",")[1] for line in out.read_text().splitlines()[1:]} == {
        enrollment.pseudonym
    }
    [shown] = assay("project", "show", "Birds", "--json")
    assert (shown["items"], shown["open"], shown["status"]) == (2, 2, "live")


def test_pause_and_resume(assay) -> None:
    project = make(assay, "--start")
    assert assay("project", "pause", project, "--json")[0]["status"] == "paused"
    assert assay("project", "resume", project, "--json")[0]["status"] == "live"
    assert [row["id"] for row in assay("project", "list", "--json")] == [project]


def test_a_project_from_a_file(assay, tmp_path) -> None:
    config = tmp_path / "p.json"
    config.write_text(json.dumps({"name": "From file", "configuration": {"labels": ["a", "b"]}}))
    [made] = assay("project", "create", "--config", str(config), "--json")
    assert made["name"] == "From file"


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_ends_with_one_line_and_code_1(assay, tmp_path) -> None:
    project = make(assay)
    (tmp_path / "bad.csv").write_text("id,label\n1,owl\n")
    refusals = [
        (("import", project, str(tmp_path / "bad.csv")), "row 2, label"),
        (("import", project, str(tmp_path / "none.csv")), "is not a file"),
        (("project", "show", "unknown"), "no project"),
        (("project", "create", "--name", "x"), "configuration.labels"),
        (("project", "create", "--name", "x", "--configuration", "[1]"), "--configuration"),
        (("project", "create", "--name", "x", "--labels", "a"), "configuration.labels"),
        (("token", "create", "nobody"), "no account"),
    ]
    for arguments, words in refusals:
        error = assay(*arguments, code=1)
        assert words in error
        assert "Traceback" not in error


def test_several_organizations_must_be_named(assay) -> None:
    make(assay)
    Organization.objects.create(name="Another")
    assert "--organization" in assay("project", "create", "--name", "x", "--labels", "a,b", code=1)
    make(assay, "--organization", "Another")
    assert Project.objects.filter(organization__name="Another").exists()


def test_tokens_are_made_and_ended(assay, ada) -> None:
    [made] = assay("token", "create", "ada", "--name", "laptop", "--json")
    assert made["token"].startswith("assay_")
    assert assay("token", "revoke", "ada", "--name", "other", "--json")[0]["revoked"] == 0
    assert assay("token", "revoke", "ada", "--json")[0]["revoked"] == 1
    assert ApiToken.objects.get().revoked_at is not None


@pytest.mark.django_db(transaction=True)
def test_good_rows_come_in_and_the_bad_ones_are_written_down(assay, tmp_path) -> None:
    project = make(assay)
    (tmp_path / "t.csv").write_text("id,text\na,x\nb,\n")
    report = tmp_path / "bad.csv"
    bring = ("import", project, str(tmp_path / "t.csv"), "--report", str(report), "--json")
    assert "row 3, text" in assay(*bring, code=1)
    [done] = assay(*bring, "--keep-good")
    assert (done["items"], done["problems"]) == (1, 1)
    assert report.read_text().splitlines()[1:] == ["3,text,is missing: there is nothing to show"]


def test_gold_labels_and_a_number_as_redundancy(assay, tmp_path) -> None:
    project = make(assay, "--redundancy", "3")
    assert Project.objects.get().redundancy == "fixed"
    assert Project.objects.get().seats_max == 3
    (tmp_path / "gold.csv").write_text("id,text,label\ng,hoot,owl\n")
    [made] = assay("gold", "import", project, str(tmp_path / "gold.csv"), "--json")
    assert made["gold"] == 1
    assert "not a file" in assay("gold", "import", project, "none.csv", code=1)
    (tmp_path / "bad.csv").write_text("id,text,label\nh,hoot,horse\n")
    assert "row 2, label" in assay("gold", "import", project, str(tmp_path / "bad.csv"), code=1)
    none = ("project", "create", "--name", "x", "--labels", "a,b", "--redundancy", "0")
    assert "seats_max" in assay(*none, code=1)


def test_labels_go_to_a_file_and_the_command_says_what_it_wrote(assay, tmp_path) -> None:
    project, out = make(assay), tmp_path / "labels.csv"
    [said] = assay("export", project, "--what", "labels", "-o", str(out), "--json")
    assert said["bytes"] == len(out.read_bytes())
    assert out.read_text().startswith("item,label,confidence,answers,method,state")
    assert "format" in assay("export", project, "--what", "labels", "--format", "crowdkit", code=1)
    assert "-o FILE" in assay("export", project, "--json", code=1)


def test_a_sign_in_link_makes_a_manager_once_and_opens_the_site(assay, client) -> None:
    [first] = assay("sign-in", "mia", "--organization", "Birders", "--json")
    [again] = assay("sign-in", "mia", "--json")
    [member] = Membership.objects.all()
    assert (member.user.username, member.role) == ("mia", Role.MANAGER)
    assert member.organization.name == "Birders"
    for link in (first, again):
        path = link["link"].partition("/sign-in/")[2]
        assert client.post(f"/sign-in/{path}").status_code == 302
        assert client.post(f"/sign-in/{path}").status_code == 410
    told = assay("sign-in", "mia", "--role", "owner", code=1)
    assert "'mia' exists" in told


def test_functions_and_vectors_of_a_project(assay, tmp_path) -> None:
    made = make(assay)
    project = Project.objects.get()
    for n in range(4):
        item(project, f"i{n}", payload={"text": "it hoots" if n else "it purrs"})
    rule = ("keyword", '{"field": "text", "words": ["hoots"], "label": "owl"}')
    assert assay("functions", "try", made, *rule, "--json")[0]["votes"] == {"owl": 3}
    assay("functions", "add", made, "night", *rule, "--json")
    assert assay("functions", "off", made, "night", "--json")[0]["state"] == "off"
    assert [row["name"] for row in assay("functions", "list", made, "--json")] == ["night"]
    assert "no JSON" in assay("functions", "try", made, "keyword", "{", code=1)
    np.save(tmp_path / "v.npy", np.ones((2, 3)))
    (tmp_path / "names").write_text("i0\ni3\n")
    file, names = str(tmp_path / "v.npy"), str(tmp_path / "names")
    assert assay("vectors", made, file, "--ids", names, "--json")[0]["items"] == 2
    assert "not known" in assay("vectors", made, names, code=1)
