"""What workers are told about their accuracy, and the decisions that they can contest."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import factories
import scenes
from accounts.models import Organization, User
from labeling.models import Project
from labeling.standing import Band
from quality.models import Appeal, GoldResult
from quality.queries.standing import standings
from quality.services.by_hand import decide_by_hand
from quality.services.settling import settle_unused


@pytest.fixture
def project(organization: Organization) -> Project:
    return factories.project(organization)


def bands(person: User) -> dict[int, Band]:
    told = standings(person.pk)
    return {project: known.accuracy for project, known in told.items() if known.accuracy}


def answer_gold(project: Project, person: User, right: int, wrong: int) -> None:
    known = scenes.open_known(project, ["cat"] * (right + wrong))
    said = ["cat"] * right + ["owl"] * wrong
    scenes.say_all(project, person, list(zip(known, said, strict=True)))
    settle_unused(project.pk)
    GoldResult.objects.update(created_at=timezone.now() - timedelta(hours=2))


def test_accuracy_is_told_by_whole_batches(project: Project, ada: User) -> None:
    answer_gold(project, ada, 19, 0)
    assert bands(ada) == {}


def test_one_more_answer_changes_nothing(
    organization: Organization, project: Project, ada: User
) -> None:
    answer_gold(project, ada, 38, 1)
    told = bands(ada)[project.pk]
    assert 0.8 <= told.low < told.high == 1.0
    assert told.low * 20 == pytest.approx(round(told.low * 20))
    last = GoldResult.objects.order_by("-pk").first()
    assert last
    last.delete()
    assert bands(ada) == {project.pk: told}


def test_nothing_is_told_before_an_hour_is_over(project: Project, ada: User) -> None:
    answer_gold(project, ada, 20, 0)
    assert bands(ada)
    GoldResult.objects.update(created_at=timezone.now())
    assert bands(ada) == {}


def test_a_decision_is_contested_and_taken_back_on_pages(
    project: Project, ada: User, mia: User
) -> None:
    scenes.say(project, ada, scenes.open_work(project, 1)[0], "cat")
    name = ada.enrollments.get(project=project).pseudonym
    made = decide_by_hand(
        project, name, actions=["pause"], reason="for us", words="For you.", by=mia
    )
    worker, manager = Client(), Client()
    worker.force_login(ada)
    manager.force_login(mia)
    page = worker.get("/me").content.decode()
    assert "For you." in page
    assert "for us" not in page
    worker.post(f"/me/decisions/{made.public_id}/appeal", {"text": "I did read it."})
    assert "I did read it." in manager.get(f"/p/{project.public_id}/appeals").content.decode()
    appeal = Appeal.objects.get()
    address = f"/p/{project.public_id}/appeals/{appeal.public_id}"
    manager.post(address, {"outcome": "overturn", "words": ""})
    assert ada.enrollments.get(project=project).status == "paused"
    manager.post(address, {"outcome": "overturn", "words": "You are right."})
    assert ada.enrollments.get(project=project).status == "active"
    assert "You are right." in worker.get("/me").content.decode()
