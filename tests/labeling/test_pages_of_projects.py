"""Lists of projects come in pages, and each page names the next."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

import factories
from accounts.models import User
from labeling.services.people import enroll

pytestmark = pytest.mark.django_db


def as_user(user: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


def pages(api: APIClient, path: str, limit: int) -> Iterator[list[str]]:
    """The names on each page, until there is no next."""
    asked: dict[str, Any] = {"limit": limit}
    while asked:
        page = api.get(path, asked).json()
        yield [project["name"] for project in page["projects"]]
        asked = {"limit": limit, "cursor": page["next"]} if page["next"] else {}


@pytest.fixture
def five(organization, ada) -> list[str]:
    """Names of projects that Ada works in, the newest first."""
    made = [factories.project(organization, name=f"project {n}") for n in range(5)]
    for project in made:
        enroll(project, ada)
    return [project.name for project in reversed(made)]


@pytest.mark.parametrize(
    ("who", "path"),
    [("mia", "/api/v1/projects"), ("ada", "/api/v1/me/projects"), ("ada", "/api/v1/me")],
    ids=["managed", "open", "mine"],
)
def test_pages_bring_every_project_once(five, request, who, path) -> None:
    api = as_user(request.getfixturevalue(who))
    found = list(pages(api, path, 2))
    assert [len(page) for page in found] == [2, 2, 1]
    names = [name for page in found for name in page]
    assert sorted(names) == sorted(five)
    if path != "/api/v1/me":
        assert names == five


def test_the_last_page_says_so_also_when_it_is_full(five, mia) -> None:
    assert [len(page) for page in pages(as_user(mia), "/api/v1/projects", 5)] == [5]


@pytest.mark.parametrize(
    "asked", [{"limit": "0"}, {"limit": "1001"}, {"limit": "x"}, {"cursor": "x"}]
)
def test_a_page_that_is_not_there_is_refused_by_name(five, mia, asked) -> None:
    reply = as_user(mia).get("/api/v1/projects", asked)
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["field"] == next(iter(asked))


def test_a_cursor_of_others_is_as_unknown_as_any(five, mia, zed) -> None:
    theirs = factories.project(factories.organization("Others"))
    replies = [
        as_user(mia).get("/api/v1/projects", {"cursor": cursor})
        for cursor in (theirs.public_id, "unknown")
    ]
    assert replies[0].json() == replies[1].json()
