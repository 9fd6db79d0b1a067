"""The settings form: what it changes, what it refuses, and that nothing typed is lost."""

import uuid
from typing import Any

import pytest
from django.test import Client

import factories
import scenes
from accounts.models import Organization, Role, User
from labeling.models import Enrollment, Instructions, LabelSet, Project
from labeling.queries import label_set
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.verdicts import Submission


@pytest.fixture
def project(organization: Organization) -> Project:
    return factories.project(organization, gold_share=0.08)


@pytest.fixture
def client(mia: User) -> Client:
    made = Client()
    made.force_login(mia)
    return made


def page(project: Project) -> str:
    return f"/p/{project.public_id}/settings"


def form(client: Client, project: Project, **changes: str) -> dict[str, str]:
    """What the browser would send: everything that is shown, with lines as browsers send them."""
    context: Any = client.get(page(project)).context
    shown = {f["name"]: f["value"] for group in context["groups"] for f in group["fields"]}
    labels = context["labels"].replace("\n", "\r\n")
    return {**shown, "labels": labels, **changes}


def test_what_is_sent_as_it_was_shown_changes_nothing(client: Client, project: Project) -> None:
    client.post(page(project), form(client, project))
    assert LabelSet.objects.count() == Instructions.objects.count() == 1
    assert "Nothing was changed" in client.get(page(project)).content.decode()


def test_changes_of_every_kind_are_kept(client: Client, project: Project) -> None:
    typed = {
        "name": "Beasts",
        "instructions": "Which beast?\r\nLook twice.",
        "redundancy": "fixed",
        "seats_max": "3",
        "target_certainty": "90 %",
        "gold_share": "12.5",
        "max_answers_per_person": "",
        "price_micros": "0.035",
        "budget_micros": "100",
        "who_may_work.groups": "radiologists\r\n  first, second\r\n",
        "who_may_work.skills": f"80 %\r\n{project.public_id} 72.5%",
        "media_rules.least_side": "64",
        "media_rules.sensitive": "yes",
        "labels": "cat\r\nowl = An owl\r\nfox",
    }
    client.post(page(project), form(client, project, **typed))
    project.refresh_from_db()
    assert project.who_may_work == {
        "groups": ["radiologists", "first, second"],
        "skills": [{"at_least": 0.8}, {"project": project.public_id, "at_least": 0.725}],
    }
    assert project.media_rules == {"least_side": 64, "sensitive": True}
    assert (project.name, project.redundancy, project.seats_max) == ("Beasts", "fixed", 3)
    assert (project.target_certainty, project.gold_share) == (0.9, 0.125)
    assert (project.price_micros, project.budget_micros) == (35_000, 100_000_000)
    assert Instructions.objects.get(version=2).text == "Which beast?\nLook twice."
    assert label_set(project.pk, 2).configuration == {
        "labels": [{"value": "cat"}, {"value": "owl", "title": "An owl"}, {"value": "fox"}]
    }


def test_entries_of_an_object_are_shown_as_they_are_typed_and_taken_away(
    client: Client, project: Project
) -> None:
    skill = {"project": project.public_id, "at_least": 0.725}
    held = {"skills": [skill], "groups": ["a", "b"]}
    project.who_may_work, project.media_rules = held, {"required": False, "types": ["image/png"]}
    project.save()
    shown = form(client, project)
    assert shown["who_may_work.skills"] == f"{project.public_id} 72.5 %"
    client.post(page(project), shown)
    project.refresh_from_db()
    assert (project.who_may_work, project.media_rules["required"]) == (held, False)
    client.post(page(project), {**shown, "who_may_work.groups": "b", "media_rules.types": ""})
    project.refresh_from_db()
    assert project.who_may_work == {**held, "groups": ["b"]}
    assert project.media_rules == {"required": False}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("who_may_work.skills", "abcdefgh"),
        ("who_may_work.skills", "nan"),
        ("who_may_work.roles", "boss"),
        ("media_rules.types", "image/svg+xml"),
        ("media_rules.most_pixels", "many"),
        ("seats_max", "0"),
        ("seats_max", "many"),
        ("target_certainty", "nan"),
        ("gold_share", "100"),
        ("price_micros", "-1"),
        ("labels", "owl\r\ncat"),
        ("name", " "),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(
    client: Client, project: Project, field: str, typed: str
) -> None:
    context: Any = client.post(page(project), form(client, project, **{field: typed})).context
    assert context["problem"]["field"] == (field if field != "labels" else "configuration")
    shown = {f["name"]: f["value"] for group in context["groups"] for f in group["fields"]}
    assert {**shown, "labels": context["labels"]}[field] == typed
    before = Project.objects.get(pk=project.pk)
    assert (before.name, before.seats_max, before.label_set_version) == ("Animals", 7, 1)


def test_a_change_after_launch_names_who_has_still_to_see_it(
    client: Client, project: Project, ada: User, ben: User
) -> None:
    first, second = (factories.item(project, f"item-{n}", seats=2) for n in range(2))
    for person in (ada, ben):
        scenes.say_all(project, person, [(first, "owl")])
    assert client.get(page(project)).context["seen"] == []
    client.post(page(project), form(client, project, instructions="Look twice."))
    project.refresh_from_db()
    seat = claim(project, ada, 1).assignments[0]
    submit(ada, [Submission(seat.public_id, "owl", None, uuid.uuid4())])
    assert seat.item == second
    (change,) = client.get(page(project)).context["seen"]
    late = Enrollment.objects.get(annotator=ben).pseudonym
    assert (change["version"], change["under"], change["to_see"]) == (2, 1, [late])
    assert f'people/{late}"' in client.get(page(project)).content.decode()


def test_an_auditor_sees_it_and_cannot_save(organization: Organization, project: Project) -> None:
    client = Client()
    client.force_login(factories.member(organization, "olu", Role.AUDITOR))
    assert 'type="submit" class="primary"' not in client.get(page(project)).content.decode()
    assert client.post(page(project), {"name": "Mine"}).status_code == 404
