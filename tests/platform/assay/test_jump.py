"""Jumping: to pages, projects, items and people by a few letters, and never over a wall."""

import pytest
from django.test import Client

import factories
import scenes
from accounts.models import Organization, User
from labeling.models import Project


@pytest.fixture
def project(organization: Organization, ada: User) -> Project:
    made = factories.project(organization, name="Owls at night")
    [item] = scenes.open_work(made, 1)
    scenes.say(made, ada, item, "owl")
    return made


def found(user: User, words: str, project: Project | None = None) -> str:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(user)
    asked = {"words": words, "project": project.public_id if project else ""}
    return client.get("/jump", asked).content.decode()


def test_places_are_found_by_a_few_letters(project: Project, mia: User, ada: User) -> None:
    person = project.enrollments.get(annotator=ada).pseudonym
    assert f'/p/{project.public_id}"' in found(mia, "at NIG")
    assert f"/p/{project.public_id}/gold" in found(mia, "gol", project)
    assert "/items/" in found(mia, "work-0", project)
    assert f"/people/{person}" in found(mia, person[2:5], project)
    assert "/jobs" in found(mia, "backgr")
    assert "called like this" in found(mia, "no such thing", project)


def test_nobody_jumps_into_another_house(project: Project, zed: User, ada: User) -> None:
    person = project.enrollments.get(annotator=ada).pseudonym
    for words in ("owls", "work-0", person, "gold", ""):
        seen = found(zed, words, project)
        assert project.public_id not in seen
        assert person not in seen
    client = Client()
    client.force_login(ada)
    assert client.get("/jump").status_code == 404
