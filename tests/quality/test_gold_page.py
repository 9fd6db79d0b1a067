"""The gold page: a file makes items gold, bad rows change nothing, and what most people miss stands on top."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

import factories
import scenes
from accounts.models import Organization, User
from labeling.models import Item, Project
from learning.loop_rules import LEAST_GOLD
from quality.models import Consensus, GoldAnswer
from quality.queries import gold_use
from quality.services.settling import settle_unused
from quality.views.gold import ENOUGH


@pytest.fixture
def project(organization: Organization) -> Project:
    made = factories.project(organization)
    for n in range(4):
        factories.item(made, f"item-{n}")
    return made


@pytest.fixture
def client(mia: User) -> Client:
    made = Client()
    made.force_login(mia)
    return made


def send(client: Client, project: Project, content: str, name: str = "gold.csv") -> str:
    file = SimpleUploadedFile(name, content.encode())
    answer = client.post(f"/p/{project.public_id}/gold", {"file": file}, follow=True)
    return answer.content.decode()


def test_a_file_makes_items_gold(client: Client, project: Project) -> None:
    assert "2 items are gold now" in send(client, project, "id,label\nitem-0,cat\nitem-1,owl\n")
    assert Item.objects.filter(role="gold").count() == 2


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("id,label\nitem-0,cat\nnowhere,cat\n", "gold.csv", "row 3, id: is no item"),
        ("id,label\nitem-0,dog\n", "gold.csv", "row 2, label"),
        ("id,label\nitem-0,cat\n", "gold.exe", "must end in one of"),
        ("", "gold.csv", "Nothing was changed"),
    ],
)
def test_bad_files_change_nothing_and_say_why(
    client: Client, project: Project, content: str, name: str, said: str
) -> None:
    assert said in send(client, project, content, name)
    assert not Item.objects.filter(role="gold").exists()


def test_gold_that_most_people_miss_is_suspect(
    organization: Organization, project: Project
) -> None:
    good, bad = scenes.open_known(project, ["cat", "cat"])
    for person in scenes.people(organization, 6):
        scenes.say_all(project, person, [(good, "cat"), (bad, "owl")])
    settle_unused(project.pk)
    rows = gold_use.gold_use(project).rows
    assert [(row.external_id, row.suspect) for row in rows] == [("gold-1", True), ("gold-0", False)]
    assert (rows[0].right, rows[0].answers) == (0, 6)


def test_one_suggestion_is_taken_or_refused_in_its_row(client: Client, project: Project) -> None:
    item = Item.objects.filter(project=project).first()
    assert item
    address, asked = f"/p/{project.public_id}/gold/care", {"one": item.public_id}
    row = client.post(address, asked, headers={"HX-Request": "true"}).content.decode()
    assert "Nothing was changed" in row
    assert "<h1" not in row
    Item.objects.filter(pk=item.pk).update(status="settled")
    Consensus.objects.create(
        item=item, project=project, state="settled", value="owl", label_code=1, confidence=0.99,
        method="test", answers_used=2, settled_at=timezone.now(),
    )  # fmt: skip
    assert "It is gold now" in client.post(address, asked, follow=True).content.decode()
    assert GoldAnswer.objects.get().item == item


def test_gold_is_listed_in_pages_none_twice(
    client: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes.open_known(project, ["cat", "owl", "cat"])
    monkeypatch.setattr(gold_use, "A_PAGE", 2)
    first, second, third = (read(client, project, page) for page in (1, 2, 3))
    assert sorted(first + second) == ["gold-0", "gold-1", "gold-2"]
    assert third == []


def read(client: Client, project: Project, page: int) -> list[str]:
    answer = client.get(f"/p/{project.public_id}/gold?page={page}").content.decode()
    assert ("Next page" in answer) == (page == 1)
    return re.findall(r">(gold-\d)</a>", answer)


def test_the_page_asks_for_as_much_gold_as_a_promise_needs() -> None:
    assert ENOUGH == LEAST_GOLD
