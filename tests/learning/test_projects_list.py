"""The list of projects: in pages, found by name and state, and nobody else's among them."""

import re

import pytest
from django.test import Client

import factories
from accounts.models import Organization, User
from labeling.models import Project
from learning.views.projects import A_PAGE


@pytest.fixture
def client(mia: User) -> Client:
    made = Client()
    made.force_login(mia)
    return made


def names(client: Client, address: str, **headers: str) -> list[str]:
    page = client.get(address, headers=headers).content.decode()
    return re.findall(r'href="/p/\w+">([^<]+)</a>', page)


def test_projects_come_in_pages_and_are_found(
    client: Client, organization: Organization, zed: User
) -> None:
    first = factories.project(organization, name="Owls at night")
    Project.objects.bulk_create(
        Project(organization=organization, name=f"Foxes {n}", status="live") for n in range(A_PAGE)
    )
    factories.project(zed.memberships.get().organization, name="Owls elsewhere")
    newest = names(client, "/projects")
    assert len(newest) == A_PAGE
    assert newest[0] == f"Foxes {A_PAGE - 1}"
    assert names(client, "/projects?page=2") == [first.name]
    assert names(client, "/projects?page=3&name=x") == []
    assert names(client, "/projects?name=owls") == [first.name]
    assert names(client, f"/projects?name=owls&status={first.status}") == [first.name]
    assert names(client, "/projects?name=owls&status=done") == []
    fragment = client.get("/projects?status=live", headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in fragment
    assert 'href="?status=live&amp;page=2"' in fragment
    assert names(client, "/projects?page=one") == newest
