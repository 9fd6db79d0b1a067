"""Tokens end at the next request, links work once, and what was done stays written."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

import factories
from accounts.errors import AccountRefused
from accounts.models import ApiToken, AuditEntry, Membership, Role, SignInToken, User
from accounts.queries import MANAGERS, STAFF, organizations_of
from accounts.services import (
    add_member,
    audit,
    consume_sign_in,
    create_organization,
    create_sign_in_link,
    create_token,
    create_user,
    revoke_token,
)
from together import together

pytestmark = pytest.mark.django_db


def status(secret: str, scheme: str = "Bearer") -> int:
    return APIClient().get("/api/v1/me", HTTP_AUTHORIZATION=f"{scheme} {secret}").status_code


def test_a_token_signs_in_and_is_not_kept(ada) -> None:
    made = create_token(ada, name="laptop")
    assert status(made.secret) == status(made.secret, "bearer") == 200
    assert made.secret not in str(ApiToken.objects.values().get())


def test_a_revoked_token_is_nothing_at_the_next_request(ada) -> None:
    made = create_token(ada)
    assert status(made.secret) == 200
    assert revoke_token(made.token) is True
    assert status(made.secret) == 401
    assert revoke_token(made.token) is False


def test_an_expired_token_is_nothing(ada) -> None:
    made = create_token(ada, lifetime=timedelta(hours=1))
    assert status(made.secret) == 200
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert status(made.secret) == 401


def test_who_was_deactivated_is_out_at_the_next_request(ada) -> None:
    made = create_token(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert status(made.secret) == 401


@pytest.mark.parametrize("secret", ["", "x", "\udcff", "a" * 10_000, "assay_\x00"])
def test_nonsense_for_a_token_is_a_401(secret, db) -> None:
    assert status(secret.encode("utf-8", "surrogateescape").decode("latin-1")) == 401


def test_a_refusal_says_how_to_sign_in(db) -> None:
    reply = APIClient().get("/api/v1/me")
    assert (reply.status_code, reply["WWW-Authenticate"]) == (401, "Bearer")


def test_a_link_signs_in_once(ada) -> None:
    secret = create_sign_in_link(ada, "/tasks?a=1")
    first = consume_sign_in(secret)
    assert (first.user, first.next_path) == (ada, "/tasks?a=1")
    assert consume_sign_in(secret) is None


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_that_was_only_looked_at_is_not_spent(ada, method) -> None:
    secret = create_sign_in_link(ada)
    for _ in range(2):
        assert getattr(APIClient(), method)(f"/sign-in/{secret}").status_code == 200
    assert consume_sign_in(secret) is not None


@pytest.mark.django_db(transaction=True)
def test_of_many_who_follow_a_link_at_once_one_gets_in(ada) -> None:
    for _ in range(5):
        secret = create_sign_in_link(ada)
        results = together([lambda s=secret: consume_sign_in(s)] * 8)
        assert sum(result is not None for result in results) == 1


def test_a_link_ends(ada) -> None:
    secret = create_sign_in_link(ada)
    SignInToken.objects.update(expires_at=timezone.now())
    assert consume_sign_in(secret) is None


@pytest.mark.parametrize(
    "path",
    ["https://elsewhere.example", "//elsewhere.example", "tasks", "", "/\\elsewhere.example"],
)
def test_a_link_leads_nowhere_else(ada, path) -> None:
    with pytest.raises(AccountRefused):
        create_sign_in_link(ada, path)


def test_a_name_is_taken_once(organization) -> None:
    create_user("eve", organization=organization)
    with pytest.raises(AccountRefused, match="taken"):
        create_user("eve")
    assert not User.objects.get(username="eve").has_usable_password()


def test_a_member_has_one_role(organization, ada) -> None:
    add_member(organization, ada, Role.MANAGER)
    assert Membership.objects.get(user=ada).role == Role.MANAGER


def test_organizations_are_found_by_role(organization, ada, mia, zed) -> None:
    assert list(organizations_of(mia, STAFF)) == [organization]
    assert not organizations_of(ada, STAFF).exists()
    assert organization not in organizations_of(zed, MANAGERS)
    User.objects.filter(pk=mia.pk).update(is_active=False)
    mia.refresh_from_db()
    assert not organizations_of(mia, STAFF).exists()


def test_making_an_organization_is_written_down(mia) -> None:
    made = create_organization("Hawks", owner=mia)
    entry = AuditEntry.objects.get(organization=made)
    assert (entry.actor, entry.action, entry.subject) == (
        mia,
        "organization.created",
        made.public_id,
    )


@pytest.mark.parametrize(
    "change", ["UPDATE accounts_auditentry SET action = 'x'", "DELETE FROM accounts_auditentry"]
)
def test_the_record_of_acts_cannot_be_changed(organization, change) -> None:
    audit(organization, None, "project.created", "x", name="Animals")
    with (
        pytest.raises(Error, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert factories.Organization.objects.exists()
    assert AuditEntry.objects.get().detail == {"name": "Animals"}
