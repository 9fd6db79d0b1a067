"""What is labeled. Work, gold and practice share one table, one id space and one order."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.identifiers import public_id


class ItemRole(models.TextChoices):
    WORK = "work"
    GOLD = "gold"
    PRACTICE = "practice"
    AUDIT = "audit"


class ItemStatus(models.TextChoices):
    STAGED = "staged"  # an import is still under way: nobody sees it
    POOL = "pool"  # known, not asked
    OPEN = "open"  # people are asked about it
    SETTLED = "settled"
    HELD = "held"  # waits for an expert
    WITHDRAWN = "withdrawn"


class MediaFile(models.Model):
    """A checked file in the content-addressed store; the digest (SHA-256) is its name there."""

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="media_files"
    )
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=60)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "digest"], name="one_media_file_per_digest"
            ),
        ]


class Item(models.Model):
    """One thing to be labeled; ``payload`` is what the annotator sees.

    ``seats_taken`` counts live leases plus counted answers. ``has_seat`` says that a claim may take a
    seat (open, and seats_taken < seats_wanted): it flips rarely, so most updates leave the claim's
    partial index alone. ``position`` is the order in which claims look (ascending).
    """

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "labeling.Project", models.PROTECT, related_name="items", db_index=False
    )
    external_id = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    media = models.ForeignKey("labeling.MediaFile", models.PROTECT, null=True, related_name="items")
    role = models.CharField(max_length=10, choices=ItemRole, default=ItemRole.WORK)
    status = models.CharField(max_length=10, choices=ItemStatus, default=ItemStatus.POOL)
    priority = models.FloatField(default=0)
    position = models.BigIntegerField(default=0)
    seats_wanted = models.PositiveIntegerField(default=0)
    seats_taken = models.PositiveIntegerField(default=0)
    has_seat = models.BooleanField(default=False)
    staged_by = models.CharField(max_length=32, blank=True, default="")  # the unfinished import
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "external_id"], name="one_item_per_external_id"
            ),
            models.CheckConstraint(
                condition=Q(seats_taken__lte=F("seats_wanted")), name="never_over_assigned"
            ),
            models.CheckConstraint(
                condition=Q(has_seat=False)
                | (Q(status="open") & Q(seats_taken__lt=F("seats_wanted"))),
                name="seat_only_where_open_and_free",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ItemStatus.values), name="item_status_known"
            ),
            models.CheckConstraint(condition=Q(role__in=ItemRole.values), name="item_role_known"),
            models.CheckConstraint(
                condition=Q(status="staged") | Q(staged_by=""), name="staged_until_complete"
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "position", "id"],
                condition=Q(has_seat=True) & ~Q(role="gold"),
                name="items_to_claim",
            ),
            models.Index(
                fields=["project", "position", "id"],
                condition=Q(has_seat=True) & Q(role="gold"),
                name="gold_to_claim",
            ),
            models.Index(fields=["project", "role", "status", "id"], name="items_by_status"),
            models.Index(
                fields=["staged_by", "id"], condition=Q(status="staged"), name="staged_items"
            ),
        ]


class Opening(models.Model):
    """From now on a claim may find something at this position: an item opened, or a seat came back.

    Written by triggers of the database whenever an item comes to have a free seat, and read by claims
    that begin further on. ``mark`` is the number of the transaction on PostgreSQL; on SQLite the id serves.
    """

    project = models.ForeignKey(
        "labeling.Project", models.CASCADE, related_name="openings", db_index=False
    )
    position = models.BigIntegerField()
    mark = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["project", "mark", "position"], name="openings_since")]


class Invitation(models.Model):
    """This person may be asked about this item, in a project whose items are offered by invitation."""

    item = models.ForeignKey("labeling.Item", models.CASCADE, related_name="invitations")
    annotator = models.ForeignKey("accounts.User", models.CASCADE, related_name="invitations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "annotator"], name="one_invitation_each"),
        ]
