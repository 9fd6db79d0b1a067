"""The task page as the server renders it: keys, forms, and questions that it cannot show."""

import re

import pytest
from django.test import Client

import factories
from accounts.models import Organization, User
from labeling.choice_keys import size_of_labels, task_choices
from labeling.frames import widget_of
from labeling.models import Answer, Assignment
from labeling.services.claiming import claim
from labeling.services.projects import update_project

pytestmark = pytest.mark.django_db


def keys(*labels: str, **given: str) -> list[str]:
    entries = [{"value": v, **({"key": given[v]} if v in given else {})} for v in labels]
    return [choice["key"] for choice in task_choices({"labels": entries})]


def test_a_label_of_one_sign_is_answered_by_that_sign() -> None:
    assert keys("0", "1", "2") == ["0", "1", "2"]
    assert keys("b", "a") == ["b", "a"]


def test_keys_of_the_page_and_of_the_manager_are_not_given_away() -> None:
    assert keys("s", "f", "i", "z") == ["1", "2", "3", "4"]
    assert keys("1", "owl", owl="1") == ["2", "1"]
    assert keys("a", "A") == ["1", "2"]


def test_more_labels_than_keys_are_still_shown() -> None:
    many = keys(*[f"label {n}" for n in range(60)])
    assert len(many) == 60
    assert len(set(many)) == len([key for key in many if key]) + 1


@pytest.mark.parametrize(
    ("label", "size"), [("7", "short"), ("neutral", "medium"), ("x" * 20, "long")]
)
def test_room_follows_the_longest_label(label: str, size: str) -> None:
    assert size_of_labels({"labels": [{"value": "a"}, {"value": label}]}) == size


def test_looking_shows_the_seat_that_is_held_and_takes_none(
    organization: Organization, ada: User, client: Client
) -> None:
    project = factories.project(organization)
    factories.item(project, seats=1, payload={"text": "<b>hoot</b>"})
    client.force_login(ada)
    assert "hoot" not in client.get(f"/tasks/{project.public_id}").content.decode()
    claim(project, ada, 1)
    page = client.get(f"/tasks/{project.public_id}").content.decode()
    assert "&lt;b&gt;hoot" in page
    assert "<b>hoot" not in page
    assert Assignment.objects.count() == 1


def test_the_same_form_sent_twice_is_one_answer(
    organization: Organization, ada: User, client: Client
) -> None:
    project = factories.project(organization)
    factories.item(project, seats=1)
    client.force_login(ada)
    [seat] = claim(project, ada, 1).assignments
    form = {
        "assignment": seat.public_id,
        "key": "6f1f3c0e-8c0b-4a53-9d0e-1f2f4f7c9a10",
        "value": "owl",
    }
    for _ in range(2):
        assert client.post(f"/tasks/{project.public_id}", form).status_code == 200
    assert Answer.objects.get().value == "owl"
    turned_away = {**form, "act": "skip"}  # it is answered: nothing happens, and nothing breaks
    assert client.post(f"/tasks/{project.public_id}", turned_away).status_code == 200


def test_each_person_may_have_an_order_of_the_labels_of_their_own(
    organization: Organization,
) -> None:
    labels = [f"label {n}" for n in range(6)]
    project = factories.project(organization, labels)

    def order_of(person: User) -> list[str]:
        client = Client()
        client.force_login(person)
        page = client.get(f"/tasks/{project.public_id}").content.decode()
        return re.findall(r'name="value"\s+value="(label \d)"', page)

    people = [factories.annotator(organization, f"p{n}") for n in range(6)]
    assert [order_of(person) for person in people] == [labels] * 6
    project = update_project(project, {"shuffle_labels": True})
    orders = [order_of(person) for person in people]
    assert [order_of(person) for person in people] == orders  # always the same for each
    assert len(set(map(tuple, orders))) > 1
    assert all(sorted(order) == labels for order in orders)
    assert (
        widget_of("ordinal", {"labels": [{"value": v} for v in labels]}, "p")["choices"]
        == (widget_of("ordinal", {"labels": [{"value": v} for v in labels]})["choices"])
    )  # a scale has one order
