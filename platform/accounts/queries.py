"""Who belongs where. All tenancy starts from ``organizations_of``."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import ApiToken, Membership, Organization, Role, SignInToken, User

STAFF = (Role.OWNER, Role.MANAGER, Role.AUDITOR)  # may look
MANAGERS = (Role.OWNER, Role.MANAGER)  # may also change
REVIEWERS = (Role.OWNER, Role.MANAGER, Role.REVIEWER)  # may say what a label is
ANNOTATORS = (Role.ANNOTATOR,)


def organizations_of(user: User | AnonymousUser, roles: Iterable[str]) -> QuerySet[Organization]:
    """The organizations in which the person has one of the roles."""
    if not user.is_authenticated or not user.is_active:
        return Organization.objects.none()
    return Organization.objects.filter(memberships__user=user, memberships__role__in=list(roles))


def memberships_of(user: User) -> QuerySet[Membership]:
    """Where the person belongs."""
    mine = Membership.objects.filter(user=user, user__is_active=True)
    return mine.select_related("organization").order_by("organization__name", "pk")


def made_by(organization: Organization) -> QuerySet[User]:
    """Annotators whose account the organization made: without a password, and of nowhere else.

    Only for them may its managers hold tokens. Everybody else speaks for themselves.
    """
    elsewhere = Membership.objects.filter(user=OuterRef("pk")).exclude(
        organization=organization, role__in=ANNOTATORS
    )
    return User.objects.filter(
        ~Exists(elsewhere),
        memberships__organization=organization,
        password__startswith=UNUSABLE_PASSWORD_PREFIX,
        is_staff=False,
        is_superuser=False,
    )


def tokens_managed_by(user: User, organization: Organization) -> QuerySet[ApiToken]:
    """The person's own tokens, and those of accounts that this organization made."""
    people = Q(user=user) | Q(user__in=made_by(organization))
    return ApiToken.objects.filter(people).select_related("user")


@dataclass(frozen=True)
class Roles:
    """What a person is in at least one organization."""

    staff: bool
    manager: bool
    reviewer: bool
    annotator: bool


def roles_of(user: User | AnonymousUser) -> Roles:
    """All roles of the person, over all organizations."""
    if not user.is_authenticated or not user.is_active:
        return Roles(staff=False, manager=False, reviewer=False, annotator=False)
    held = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    return Roles(
        staff=bool(held & set(STAFF)),
        manager=bool(held & set(MANAGERS)),
        reviewer=bool(held & set(REVIEWERS)),
        annotator=bool(held & set(ANNOTATORS)),
    )


def live_token(secret_digest: str) -> ApiToken | None:
    """The token with this digest, if it is neither revoked nor expired and its owner is active."""
    return (
        ApiToken.objects.select_related("user")
        .filter(_not_expired(), digest=secret_digest, revoked_at=None, user__is_active=True)
        .first()
    )


def usable_sign_in(secret_digest: str) -> QuerySet[SignInToken]:
    """The link with this digest, as long as it can still sign somebody in."""
    return SignInToken.objects.filter(
        digest=secret_digest, used_at=None, expires_at__gt=Now(), user__is_active=True
    )


def _not_expired() -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=Now())
