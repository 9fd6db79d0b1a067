"""Managers see and change what is theirs, and nothing else exists for anybody."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

import factories
from accounts.models import AuditEntry, Role, User
from jobs.models import Job
from jobs.running import run_job
from labeling.models import Item, LabelSet, Project
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.verdicts import Submission

pytestmark = pytest.mark.django_db
LABELS = {"labels": ["cat", "owl"]}


@pytest.fixture(autouse=True)
def store(settings, tmp_path) -> None:
    settings.MEDIA_STORE = tmp_path


def as_user(user: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


@pytest.fixture
def project(organization) -> Project:
    return factories.project(organization, gold_share=0, price_micros=10)


def create(user: User, organization: Any, **fields: Any) -> Any:
    body = {"organization": organization.public_id, "name": "Birds", "configuration": LABELS}
    return as_user(user).post("/api/v1/projects", {**body, **fields}, format="json")


def test_a_project_is_made_with_its_first_versions(mia, organization) -> None:
    reply = create(mia, organization, instructions="Look.", seats_max=3, budget_micros=500)
    assert reply.status_code == 201, reply.content
    project = Project.objects.get(public_id=reply.json()["id"])
    assert (project.status, project.seats_max) == ("draft", 3)
    assert project.instructions.get().text == "Look."
    assert [label.value for label in project.label_sets.get().labels.all()] == ["cat", "owl"]
    assert reply.json()["money"]["left_micros"] == 500
    assert AuditEntry.objects.filter(action="project.created", actor=mia).exists()


WRONG = [
    ({"name": ""}, "name"),
    ({"name": "a\x00"}, "name"),
    ({"seats_min": 5, "seats_max": 3}, "seats_max"),
    ({"seats_max": 10**9}, "seats_max"),
    ({"gold_share": 1}, "gold_share"),
    ({"target_certainty": 0}, "target_certainty"),
    ({"price_micros": -1}, "price_micros"),
    ({"budget_micros": "much"}, "budget_micros"),
    ({"currency": "usd"}, "currency"),
    ({"redundancy": "some"}, "redundancy"),
    ({"label_type": "guess"}, "label_type"),
    ({"configuration": []}, "configuration"),
    ({"configuration": {"labels": ["cat"]}}, "configuration.labels"),
    ({"configuration": {"labels": ["cat", "cat"]}}, "configuration.labels.1.value"),
    ({"configuration": {"labels": ["cat", {"value": 3}]}}, "configuration.labels.1.value"),
    ({"configuration": {"labels": ["cat", {"value": "x", "z": 1}]}}, "configuration.labels.1.z"),
    ({"surprise": 1}, "surprise"),
]


@pytest.mark.parametrize(("fields", "field"), WRONG)
def test_a_setting_that_cannot_be_is_named(mia, organization, fields, field) -> None:
    reply = create(mia, organization, **fields)
    assert reply.status_code == 400
    named = [error["field"] for error in reply.json().get("errors", [])]
    assert named == [field]
    assert not Project.objects.exists()


def test_settings_change_while_work_runs(mia, ada, project) -> None:
    item = factories.item(project, seats=2)
    [seat] = claim(project, ada, 1).assignments
    path = f"/api/v1/projects/{project.public_id}"
    body = {"redundancy": "fixed", "seats_min": 1, "seats_max": 5, "price_micros": 99}
    assert as_user(mia).patch(path, body, format="json").status_code == 200
    item.refresh_from_db()
    assert (item.seats_wanted, item.seats_taken, item.has_seat) == (5, 1, True)
    down = {"seats_max": 1}
    assert as_user(mia).patch(path, down, format="json").status_code == 200
    item.refresh_from_db()
    assert (item.seats_wanted, item.has_seat) == (1, False)
    seat.refresh_from_db()
    assert seat.price_micros == 10  # as promised


def test_labels_keep_their_places_in_every_version(mia, ada, project) -> None:
    factories.item(project, seats=2)
    [seat] = claim(project, ada, 1).assignments
    path = f"/api/v1/projects/{project.public_id}"
    renamed = {"configuration": {"labels": ["dog", "owl"]}}
    assert as_user(mia).patch(path, renamed, format="json").status_code == 400
    more = {"configuration": {"labels": ["cat", "owl", "dog"]}, "instructions": "Anew."}
    assert as_user(mia).patch(path, more, format="json").status_code == 200
    project.refresh_from_db()
    assert (project.label_set_version, project.instructions_version) == (2, 2)
    assert LabelSet.objects.filter(project=project).count() == 2
    [outcome] = submit(ada, [_say(seat, "dog")])
    assert outcome.verdict == "invalid"  # the seat was given under the first version


def _say(seat: Any, value: str) -> Submission:
    return Submission(seat.public_id, value, None, uuid.uuid4())


def test_pause_resume_and_end(mia, ada, project) -> None:
    factories.item(project, seats=2)
    path = f"/api/v1/projects/{project.public_id}/status"

    def become(status: str) -> int:
        return as_user(mia).post(path, {"status": status}, format="json").status_code

    assert become("paused") == 200
    assert claim(project, ada, 1).why_empty == "paused"
    assert become("pilot") == 409
    assert become("live") == 200
    [seat] = claim(project, ada, 1).assignments
    assert become("done") == 200
    assert submit(ada, [_say(seat, "owl")])[0].verdict == "stored"  # a lease is honoured


def test_a_file_is_imported_by_its_job_and_reported(mia, project) -> None:
    api, path = as_user(mia), f"/api/v1/projects/{project.public_id}/imports"

    def upload(content: bytes) -> Any:
        file = SimpleUploadedFile("t.csv", content)
        reply = api.post(path, {"file": file, "open": True}, format="multipart")
        assert reply.status_code == 202, reply.content
        run_job(Job.objects.get(public_id=reply.json()["job"]).pk)
        return api.get(f"{path}/{reply.json()['id']}").json()

    good = upload(b"id,text\na,x\nb,y\n")
    assert (good["state"], good["items"], good["problems"]) == ("done", 2, [])
    bad = upload(b"id,text\nc,\n")
    assert (bad["state"], bad["problem_count"], bad["problems"][0]["row"]) == ("refused", 1, 2)
    assert Job.objects.filter(state="failed", error__contains="row 2, text").count() == 1
    assert Item.objects.filter(status="open").count() == 2


def test_an_upload_beyond_the_limit_is_refused(mia, project, settings, tmp_path) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    file = SimpleUploadedFile("t.csv", b"x" * 11)
    path = f"/api/v1/projects/{project.public_id}/imports"
    reply = as_user(mia).post(path, {"file": file}, format="multipart")
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, "file")
    assert list((tmp_path / "uploads").iterdir()) == []


def test_answers_go_out_under_pseudonyms_and_defused(mia, ada, organization) -> None:
    project = factories.project(organization, labels=["=cmd()", "-1"], gold_share=0)
    for n, name in enumerate(("+a", "b")):
        factories.item(project, name, seats=1, position=n)
    seats = claim(project, ada, 2).assignments
    submit(ada, [_say(seats[0], "=cmd()"), _say(seats[1], "-1")])
    base = f"/api/v1/projects/{project.public_id}/exports/answers"

    def body(kind: str) -> str:
        reply = as_user(mia).get(base, {"as": kind})
        assert reply.status_code == 200
        return b"".join(reply.streaming_content).decode()

    pseudonym = project.enrollments.get().pseudonym
    assert body("crowdkit").splitlines() == [
        "task,worker,label",
        f"'+a,{pseudonym},'=cmd()",
        f"b,{pseudonym},-1",
    ]
    for kind in ("csv", "jsonl", "crowdkit"):
        text = body(kind)
        assert "ada" not in text
        assert text == body(kind)
    assert as_user(mia).get(base, {"as": "xlsx"}).status_code == 400


def routes(project: Project) -> list[tuple[str, str, Any]]:
    base = f"/api/v1/projects/{project.public_id}"
    return [
        ("get", base, None),
        ("patch", base, {"name": "Mine"}),
        ("post", f"{base}/status", {"status": "paused"}),
        ("post", f"{base}/imports", None),
        ("get", f"{base}/imports/x", None),
        ("get", f"{base}/exports/answers", None),
    ]


@pytest.mark.parametrize("place", range(6))
def test_a_foreign_project_is_the_same_404_as_an_unknown_one(project, zed, ada, place) -> None:
    for person in (zed, ada):
        replies = [
            getattr(as_user(person), method)(path, body, format=None if body is None else "json")
            for method, path, body in (
                routes(project)[place],
                routes(Project(public_id="unknown"))[place],
            )
        ]
        assert [reply.status_code for reply in replies] == [404, 404]
        assert replies[0].content == replies[1].content


def test_an_auditor_looks_and_changes_nothing(project, organization) -> None:
    olu = factories.member(organization, "olu", Role.AUDITOR)
    codes = [
        getattr(as_user(olu), method)(
            path, body, format=None if body is None else "json"
        ).status_code
        for method, path, body in routes(project)
    ]
    assert codes == [200, 404, 404, 404, 404, 200]


def test_lists_hold_only_one_s_own(project, mia, zed) -> None:
    assert len(as_user(mia).get("/api/v1/projects").json()["projects"]) == 1
    assert as_user(zed).get("/api/v1/projects").json() == {"projects": [], "next": None}
    assert create(zed, project.organization).status_code == 404
