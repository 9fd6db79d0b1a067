"""Open work follows settings that change: at once where there is little of it, by a job where there is much."""

from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

import factories
from accounts.models import AuditEntry, Role, User
from at_work import open_items
from jobs.models import Job
from jobs.running import run_job
from labeling.errors import Refused
from labeling.models import Item, Project
from labeling.services import in_line
from labeling.services.admission import describe_person
from labeling.services.claiming import claim
from labeling.services.importing import accept_file, open_pool
from labeling.services.projects import update_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organization) -> Project:
    return factories.project(
        organization, gold_share=0, redundancy="fixed", seats_min=1, seats_max=1
    )


def as_user(user: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


def test_a_job_brings_many_items_in_line(project, ada, monkeypatch) -> None:
    monkeypatch.setattr(in_line, "AT_ONCE", 3)
    monkeypatch.setattr(in_line, "BATCH", 2)
    open_items(project, 7, seats=1)
    claim(project, ada, 2)
    update_project(project, {"seats_max": 3})
    assert set(Item.objects.values_list("seats_wanted", flat=True)) == {1}
    run_job(Job.objects.get(kind=in_line.KIND).pk)
    job = Job.objects.get(kind=in_line.KIND)
    assert (job.state, job.result) == ("done", {"items": 7})
    assert set(Item.objects.values_list("seats_wanted", "has_seat")) == {(3, True)}


def test_of_two_changes_the_later_one_stays_whatever_the_order_of_the_jobs(
    project, monkeypatch
) -> None:
    monkeypatch.setattr(in_line, "AT_ONCE", 3)
    open_items(project, 5, seats=1)
    update_project(project, {"seats_max": 5})
    update_project(project, {"seats_max": 2})
    for job in Job.objects.filter(kind=in_line.KIND).order_by("-pk"):
        run_job(job.pk)
    assert set(Item.objects.values_list("seats_wanted", flat=True)) == {2}


def test_another_order_holds_for_what_is_open_already(project, ada) -> None:
    old = [timezone.now() - timedelta(hours=hours) for hours in (9, 6, 3, 0)]
    items = [
        factories.item(project, priority=p, created_at=came)
        for p, came in zip((0, 0, 0, 7), old, strict=True)
    ]
    open_pool(project)
    project = update_project(project, {"order": "oldest"})
    taken = [seat.item_id for seat in claim(project, ada, 4).assignments]
    assert taken == [items[3].pk, items[0].pk, items[1].pk, items[2].pk]


def test_a_random_order_is_not_the_old_one(project) -> None:
    open_items(project, 50, seats=1)
    update_project(project, {"order": "random"})
    places = list(Item.objects.order_by("pk").values_list("position", flat=True))
    assert places != sorted(places)


# ---- who may work


def test_staff_may_work_where_the_project_says_so(project, organization, mia, zed) -> None:
    open_items(project, 3, seats=1)
    path = f"/api/v1/projects/{project.public_id}/claims"
    assert as_user(mia).post(path, {"count": 1}, format="json").status_code == 404
    update_project(project, {"who_may_work": {"roles": [Role.MANAGER, Role.ANNOTATOR]}})
    assert len(as_user(mia).post(path, {"count": 1}, format="json").json()["assignments"]) == 1
    assert as_user(zed).post(path, {"count": 1}, format="json").status_code == 404
    olu = factories.member(organization, "olu", Role.AUDITOR)
    reply = as_user(olu).post(path, {"count": 1}, format="json").json()
    assert reply["why_empty"] == "not_admitted"
    update_project(project, {"who_may_work": {}})
    assert as_user(mia).post(path, {"count": 1}, format="json").status_code == 404


def test_only_who_came_by_the_door_may_work(project, organization, ada) -> None:
    open_items(project, 3, seats=1)
    project = update_project(project, {"who_may_work": {"doors": ["invited"]}})
    assert claim(project, ada, 1).why_empty == "not_admitted"
    describe_person(organization, ada, door="invited")
    assert len(claim(project, ada, 1).assignments) == 1
    describe_person(organization, ada, groups=["x"])  # says nothing about the door
    assert len(claim(project, ada, 1).assignments) == 1


def test_people_are_brought_along_over_http_with_tokens_that_are_told_once(
    project, organization, mia
) -> None:
    open_items(project, 3, seats=1)
    project = update_project(project, {"who_may_work": {"groups": ["a"], "doors": ["fair"]}})
    path = f"/api/v1/projects/{project.public_id}/people"
    body = {"count": 2, "groups": ["a"], "door": "fair"}
    reply = as_user(mia).post(path, body, format="json")
    assert reply.status_code == 201
    first, second = reply.json()["people"]
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {first['token']}")
    claims = f"/api/v1/projects/{project.public_id}/claims"
    assert len(api.post(claims, {"count": 1}, format="json").json()["assignments"]) == 1
    assert AuditEntry.objects.filter(action="people.added", actor=mia).exists()
    assert first["token"] not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    traits = {"groups": [], "languages": ["de"], "door": "fair"}
    shown = as_user(mia).put(f"{path}/{first['pseudonym']}", traits, format="json").json()
    assert shown == {"person": first["pseudonym"], **traits}
    assert api.post(claims, {"count": 1}, format="json").json()["why_empty"] == "not_admitted"
    assert second["token"] != first["token"]


# ---- pictures


def zipped(folder: Path, *, size: tuple[int, int], kind: str) -> Path:
    picture = folder / f"a.{kind.lower()}"
    Image.new("RGB", size).save(picture, kind)
    path = folder / "pictures.zip"
    with ZipFile(path, "w") as archive:
        archive.write(picture, picture.name)
    return path


@pytest.mark.parametrize(
    ("rules", "refused"),
    [
        ({}, False),
        ({"types": ["image/png"], "most_pixels": 400, "least_side": 20, "required": True}, False),
        ({"types": ["image/jpeg"]}, True),
        ({"most_pixels": 399}, True),
        ({"least_side": 21}, True),
        ({"most_bytes": 10}, True),
    ],
)
def test_pictures_that_the_project_does_not_take_stay_outside(
    project, settings, tmp_path, rules, refused
) -> None:
    settings.MEDIA_STORE = tmp_path / "store"
    project = update_project(project, {"media_rules": rules})
    file = zipped(tmp_path, size=(20, 20), kind="PNG")
    _, job = accept_file(project, [file.read_bytes()], file.name)
    run_job(job.pk)
    assert Item.objects.count() == (0 if refused else 1)
    assert (Job.objects.get(pk=job.pk).state == "failed") == refused


def test_a_row_without_a_picture_is_refused_where_pictures_are_required(
    project, settings, tmp_path
) -> None:
    settings.MEDIA_STORE = tmp_path
    project = update_project(project, {"media_rules": {"required": True}})
    upload, job = accept_file(project, [b"text\nhello\n"], "rows.csv")
    run_job(job.pk)
    upload.refresh_from_db()
    assert upload.problems[0]["field"] == "image"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"media_rules": 3}, "media_rules"),
        ({"media_rules": {"colour": True}}, "media_rules.colour"),
        ({"media_rules": {"types": ["image/svg+xml"]}}, "media_rules.types"),
        ({"media_rules": {"types": []}}, "media_rules.types"),
        ({"media_rules": {"most_pixels": 1e9}}, "media_rules.most_pixels"),
        ({"media_rules": {"required": 1}}, "media_rules.required"),
        ({"who_may_work": {"roles": ["worker"]}}, "who_may_work.roles"),
        ({"who_may_work": {"roles": [["annotator"]]}}, "who_may_work.roles"),
        ({"who_may_work": {"doors": [""]}}, "who_may_work.doors"),
    ],
)
def test_a_setting_that_cannot_be_is_named(project, changes, field) -> None:
    with pytest.raises(Refused) as refused:
        update_project(project, changes)
    assert refused.value.field == field
