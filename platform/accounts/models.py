"""People, the organizations they belong to, what they may do, and what was done."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from accounts.identifiers import public_id


class User(AbstractUser):
    """Anybody with an account. What somebody may do stands in Membership."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    display_name = models.CharField(max_length=100, blank=True)


class Organization(models.Model):
    """A tenant: what belongs to one organization does not exist for the others."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner"
    MANAGER = "manager"
    AUDITOR = "auditor"
    REVIEWER = "reviewer"  # an expert: sees disputed items and says what they are
    ANNOTATOR = "annotator"


class Membership(models.Model):
    """A person's role in one organization.

    ``groups``, ``languages`` (BCP 47) and ``door``, the way the person came in, decide on what they work.
    """

    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    groups = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    languages = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    door = models.CharField(max_length=40, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_each"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]


class ApiToken(models.Model):
    """A bearer token. Only its SHA-256 digest is kept; the token itself is shown once."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class SignInToken(models.Model):
    """A link that signs one person in once, then is spent."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="sign_in_tokens")
    digest = models.CharField(max_length=64, unique=True)
    next_path = models.CharField(max_length=300, default="/")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class AuditEntry(models.Model):
    """Who did what to what, and why. Append-only."""

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="audit_entries"
    )
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    detail = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="audit_newest_first")]


class InvitationLink(models.Model):
    """A link that makes one person a member with this role, once. Nobody joins without one."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="invitation_links"
    )
    role = models.CharField(max_length=20, choices=Role)
    digest = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=100, blank=True)  # for whom, in the maker's words
    made_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]


class SessionNote(models.Model):
    """Where and when somebody signed in, so that they can look at their sessions and end them."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="session_notes")
    session_key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)


class SignInTry(models.Model):
    """Somebody tried to sign in by password under this name (its digest); forgotten after a while."""

    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["digest"], name="tries_of_a_name"),
            models.Index(fields=["at"], name="tries_by_time"),
        ]
