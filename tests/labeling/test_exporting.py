"""Answers as files: whole, in order, streamed, fetched from jobs by those who may, and swept."""

import json
import os
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

import factories
import scenes
from jobs.models import Job
from jobs.running import run_job
from jobs.services import enqueue
from labeling.models import Answer, Import, ImportState
from labeling.services import exporting, importing, leftovers
from labeling.services.exporting import export_answers, export_path

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path: Path) -> Path:
    settings.MEDIA_STORE = tmp_path / "media"
    return settings.MEDIA_STORE


@pytest.fixture
def project(organization, ada, ben):
    """Twelve answers: five work items and one of gold, by Ada and Ben."""
    made = factories.project(organization)
    items = [*scenes.open_work(made, 5, seats=2), *scenes.open_known(made, ["owl"])]
    for person in (ada, ben):
        scenes.say_all(made, person, [(item, "owl") for item in items])
    return made


def as_user(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def whole(project, kind: str, **more: str) -> str:
    return b"".join(export_answers(project, kind, **more)).decode()


def test_small_parts_give_the_same_file_as_one(project, monkeypatch) -> None:
    files = {kind: whole(project, kind) for kind in exporting.CONTENT_TYPES}
    monkeypatch.setattr(exporting, "AT_ONCE", 5)
    for kind, text in files.items():
        assert whole(project, kind) == text
    assert len(files["csv"].splitlines()) == 13
    assert len(files["jsonl"].splitlines()) == 12
    assert len(files["crowdkit"].splitlines()) == 11  # gold is not for others to aggregate


def test_every_field_of_every_answer_in_order_of_arrival(project) -> None:
    rows = [json.loads(line) for line in whole(project, "jsonl").splitlines()]
    answers = list(Answer.objects.select_related("item").order_by("pk"))
    assert [row["answer"] for row in rows] == [answer.public_id for answer in answers]
    assert [row["role"] for row in rows] == [answer.item.role for answer in answers]
    assert set(rows[0]) == set(exporting.COLUMNS)
    assert {row["created_at"] for row in rows} == {a.created_at.isoformat() for a in answers}


def test_the_first_piece_comes_before_anything_is_read(project) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert next(export_answers(project, "csv")).startswith(b"answer,item,")
        assert next(export_answers(project, "jsonl")) == b""
    assert len(queries) == 0


def test_queries_grow_with_parts_and_not_with_answers(project) -> None:
    with CaptureQueriesContext(connection) as queries:
        whole(project, "csv")
    assert len(queries) == 3  # one part, the empty one, the names


def test_somebody_who_joins_meanwhile_has_a_name(project, organization, monkeypatch) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 5)
    pieces = export_answers(project, "csv")
    first = [next(pieces), next(pieces)]
    cid = factories.annotator(organization, "cid")
    scenes.say(project, cid, factories.item(project, seats=1), "cat")
    assert b"".join([*first, *pieces]).count(b"\n") == 14


def test_names_only_when_asked_for_and_only_for_managers(project, mia, organization) -> None:
    base = f"/api/v1/projects/{project.public_id}/exports/answers"
    olu = factories.member(organization, "olu", "auditor")
    assert "ada" not in whole(project, "csv")
    assert ",ada," in whole(project, "csv", people="usernames")
    for person, code in ((mia, 200), (olu, 404)):
        reply = as_user(person).get(base, {"people": "usernames"})
        assert reply.status_code == code
        asked = as_user(person).post(base, {"people": "usernames"}, format="json")
        assert asked.status_code == (202 if code == 200 else 404)
    assert as_user(mia).get(base, {"people": "everybody"}).status_code in (400, 404)


@pytest.mark.parametrize("what", ["answers", "labels"])
def test_a_job_writes_the_same_file_for_its_own_people_alone(project, mia, zed, what) -> None:
    base = f"/api/v1/projects/{project.public_id}/exports"
    asked = as_user(mia).post(f"{base}/{what}", {"format": "jsonl"}, format="json")
    file = f"{base}/files/{asked.data['job']}"
    assert as_user(mia).get(file).status_code == 404  # not done yet
    run_job(Job.objects.get(public_id=asked.data["job"]).pk)
    got = as_user(mia).get(file)
    streamed = as_user(mia).get(f"{base}/{what}", {"as": "jsonl"})
    assert b"".join(got.streaming_content) == b"".join(streamed.streaming_content) != b""
    other = factories.project(zed.memberships.get().organization)
    elsewhere = f"/api/v1/projects/{other.public_id}/exports/files/{asked.data['job']}"
    assert as_user(zed).get(file).status_code == 404
    assert as_user(zed).get(elsewhere).status_code == 404


def test_a_job_of_another_kind_is_no_export(project, mia) -> None:
    subject = f"project:{project.public_id}"
    job = Job.objects.create(
        kind="labeling.import", tenant=project.organization_id, subject=subject, state="done",
        result={"file": "x"},
    )  # fmt: skip
    url = f"/api/v1/projects/{project.public_id}/exports/files/{job.public_id}"
    assert as_user(mia).get(url).status_code == 404


def test_unknown_formats_are_refused_before_anything_is_queued(project, mia) -> None:
    url = f"/api/v1/projects/{project.public_id}/exports/answers"
    assert as_user(mia).post(url, {"format": "xlsx"}, format="json").status_code == 400
    assert not Job.objects.filter(kind=exporting.ANSWERS_EXPORT).exists()


def test_old_exports_go_and_new_ones_stay(project) -> None:
    old, new = (exporting.keep_export([b"x"], "csv", lambda _: None)["file"] for _ in "ab")
    age(export_path(old), days=3)
    assert leftovers.sweep_files() == 1
    assert (export_path(old).exists(), export_path(new).exists()) == (False, True)


def test_uploads_of_dead_jobs_go_and_those_of_live_ones_stay(project) -> None:
    uploads = [importing.accept_file(project, [b"text\nx\n"], "t.csv") for _ in "ab"]
    for upload, _ in uploads:
        age(importing.upload_path(upload.stored_as), days=2)
    Job.objects.filter(pk=uploads[0][1].pk).update(state="failed")
    assert leftovers.sweep_files() == 1
    left = [importing.upload_path(upload.stored_as).exists() for upload, _ in uploads]
    assert left == [False, True]


def test_a_file_that_a_job_of_another_kind_waits_for_stays(project) -> None:
    named, other = (importing.keep_upload([b"x"]) for _ in "ab")
    enqueue("learning.vectors", {"file": named})
    for name in (named, other):
        age(importing.upload_path(name), days=2)
    assert leftovers.sweep_files() == 1
    assert importing.upload_path(named).exists()


def test_the_report_of_an_import_is_a_file_for_those_who_may(project, mia, zed) -> None:
    base = f"/api/v1/projects/{project.public_id}/imports"
    body = {"file": SimpleUploadedFile("t.csv", b"id,text\na,x\n=b,\n"), "keep_good": "true"}
    made = as_user(mia).post(base, body, format="multipart")
    run_job(Job.objects.get(public_id=made.data["job"]).pk)
    upload = Import.objects.get(public_id=made.data["id"])
    assert (upload.state, upload.items) == (ImportState.DONE, 1)
    url = f"{base}/{made.data['id']}/problems"
    text = b"".join(as_user(mia).get(url).streaming_content).decode()
    assert text.splitlines() == [
        "row,field,message",
        "3,text,is missing: there is nothing to show",
    ]
    assert as_user(zed).get(url).status_code == 404


def age(path: Path, days: int) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
