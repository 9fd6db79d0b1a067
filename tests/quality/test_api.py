"""What managers and auditors can fetch about labels and people, and that nobody else can."""

import csv
import io
import json

import pytest
from rest_framework.test import APIClient

import scenes
from accounts.models import User
from assay.__main__ import main
from labeling.models import Enrollment, Item, Project
from quality.models import Consensus
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db
PATHS = ("labels", "annotators", "quality", "exports/labels")


def client(user: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


@pytest.fixture
def project(organization) -> Project:
    return scenes.digits_project(organization)


@pytest.fixture
def items(project, ada, ben) -> list[Item]:
    """Three settled items, one open, one without an answer; a gold item that both got right."""
    made = scenes.open_work(project, 5, seats=2)
    for person in (ada, ben):
        scenes.say_all(project, person, [(item, "3") for item in made[:3]])
    scenes.say(project, ada, made[3], "8")
    [gold] = scenes.open_known(project, ["1"])
    for person in (ada, ben):
        scenes.say(project, person, gold, "1")
    settle_all(project.pk)
    refit(project.pk, Unfenced())
    return made


def get(user: User, project: Project, path: str, **parameters: object) -> dict:
    return client(user).get(f"/api/v1/projects/{project.public_id}/{path}", parameters).json()


def test_labels_come_in_pages_of_the_same_rows(project, items, mia):
    first = get(mia, project, "labels", limit=3)
    rest = get(mia, project, "labels", limit=3, cursor=first["next"])
    rows = first["labels"] + rest["labels"]
    assert [row["external_id"] for row in rows] == [item.external_id for item in items]
    assert [row["state"] for row in rows] == ["settled"] * 3 + ["open", "unanswered"]
    assert [row["label"] for row in rows] == ["3"] * 3 + ["8", None]
    assert rest["next"] is None


def test_labels_can_be_had_by_state(project, items, mia):
    for state, n in (("settled", 3), ("open", 1), ("unanswered", 1), ("expert", 0)):
        assert len(get(mia, project, "labels", state=state)["labels"]) == n


@pytest.mark.parametrize(
    "parameters", [{"limit": "0"}, {"limit": "x"}, {"state": "gold"}, {"order": "secret"}]
)
def test_other_parameters_are_refused_by_name(project, items, mia, parameters):
    api = client(mia)
    answer = api.get(f"/api/v1/projects/{project.public_id}/labels", parameters)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == list(parameters)


def test_people_appear_under_their_pseudonym(project, items, mia, ada):
    rows = get(mia, project, "annotators")["annotators"]
    assert {row["annotator"] for row in rows} == set(
        Enrollment.objects.values_list("pseudonym", flat=True)
    )
    assert set(rows[0]) == {
        "annotator",
        "answers",
        "accuracy",
        "low",
        "high",
        "gold_right",
        "gold_seen",
        "status",
        "reason",
        "set_aside",
    }
    assert ada.username not in json.dumps(rows)


def test_quality_says_how_good_how_far_and_how_much_gold(project, items, mia):
    body = get(mia, project, "quality")
    assert body["progress"]["settled"] == 3
    assert body["gold"]["items"] == 1
    assert body["expected_accuracy"]["low"] < body["expected_accuracy"]["high"]
    assert body["ceiling"] == 0.95  # one gold item bears out nothing


def test_a_label_is_explained_to_who_may_look(project, items, mia):
    body = get(mia, project, f"items/{items[0].public_id}/provenance")
    assert body["label"] == "3"
    total = body["prior"] + sum(vote["log_odds"] for vote in body["votes"]) + body["doubt"]
    assert body["log_odds"] == pytest.approx(total)


def test_labels_leave_as_a_file(project, items, mia):
    path = f"/api/v1/projects/{project.public_id}/exports/labels"
    text = b"".join(client(mia).get(path).streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["item"] for row in rows] == [item.external_id for item in items]
    assert [row["label"] for row in rows] == ["3", "3", "3", "8", ""]
    lines = b"".join(client(mia).get(path, {"as": "jsonl"}).streaming_content).splitlines()
    assert [json.loads(line)["label"] for line in lines] == ["3", "3", "3", "8", None]
    assert client(mia).get(path, {"as": "xlsx"}).status_code == 400


@pytest.mark.parametrize("path", PATHS)
def test_who_does_not_manage_it_finds_nothing(project, items, ada, zed, path):
    for user in (ada, zed):
        answer = client(user).get(f"/api/v1/projects/{project.public_id}/{path}")
        assert answer.status_code == 404
    assert APIClient().get(f"/api/v1/projects/{project.public_id}/{path}").status_code in (401, 403)


def test_gold_and_foreign_items_are_not_explained(project, items, mia, zed):
    gold = Item.objects.get(role="gold")
    for user, item in ((mia, gold), (zed, items[0])):
        path = f"/api/v1/projects/{project.public_id}/items/{item.public_id}/provenance"
        assert client(user).get(path).status_code == 404


def test_the_command_rebuilds_and_says_what_it_did(project, items, capsys, monkeypatch):
    monkeypatch.setattr("assay.commands.rebuild.prepare_site", lambda: None)
    before = list(Consensus.objects.order_by("item").values("item", "posterior", "state"))
    Consensus.objects.all().delete()
    assert main(["rebuild", project.public_id, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"answers": 9, "items": 4}
    assert list(Consensus.objects.order_by("item").values("item", "posterior", "state")) == before
    assert main(["rebuild", "nobody"]) == 65
