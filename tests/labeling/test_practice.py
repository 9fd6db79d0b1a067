"""Practice: known items first, and a word on each answer; of gold nobody is told anything."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

import factories
import scenes
from accounts.models import User
from labeling.errors import Conflict
from labeling.models import Answer, Assignment, Item, ItemRole, Project
from labeling.queries import answer_arrays
from labeling.services.claiming import claim
from labeling.services.projects import update_project
from labeling.services.revising import Wording, revise
from quality.models import GoldAnswer
from quality.services.gold import GoldRefused, import_gold

pytestmark = pytest.mark.django_db
WHY = "Owls turn their heads."


@pytest.fixture
def project(organization) -> Project:
    made = factories.project(organization, gold_share=0, practice_bound=0.6)
    for n in range(4):
        factories.item(made, f"p{n}")
    scenes.open_work(made, 3)
    return made


@pytest.fixture
def practice(project, tmp_path) -> Project:
    table = tmp_path / "practice.csv"
    table.write_text("id,label,explanation\n" + "".join(f"p{n},owl,{WHY}\n" for n in range(4)))
    assert import_gold(project, table, role=ItemRole.PRACTICE) == 4
    return project


def as_user(user: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


def answers(user: User, seats: list[Assignment], value: str, key: uuid.UUID | None = None) -> Any:
    body = [
        {"assignment": seat.public_id, "value": value, "key": str(key or uuid.uuid4())}
        for seat in seats
    ]
    reply = as_user(user).post("/api/v1/answers", {"answers": body}, format="json")
    return reply.json()["answers"]


def test_each_answer_to_practice_is_told_whether_it_was_right_and_why(practice, ada) -> None:
    first, second = claim(practice, ada, 2).assignments
    key = uuid.uuid4()
    [right] = answers(ada, [first], "owl", key)
    [wrong] = answers(ada, [second], "cat")
    assert right["feedback"] == {"right": True, "answer": "owl", "explanation": WHY}
    assert wrong["feedback"] == {"right": False, "answer": "owl", "explanation": WHY}
    [again] = answers(ada, [first], "cat", key)
    assert (again["verdict"], again["feedback"]) == ("replayed", right["feedback"])


def test_nobody_is_told_about_gold_or_work(project, ada) -> None:
    project = update_project(project, {"practice_bound": None, "gold_share": 0.9})
    scenes.open_known(project, ["owl"] * 3)
    GoldAnswer.objects.update(explanation=WHY)
    seats = claim(project, ada, 3).assignments
    assert ItemRole.GOLD in {seat.item.role for seat in seats}
    assert {outcome["feedback"] for outcome in answers(ada, seats, "owl")} == {None}


def test_who_was_told_what_is_right_cannot_change_the_answer(practice, ada) -> None:
    [seat] = claim(practice, ada, 1).assignments
    answers(ada, [seat], "cat")
    with pytest.raises(Conflict):
        revise(ada, Answer.objects.get().public_id, Wording("owl", None, uuid.uuid4()))


def test_without_practice_items_there_is_nothing_yet(project, ada) -> None:
    assert claim(project, ada, 1).why_empty == "nothing_open"


def test_practice_that_is_switched_off_is_asked_no_more_and_leases_are_honoured(
    practice, ada
) -> None:
    [held] = claim(practice, ada, 1).assignments
    project = update_project(practice, {"practice_bound": None})
    [seat] = claim(project, ada, 1).assignments
    assert seat.item.role == ItemRole.WORK
    [outcome] = answers(ada, [held], "owl")
    assert (outcome["verdict"], outcome["feedback"]) == ("stored", None)


def test_practice_comes_in_over_http_by_rows_and_by_file(project, mia, ada) -> None:
    path = f"/api/v1/projects/{project.public_id}/gold/imports"
    known = [{"item": "p0", "label": "owl", "explanation": WHY}]
    reply = as_user(mia).post(path, {"role": "practice", "known": known}, format="json")
    assert (reply.status_code, reply.json()) == (201, {"role": "practice", "items": 1})
    assert Item.objects.get(external_id="p0").role == ItemRole.PRACTICE
    file = SimpleUploadedFile("gold.csv", b"id,label,text\nnew,cat,a cat\n")
    reply = as_user(mia).post(path, {"file": file}, format="multipart")
    assert (reply.status_code, reply.json()) == (201, {"role": "gold", "items": 1})
    assert Item.objects.get(external_id="new").status == "open"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"known": [{"item": "p0", "label": "wolf"}]}, "file"),
        ({"known": [{"item": "none", "label": "owl"}]}, "file"),
        ({"known": [{"item": "p0", "label": "owl", "explanation": 3}]}, "known.0.explanation"),
        ({"known": []}, "known"),
        ({"known": [{"item": "p0", "label": "owl"}], "role": "work"}, "role"),
    ],
)
def test_gold_that_cannot_be_is_refused_as_a_whole(project, mia, body, field) -> None:
    path = f"/api/v1/projects/{project.public_id}/gold/imports"
    reply = as_user(mia).post(path, body, format="json")
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["field"] == field
    assert not GoldAnswer.objects.exists()


def test_an_explanation_that_is_too_long_is_refused(project, tmp_path: Path) -> None:
    table = tmp_path / "practice.csv"
    table.write_text("id,label,explanation\np0,owl," + "x" * 2001)
    with pytest.raises(GoldRefused, match="explanation"):
        import_gold(project, table, role=ItemRole.PRACTICE)


def test_practice_never_votes(practice, ada) -> None:
    answers(ada, claim(practice, ada, 2).assignments, "owl")
    assert Answer.objects.filter(counted=True).count() == 2
    assert answer_arrays(practice.pk).answer_id.size == 0
