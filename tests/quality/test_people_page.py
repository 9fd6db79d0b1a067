"""The people table: pages of it, searched and sorted, with the record as a line, and a file of everybody."""

import csv

import pytest
from django.test import Client

import factories
import scenes
from accounts.models import Organization, User
from labeling.models import Enrollment, Project
from quality.models import GoldResult
from quality.queries.records import LATEST, latest_gold
from quality.services.settling import settle_all
from quality.views.people import A_PAGE, FILE_COLUMNS


@pytest.fixture
def client(mia: User) -> Client:
    made = Client()
    made.force_login(mia)
    return made


@pytest.fixture
def crowd(organization: Organization) -> Project:
    """More people than fit on a page; the newer have answered more."""
    project = factories.project(organization)
    people = [factories.annotator(organization, f"p{n}") for n in range(A_PAGE + 10)]
    Enrollment.objects.bulk_create(
        Enrollment(project=project, annotator=person, pseudonym=f"P-{n:03}", answers=n)
        for n, person in enumerate(people)
    )
    return project


def rows(client: Client, project: Project, **asked: object) -> list[str]:
    page = client.get(f"/p/{project.public_id}/people", asked).content.decode()
    return [part.split("<")[0] for part in page.split(f"/p/{project.public_id}/people/")[1:]]


def names(client: Client, project: Project, **asked: object) -> list[str]:
    return [row.split('"')[0] for row in rows(client, project, **asked)]


def test_pages_follow_each_other_without_a_gap(client: Client, crowd: Project) -> None:
    first, second = (
        names(client, crowd, order="pseudonym"),
        names(client, crowd, order="pseudonym", page=2),
    )
    assert [*first, *second] == [f"P-{n:03}" for n in range(A_PAGE + 10)]
    assert names(client, crowd, page="99999") == []
    assert names(client, crowd, page="x", order="; drop") == names(client, crowd)


def test_people_are_found_and_sorted(client: Client, crowd: Project) -> None:
    assert names(client, crowd, name="p-05") == [f"P-{n:03}" for n in range(50, 60)]
    assert names(client, crowd, order="answers")[0] == f"P-{A_PAGE + 9:03}"


def test_columns_are_remembered_by_the_browser(client: Client, crowd: Project) -> None:
    path = f"/p/{crowd.public_id}/people"
    client.post(path, {"column": ["state", "answers", "secret"]})
    page = client.get(path).content.decode()
    heads = page.split("<thead>")[1].split("</thead>")[0]
    assert "Answers" in heads
    assert "Accuracy" not in heads
    assert "secret" not in heads


def test_the_file_holds_everybody(client: Client, crowd: Project, zed: User) -> None:
    path = f"/p/{crowd.public_id}/people.csv"
    found = list(csv.reader(client.get(path).content.decode().splitlines()))
    assert tuple(found[0]) == FILE_COLUMNS
    assert len(found) == 1 + A_PAGE + 10
    client.force_login(zed)
    assert client.get(path).status_code == 404


def test_the_record_is_of_the_latest_and_in_order(
    organization: Organization, ada: User, django_assert_num_queries
) -> None:
    project = factories.project(organization)
    gold = scenes.open_known(project, ["owl", "cat"] * 3)
    scenes.say_all(project, ada, [(item, "owl") for item in gold])
    settle_all(project.pk)
    with django_assert_num_queries(1):
        assert latest_gold(project.pk, [ada.pk]) == {ada.pk: [True, False] * 3}
    assert GoldResult.objects.count() < LATEST
