"""The task page has a form for every label type that works without JavaScript."""

import uuid
from typing import Any

import pytest
from django.test import Client

import factories
from labeling.label_types import label_types
from labeling.models import Answer, Assignment, Project
from labeling.services.projects import ProjectSpec, create_project, set_status

pytestmark = pytest.mark.django_db
LABELS = {"labels": ["cat", "owl"]}
FORMS: dict[str, tuple[dict[str, Any], dict[str, Any], Any]] = {
    "choice": (LABELS, {"value": "owl"}, "owl"),
    "multiple_choice": (LABELS, {"value": ["owl", "cat"]}, ["cat", "owl"]),
    "ordinal": (LABELS, {"value": "cat"}, "cat"),
    "number": ({"min": 0, "max": 9, "unit": "cm"}, {"value": "2.5"}, 2.5),
    "pairwise": ({"ties": True}, {"value": "tie"}, "tie"),
    "text": ({}, {"value": " An  owl"}, "An owl"),
    "spans": (
        LABELS,
        {"label": ["owl", "cat"], "start": ["0", ""], "end": ["2", ""]},
        [{"start": 0, "end": 2, "label": "owl"}],
    ),
    "boxes": (
        LABELS,
        {"label": ["owl"], "x": ["1"], "y": ["2"], "width": ["3.5"], "height": ["4"]},
        [{"x": 1, "y": 2, "width": 3.5, "height": 4, "label": "owl"}],
    ),
}
WRONG = {"number": {"value": "ten"}, "spans": {"label": "owl", "start": "0", "end": "999"}}


def start(organization: Any, name: str) -> Project:
    project = create_project(organization, ProjectSpec("A", FORMS[name][0], label_type=name))
    set_status(project, "live")
    factories.item(project, seats=1)
    return project


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, project: Project, fields: dict[str, Any]) -> str:
    path = f"/tasks/{project.public_id}"
    client.post(path)
    seat = Assignment.objects.get()
    form = {"assignment": seat.public_id, "key": str(uuid.uuid4()), **fields}
    return client.post(path, form).content.decode()


def test_every_type_has_a_form() -> None:
    assert set(FORMS) == set(label_types())


@pytest.mark.parametrize("name", FORMS)
def test_the_form_gives_an_answer(name, organization, ada) -> None:
    project, client = start(organization, name), signed_in(ada)
    page = client.post(f"/tasks/{project.public_id}").content.decode()
    for field in FORMS[name][1]:
        assert f'name="{field}"' in page
    send(client, project, FORMS[name][1])
    assert Answer.objects.get().value == FORMS[name][2]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_the_item_stays(name, organization, ada) -> None:
    project, client = start(organization, name), signed_in(ada)
    page = send(client, project, WRONG[name])
    assert 'role="alert"' in page
    assert Assignment.objects.get().public_id in page
    assert not Answer.objects.exists()
