"""Who belongs to an organization: invitation links, roles, leaving. Every change is in the audit log.

Sign-up is closed: an account is made by following a link that a member made, once.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import AccountRefused, NotYours
from accounts.models import InvitationLink, Membership, Organization, Role, User
from accounts.queries import MANAGERS
from accounts.services import add_member, audit, create_sign_in_link, create_user
from accounts.tokens import digest, new_secret

LINK_LASTS = timedelta(days=7)
NOTE_LENGTH = 100
GRANTED_BY = {
    Role.OWNER: frozenset(Role.values),
    Role.MANAGER: frozenset(Role.values) - {Role.OWNER, Role.MANAGER},
}
"""Which roles somebody may give, and take away, by their own role."""


@dataclass(frozen=True)
class NewInvitation:
    """A link just made. ``secret`` is shown once: only its digest is kept."""

    link: InvitationLink
    secret: str


def grantable(organization: Organization, actor: User) -> frozenset[str]:
    """The roles that the actor may give in this organization."""
    own = Membership.objects.filter(organization=organization, user=actor).first()
    return GRANTED_BY.get(Role(own.role), frozenset()) if own else frozenset()


def members_of(organization: Organization, name: str = "") -> QuerySet[Membership]:
    """Everybody, or whose names contain this."""
    members = Membership.objects.filter(organization=organization).select_related("user")
    if name:
        members = members.filter(
            Q(user__username__icontains=name) | Q(user__display_name__icontains=name)
        )
    return members.order_by("role", "user__username")


def open_links(organization: Organization) -> QuerySet[InvitationLink]:
    """Links that can still be followed, the newest first."""
    links = InvitationLink.objects.filter(
        organization=organization, used_at=None, revoked_at=None, expires_at__gt=Now()
    )
    return links.select_related("made_by").order_by("-pk")


@transaction.atomic
def invite(organization: Organization, role: str, *, actor: User, note: str = "") -> NewInvitation:
    """A link that makes one person a member. Raises AccountRefused for a role one may not give."""
    _check_grant(organization, actor, role)
    secret = new_secret()
    link = InvitationLink.objects.create(
        organization=organization,
        role=role,
        digest=digest(secret),
        note=note.strip()[:NOTE_LENGTH],
        made_by=actor,
        expires_at=timezone.now() + LINK_LASTS,
    )
    audit(organization, actor, "invitation.made", link.public_id, role=role)
    return NewInvitation(link, secret)


@transaction.atomic
def revoke_invitation(link: InvitationLink, *, actor: User) -> bool:
    """From now on the link leads nowhere. False if it was used or revoked before."""
    unused = InvitationLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None)
    revoked = unused.update(revoked_at=Now()) == 1
    if revoked:
        audit(link.organization, actor, "invitation.revoked", link.public_id)
    return revoked


def link_behind(secret: str) -> InvitationLink | None:
    """The link, if it can still be followed."""
    found = InvitationLink.objects.filter(
        digest=digest(secret), used_at=None, revoked_at=None, expires_at__gt=Now()
    )
    return found.select_related("organization").first()


@transaction.atomic
def join(link: InvitationLink, user: User) -> Membership:
    """Spend the link. Raises NotYours if somebody was first; a stronger role than the link's is kept."""
    unused = InvitationLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None)
    if unused.update(used_at=Now(), used_by=user) != 1:
        raise NotYours
    held = Membership.objects.filter(organization=link.organization, user=user).first()
    strong = held is not None and held.role in MANAGERS
    membership = held if held and strong else add_member(link.organization, user, link.role)
    audit(link.organization, user, "member.joined", user.public_id, role=membership.role)
    return membership


@transaction.atomic
def join_anew(link: InvitationLink, *, name: str, password: str, shown: str = "") -> User:
    """A new account that spends the link. Raises AccountRefused, and then the link is still good."""
    name = name.strip()
    if not name or len(name) > 150 or "\0" in name + shown:
        raise AccountRefused("username", _("must have 1 to 150 characters"))
    try:
        validate_password(password, User(username=name))
    except ValidationError as weak:
        raise AccountRefused("password", " ".join(weak.messages)) from None
    user = create_user(name, password=password, display_name=shown.strip()[:100])
    join(link, user)
    return user


@transaction.atomic
def change_role(membership: Membership, role: str, *, actor: User) -> None:
    """Give a member another role. Raises AccountRefused where it may not be."""
    organization = membership.organization
    _check_grant(organization, actor, role)
    _check_touch(membership, actor)
    Membership.objects.filter(pk=membership.pk).update(role=role)
    subject = membership.user.public_id
    audit(organization, actor, "member.role", subject, before=membership.role, role=role)


@transaction.atomic
def remove_member(membership: Membership, *, actor: User) -> None:
    """End a membership. What the person has answered and earned stays. Raises AccountRefused."""
    _check_touch(membership, actor)
    membership.delete()
    subject = membership.user.public_id
    audit(membership.organization, actor, "member.removed", subject, role=membership.role)


@transaction.atomic
def link_for_forgetful(membership: Membership, *, actor: User) -> str:
    """The secret of a link that signs the member in once, to set a new password. Raises AccountRefused.

    Only where nobody else's trust is at stake: the person belongs to this organization alone.
    """
    _check_touch(membership, actor)
    elsewhere = Membership.objects.filter(user=membership.user).exclude(pk=membership.pk)
    if elsewhere.exists() or membership.user.is_superuser:
        raise AccountRefused("role", _("is not the only one: this person belongs elsewhere too"))
    secret = create_sign_in_link(membership.user, "/account")
    audit(membership.organization, actor, "member.sign_in_link", membership.user.public_id)
    return secret


def _check_grant(organization: Organization, actor: User, role: str) -> None:
    if role not in grantable(organization, actor):
        raise AccountRefused("role", _("is not yours to give"))


def _check_touch(membership: Membership, actor: User) -> None:
    """Whoever may give a role may take it; the last owner stays."""
    organization = membership.organization
    if membership.role not in grantable(organization, actor):
        raise AccountRefused("role", _("is not yours to take away"))
    owners = Membership.objects.select_for_update().filter(
        organization=organization, role=Role.OWNER
    )
    if membership.role == Role.OWNER and len(owners) == 1:
        raise AccountRefused(
            "role", _("an organization needs an owner: make somebody else one first")
        )
