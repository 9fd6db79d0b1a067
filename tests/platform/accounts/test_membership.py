"""Joining by invitation, roles, sessions, tokens: on their pages."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import factories
from accounts import guessing
from accounts.membership import invite, join, link_behind
from accounts.models import (
    ApiToken,
    AuditEntry,
    Membership,
    Organization,
    Role,
    SignInTry,
    User,
)
from accounts.queries import organizations_of
from accounts.services import create_sign_in_link, create_user

PASSWORD = "a long and odd passphrase"


@pytest.fixture
def owen(organization: Organization) -> User:
    return factories.member(organization, "owen", Role.OWNER)


def client_of(person: User | None = None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def page(organization: Organization) -> str:
    return f"/organizations/{organization.public_id}"


def link_in(client: Client, organization: Organization, role: str) -> str:
    answer = client.post(page(organization), {"role": role, "note": "for Cleo"})
    found = re.search(r"/join/[A-Za-z0-9_-]+", answer.content.decode())
    return found.group() if found else ""


def test_a_link_makes_one_account_and_then_leads_nowhere(
    organization: Organization, owen: User
) -> None:
    link = link_in(client_of(owen), organization, Role.ANNOTATOR)
    visitor = client_of()
    assert visitor.get(link).status_code == visitor.get(link).status_code == 200  # looking is free
    weak = visitor.post(link, {"username": "cleo", "password": "12345678"})
    assert weak.context["problem"].field == "password"
    assert visitor.post(link, {"username": "cleo", "password": PASSWORD}).status_code == 302
    cleo = User.objects.get(username="cleo")
    assert organizations_of(cleo, [Role.ANNOTATOR]).get() == organization
    assert visitor.get("/tasks").status_code == 200  # signed in
    again = client_of().post(link, {"username": "dan", "password": PASSWORD})
    assert again.status_code == 410
    assert not User.objects.filter(username="dan").exists()


def test_an_account_that_is_there_joins_and_keeps_a_stronger_role(
    organization: Organization, owen: User, mia: User, zed: User
) -> None:
    for person, role in ((zed, Role.AUDITOR), (mia, Role.MANAGER)):
        link = link_behind(invite(organization, Role.AUDITOR, actor=owen).secret)
        assert link
        join(link, person)
        assert Membership.objects.get(organization=organization, user=person).role == role


def test_a_revoked_link_leads_nowhere(organization: Organization, owen: User) -> None:
    made = invite(organization, Role.ANNOTATOR, actor=owen)
    client_of(owen).post(f"{page(organization)}/links/{made.link.public_id}/revoke")
    assert client_of().get(f"/join/{made.secret}").status_code == 410


def test_managers_give_the_lesser_roles_only(
    organization: Organization, owen: User, mia: User, ada: User
) -> None:
    client = client_of(mia)
    assert link_in(client, organization, Role.AUDITOR)
    for role in (Role.OWNER, Role.MANAGER, "king"):
        assert not link_in(client, organization, role)
    for person, role in ((ada, Role.MANAGER), (owen, Role.ANNOTATOR)):
        before = Membership.objects.get(user=person).role
        client.post(f"{page(organization)}/members/{person.public_id}", {"role": role})
        assert Membership.objects.get(user=person).role == before
    client.post(f"{page(organization)}/members/{ada.public_id}", {"role": Role.AUDITOR})
    assert Membership.objects.get(user=ada).role == Role.AUDITOR
    assert AuditEntry.objects.get(action="member.role").detail["before"] == Role.ANNOTATOR


def test_many_members_come_in_pages_and_are_found_by_name(
    organization: Organization, owen: User
) -> None:
    made = User.objects.bulk_create(User(username=f"w{n:03}") for n in range(60))
    Membership.objects.bulk_create(
        Membership(user=one, organization=organization, role=Role.ANNOTATOR) for one in made
    )
    client = client_of(owen)
    shown = [m.user.username for m in client.get(page(organization)).context["members"]]
    assert shown == [f"w{n:03}" for n in range(50)]
    rest = client.get(f"{page(organization)}?page=2").context["members"]
    assert [m.user.username for m in rest] == [f"w{n:03}" for n in range(50, 60)] + ["owen"]
    found = client.get(f"{page(organization)}?name=W059").content.decode()
    assert found.count("w059") >= 1
    assert "w058" not in found


def test_the_last_owner_stays(organization: Organization, owen: User) -> None:
    other = factories.member(organization, "olga", Role.OWNER)
    client = client_of(owen)
    for person in (other, owen):
        client.post(f"{page(organization)}/members/{person.public_id}", {"act": "remove"})
    assert Membership.objects.get(role=Role.OWNER).user == owen


def test_whoever_forgot_the_password_sets_a_new_one_by_a_link(
    organization: Organization, owen: User, ada: User, zed: User
) -> None:
    shown = client_of(owen).post(f"{page(organization)}/members/{ada.public_id}", {"act": "link"})
    found = re.search(r"/sign-in/[A-Za-z0-9_-]+", shown.content.decode())
    assert found
    client = client_of()
    client.post(found.group())
    client.post("/account", {"new": PASSWORD})
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)
    client.post("/account", {"new": "another long and odd one"})  # once, not for ever
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_nobody_gets_a_link_for_who_belongs_elsewhere_too(
    organization: Organization, owen: User, zed: User
) -> None:
    Membership.objects.create(organization=organization, user=zed, role=Role.ANNOTATOR)
    shown = client_of(owen).post(
        f"{page(organization)}/members/{zed.public_id}", {"act": "link"}, follow=True
    )
    assert "/sign-in/" not in shown.content.decode()


def test_a_token_is_shown_once_works_and_is_revoked(mia: User) -> None:
    client = client_of(mia)
    shown = client.post("/account/tokens", {"name": "pipeline", "days": "7"}).content.decode()
    secret = re.search(r"assay_[A-Za-z0-9_-]+", shown)
    assert secret
    assert secret.group() not in client.get("/account").content.decode()
    headers: Any = {"HTTP_AUTHORIZATION": f"Bearer {secret.group()}"}
    assert Client().get("/api/v1/me", **headers).status_code == 200
    client.post("/account/tokens", {"revoke": ApiToken.objects.get().digest[:16]})
    assert Client().get("/api/v1/me", **headers).status_code == 401


def test_a_session_is_ended_from_another_one(mia: User, zed: User) -> None:
    here, there, stranger = client_of(mia), client_of(mia), client_of(zed)
    sessions = here.get("/account").context["sessions"]
    [other] = [session for session in sessions if not session.own]
    stranger.post("/account/sessions", {"session": other.id})
    assert there.get("/account").status_code == 200
    here.post("/account/sessions", {"session": other.id})
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_passwords_are_not_guessed_and_a_link_goes_past_the_waiting(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "TRIES", 2)
    create_user("cleo", organization=organization, role=Role.ANNOTATOR, password=PASSWORD)

    def tried(name: str, password: str) -> int:
        form = {"username": name, "password": password}
        return client_of().post("/sign-in", form).status_code

    assert tried("cleo", "wrong") == 200
    assert tried("cleo", PASSWORD) == 302  # whoever gets in starts anew
    assert [tried("cleo", "wrong"), tried("CLEO ", "wrong")] == [200, 200]
    assert tried("cleo", PASSWORD) == 429  # the right one is not told from a wrong one
    assert tried("dan", "wrong") == 200  # nobody else waits
    link = create_sign_in_link(User.objects.get(username="cleo"))
    assert client_of().post(f"/sign-in/{link}").status_code == 302
    SignInTry.objects.update(at=timezone.now() - guessing.WITHIN)
    assert tried("cleo", PASSWORD) == 302


def test_a_new_password_ends_all_other_sessions(mia: User) -> None:
    here, there = client_of(mia), client_of(mia)
    wrong = here.post("/account", {"old": "wrong", "new": PASSWORD})
    assert "present password is another" in wrong.content.decode()
    here.post("/account", {"old": "correct horse", "new": PASSWORD})
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
