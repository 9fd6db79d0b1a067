"""Managers hold tokens of their own and of accounts that their organization made; of nobody else."""

import pytest
from rest_framework.test import APIClient

import factories
from accounts.models import ApiToken, AuditEntry, Role, User
from accounts.services import add_member, create_user

pytestmark = pytest.mark.django_db


def as_user(user: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


@pytest.fixture
def path(organization) -> str:
    return f"/api/v1/organizations/{organization.public_id}/tokens"


@pytest.fixture
def made(organization) -> User:
    return create_user("made-1", organization=organization)


def test_a_token_works_until_it_is_revoked_and_is_told_once(path, mia, made) -> None:
    new = (
        as_user(mia).post(path, {"user": "made-1", "name": "load", "days": 3}, format="json").json()
    )
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {new['token']}")
    assert api.get("/api/v1/me").json()["id"] == made.public_id
    [shown] = as_user(mia).get(path).json()["results"]
    assert shown == {name: new[name] for name in shown}
    assert "token" not in shown
    assert new["token"] not in as_user(mia).get(path).content.decode()
    for _ in range(2):
        assert as_user(mia).delete(f"{path}/{new['id']}").status_code == 204
    assert api.get("/api/v1/me").status_code == 401
    actions = AuditEntry.objects.filter(actor=mia).values_list("action", flat=True)
    assert sorted(actions) == ["token.created", "token.revoked"]


def test_a_manager_gets_a_token_of_their_own(path, mia) -> None:
    new = as_user(mia).post(path, {}, format="json").json()
    assert (new["user"], new["expires_at"]) == ("mia", None)


def test_nobody_else_is_spoken_for(path, organization, mia, made, ada) -> None:
    """Not who has a password, not staff, not who belongs elsewhere too, and not who is unknown."""
    colleague = create_user("colleague", organization=organization, role=Role.MANAGER)
    guest = create_user("guest", organization=organization)
    add_member(factories.organization("Elsewhere"), guest, Role.ANNOTATOR)
    replies = {
        as_user(mia).post(path, {"user": name}, format="json").content
        for name in (ada.username, colleague.username, guest.username, "zed", "nobody")
    }
    assert len(replies) == 1
    assert b'"status":404' in replies.pop()
    assert not ApiToken.objects.exists()
    ApiToken.objects.create(user=ada, digest="a" * 64)
    assert as_user(mia).get(path).json()["results"] == []
    assert as_user(mia).delete(f"{path}/{'a' * 16}").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_other_organizations_do_not_exist(path, mia, ada, zed) -> None:
    for stranger in (zed, ada):
        assert as_user(stranger).get(path).status_code == 404
        assert as_user(stranger).post(path, {}, format="json").status_code == 404
    assert as_user(mia).get("/api/v1/organizations").json()["organizations"][0]["role"] == "manager"
    assert len(as_user(zed).get("/api/v1/organizations").json()["organizations"]) == 1
