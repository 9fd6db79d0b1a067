"""No form of the pages about people and labels lets a NUL through to the database, or loses what was typed."""

import pytest
from django.test import Client

import factories
import scenes
from accounts.models import Organization, Role, User
from labeling.models import Project
from quality.models import Decision, Review
from quality.services.appeals import appeal
from quality.services.by_hand import decide_by_hand

NUL = "a\0b"


@pytest.fixture
def project(organization: Organization) -> Project:
    return scenes.digits_project(organization)


def test_a_nul_in_any_form_is_a_bad_request(
    organization: Organization, project: Project, ada: User, mia: User
) -> None:
    [item] = scenes.open_work(project, 1)
    name = scenes.enroll(project, ada).pseudonym
    made = decide_by_hand(project, name, actions=["warn"], reason="slow down", by=mia)
    contested = appeal(ada, made.public_id, "no")
    rhea = factories.member(organization, "rhea", Role.REVIEWER)
    page = f"/p/{project.public_id}"
    forms = [
        (mia, f"{page}/gold/care", {"item": NUL}),
        (mia, f"{page}/gold/care", {"retire": "x", "reason": NUL}),
        (mia, f"{page}/appeals/{contested.public_id}", {"outcome": "uphold", "words": NUL}),
        (mia, f"{page}/people/{name}/pause", {"reason": NUL}),
        (mia, f"{page}/decisions/{made.public_id}/undo", {"reason": NUL}),
        (mia, f"{page}/rules", {"act": "try", "evidence-0": NUL}),
        (ada, f"/me/decisions/{made.public_id}/appeal", {"text": NUL}),
        (rhea, f"{page}/reviews", {"item": NUL, "value": "3"}),
        (rhea, f"{page}/reviews", {"item": item.public_id, "value": "3", "note": NUL}),
        (rhea, f"{page}/reviews", {NUL: "3"}),
    ]
    for person, address, form in forms:
        client = Client()
        client.force_login(person)
        assert client.post(address, form).status_code == 400, address
    assert (Decision.objects.count(), Review.objects.count()) == (1, 0)


def test_what_is_refused_stays_in_its_field(
    organization: Organization, project: Project, ada: User, mia: User
) -> None:
    name = scenes.enroll(project, ada).pseudonym
    made = decide_by_hand(project, name, actions=["warn"], reason="slow down", by=mia)
    contested = appeal(ada, made.public_id, "no")
    page = f"/p/{project.public_id}"
    typed = [
        (ada, f"/me/decisions/{made.public_id}/appeal", "text", "I read all of it."),
        (mia, f"{page}/appeals/{contested.public_id}", "words", "Of course. " + "x" * 2500),
    ]
    for person, address, field, text in typed:
        client = Client()
        client.force_login(person)
        answer = client.post(address, {field: text, "outcome": "uphold"}).content.decode()
        assert f">{text}</textarea>" in answer
        assert 'aria-invalid="true"' in answer
    contested.refresh_from_db()
    assert contested.state == "open"
