"""The expert's queue and the care of gold, on their pages."""

import pytest
from django.test import Client

import factories
import scenes
from accounts.models import Organization, Role, User
from labeling.models import Item, Project
from quality.models import Consensus, ConsensusState, GoldAnswer, Review, ReviewLease
from quality.services.settling import settle_unused


@pytest.fixture
def project(organization: Organization) -> Project:
    return factories.project(organization, ["cat", "owl"], seats_min=1, seats_max=2)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def dispute(project: Project) -> Item:
    """Two people, two answers, no seat left."""
    [item] = scenes.open_work(project, 1, seats=2)
    for person, said in zip(scenes.people(project.organization, 2), ("cat", "owl"), strict=True):
        scenes.say_all(project, person, [(item, said)])
    settle_unused(project.pk)
    return item


def test_an_expert_takes_an_item_and_decides_it(
    organization: Organization, project: Project
) -> None:
    item = dispute(project)
    client = client_of(factories.member(organization, "rhea", Role.REVIEWER))
    page = f"/p/{project.public_id}/reviews"
    assert client.get(page).context["waiting"]["expert"] == 1
    taken = client.post(page, {"why": "expert"})
    assert taken.context["task"].waiting.item == item.public_id
    assert taken.context["task"].said == {"cat": 1, "owl": 1}
    wrong = client.post(page, {"item": item.public_id, "value": "dog", "why": "expert"})
    assert "Not kept" in wrong.content.decode()
    assert not Review.objects.exists()
    client.post(page, {"item": item.public_id, "value": "owl", "why": "expert", "note": "ears"})
    assert Review.objects.get().note == "ears"
    known = Consensus.objects.get(item=item)
    assert (known.state, known.label_code) == (ConsensusState.SETTLED, 1)


def test_a_manager_decides_and_makes_it_gold_in_one_go_and_a_reviewer_cannot(
    organization: Organization, project: Project, mia: User
) -> None:
    item = dispute(project)
    page = f"/p/{project.public_id}/reviews"
    said = {"item": item.public_id, "value": "owl", "why": "expert", "make_gold": "yes"}
    rhea = client_of(factories.member(organization, "rhea", Role.REVIEWER))
    assert "make_gold" not in rhea.post(page, {"why": "expert"}).content.decode()
    ReviewLease.objects.all().delete()
    client = client_of(mia)
    assert "make_gold" in client.post(page, {"why": "expert"}).content.decode()
    client.post(page, said)
    assert GoldAnswer.objects.get().value == "owl"
    item.refresh_from_db()
    assert item.role == "gold"
    other = factories.item(project, "other")
    rhea.post(page, {**said, "item": other.public_id})
    assert (Review.objects.count(), GoldAnswer.objects.count()) == (2, 1)


def test_settled_items_become_gold_and_go_back(project: Project, mia: User) -> None:
    [item] = scenes.open_work(project, 1, seats=2)
    for person in scenes.people(project.organization, 2):
        scenes.say_all(project, person, [(item, "owl")])
    settle_unused(project.pk)
    Consensus.objects.update(
        state=ConsensusState.SETTLED, confidence=0.99, settled_at="2026-01-01T00:00Z"
    )
    Item.objects.update(status="settled", has_seat=False)
    client, page = client_of(mia), f"/p/{project.public_id}/gold"
    assert [row.item for row in client.get(page).context["suggestions"]] == [item.public_id]
    client.post(f"{page}/care", {"item": [item.public_id]})
    item.refresh_from_db()
    assert item.role == "gold"
    client.post(f"{page}/care", {"retire": item.public_id})
    item.refresh_from_db()
    assert item.role == "work"
