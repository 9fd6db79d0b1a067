"""Every change to accounts: organizations, people, tokens, one-time links, and the record of acts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.errors import AccountRefused, NotYours
from accounts.models import (
    ApiToken,
    AuditEntry,
    Membership,
    Organization,
    Role,
    SignInToken,
    User,
)
from accounts.queries import made_by, usable_sign_in
from accounts.tokens import digest, new_secret

SIGN_IN_LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class NewToken:
    """A token just made. ``secret`` is shown once: only its digest is kept."""

    token: ApiToken
    secret: str


@dataclass(frozen=True)
class SignIn:
    """What a spent link allows: signing this person in and sending them there."""

    user: User
    next_path: str


def audit(
    organization: Organization, actor: User | None, action: str, subject: str, **detail: Any
) -> AuditEntry:
    """Write down who did what to what. Entries are never changed."""
    return AuditEntry.objects.create(
        organization=organization, actor=actor, action=action, subject=subject, detail=detail
    )


@transaction.atomic
def create_organization(name: str, *, owner: User | None = None) -> Organization:
    """A new tenant, with its owner if one is given."""
    organization = Organization.objects.create(name=name)
    if owner is not None:
        add_member(organization, owner, Role.OWNER)
    audit(organization, owner, "organization.created", organization.public_id)
    return organization


@transaction.atomic
def create_user(
    username: str,
    *,
    organization: Organization | None = None,
    role: str = Role.ANNOTATOR,
    password: str | None = None,
    display_name: str = "",
) -> User:
    """A new account, without a usable password unless one is given. Raises AccountRefused."""
    user = User(username=username, display_name=display_name)
    user.set_password(password)
    _save_new(user)
    if organization is not None:
        add_member(organization, user, role)
    return user


def add_member(organization: Organization, user: User, role: str) -> Membership:
    """Give the person this role in the organization, in place of any other."""
    membership, _ = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": Role(role)}
    )
    return membership


def create_token(user: User, *, name: str = "", lifetime: timedelta | None = None) -> NewToken:
    """A bearer token for the API; for ever, unless it gets a lifetime."""
    secret = new_secret()
    expires_at = timezone.now() + lifetime if lifetime else None
    token = ApiToken.objects.create(
        user=user, name=name, digest=digest(secret), expires_at=expires_at
    )
    return NewToken(token, secret)


def revoke_token(token: ApiToken) -> bool:
    """From the next request on the token is nothing. False if it was revoked before."""
    return ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now()) == 1


@transaction.atomic
def manage_token_of(
    organization: Organization,
    username: str | None,
    *,
    actor: User,
    name: str = "",
    lifetime: timedelta | None = None,
) -> NewToken:
    """A token for the actor, or for an account that the organization made. Raises NotYours for any other."""
    user = actor if username is None else made_by(organization).filter(username=username).first()
    if user is None:
        raise NotYours
    made = create_token(user, name=name, lifetime=lifetime)
    audit(organization, actor, "token.created", user.username, name=name)
    return made


@transaction.atomic
def revoke_managed(organization: Organization, token: ApiToken, *, actor: User) -> bool:
    """``revoke_token``, written down."""
    revoked = revoke_token(token)
    if revoked:
        audit(organization, actor, "token.revoked", token.user.username, name=token.name)
    return revoked


def create_sign_in_link(
    user: User, next_path: str = "/", *, lifetime: timedelta = SIGN_IN_LASTS
) -> str:
    """The secret of a link that signs the person in once. Raises AccountRefused for a foreign path."""
    if not _is_local(next_path):
        raise AccountRefused("next_path", "must be a path on this site")
    secret = new_secret()
    SignInToken.objects.create(
        user=user,
        digest=digest(secret),
        next_path=next_path,
        expires_at=timezone.now() + lifetime,
    )
    return secret


def consume_sign_in(secret: str) -> SignIn | None:
    """Spend the link. None if it is unknown, expired, or somebody was first."""
    link = usable_sign_in(digest(secret)).select_related("user").first()
    if link is None or not _spend(link):
        return None
    return SignIn(link.user, link.next_path)


def _spend(link: SignInToken) -> bool:
    """Whether we were first. The condition names this table only: with a join it would become a
    subquery, which PostgreSQL does not look at again after waiting for somebody else's update.
    """
    return SignInToken.objects.filter(pk=link.pk, used_at=None).update(used_at=Now()) == 1


def _save_new(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise AccountRefused("username", "is taken") from None


def _is_local(path: str) -> bool:
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
