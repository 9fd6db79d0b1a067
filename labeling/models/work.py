"""Seats, answers and money. Answers and ledger entries are written once; the database refuses to change them.

Rows are added by the thousand, so a foreign key has an index of its own only where no other index
begins with it.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.identifiers import public_id


class AssignmentState(models.TextChoices):
    LEASED = "leased"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    FLAGGED = "flagged"
    RELEASED = "released"
    EXPIRED = "expired"


class Assignment(models.Model):
    """A lease: this annotator holds one seat on this item until ``lease_until`` (the database's clock).

    ``unused`` marks a counted answer that quality has not taken up yet: it is the record that the
    sweep reads when every message about the answer was lost.
    """

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "labeling.Project", models.PROTECT, related_name="assignments", db_index=False
    )
    item = models.ForeignKey(
        "labeling.Item", models.PROTECT, related_name="assignments", db_index=False
    )
    annotator = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="assignments", db_index=False
    )
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.LEASED)
    label_set_version = models.PositiveIntegerField()
    instructions_version = models.PositiveIntegerField()
    lease_until = models.DateTimeField()
    price_micros = models.BigIntegerField(default=0)  # promised when the seat was taken
    bonus_micros = models.BigIntegerField(default=0, db_default=0)  # the part of it that is bonus
    claim_key = models.UUIDField(
        null=True
    )  # of the claim that took it, to give the same reply again
    unused = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)  # a code, see labeling.services.reasons
    reason_text = models.CharField(max_length=300, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "annotator"], name="one_seat_per_annotator"),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(unused=False) | Q(state=AssignmentState.ANSWERED),
                name="only_answers_are_used",
            ),
            models.CheckConstraint(condition=Q(price_micros__gte=0), name="promise_not_negative"),
            models.CheckConstraint(
                condition=Q(bonus_micros__gte=0) & Q(bonus_micros__lte=F("price_micros")),
                name="bonus_within_the_promise",
            ),
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="leases_by_end"),
            models.Index(
                fields=["annotator", "project"],
                condition=Q(state="leased"),
                name="leases_of_person",
            ),
            models.Index(
                fields=["project", "id"], condition=Q(unused=True), name="answers_not_used_yet"
            ),
            models.Index(
                fields=["project", "item"], condition=Q(state="flagged"), name="flagged_items"
            ),
        ]


class Verdict(models.TextChoices):
    """What became of a submitted answer; the first two and ``late_stored`` count and are paid."""

    STORED = "stored"
    LATE_STORED = "late_stored"  # after the lease, while a seat was still free
    LATE_EXTRA = "late_extra"  # after the lease, kept but neither counted nor paid
    REVISED = "revised"


class Answer(models.Model):
    """What one annotator said about one item. Append-only; an edit is a new revision, the last counts."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "labeling.Project", models.PROTECT, related_name="answers", db_index=False
    )
    item = models.ForeignKey(
        "labeling.Item", models.PROTECT, related_name="answers", db_index=False
    )
    assignment = models.ForeignKey(
        "labeling.Assignment", models.PROTECT, related_name="answers", db_index=False
    )
    annotator = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="answers", db_index=False
    )
    key = models.UUIDField()  # made by the client: the same key is the same answer for ever
    revision = models.PositiveSmallIntegerField(default=1)
    value = models.JSONField()
    label_code = models.IntegerField(
        null=True
    )  # Label.code where the type has a closed set of labels
    verdict = models.CharField(max_length=12, choices=Verdict)
    counted = models.BooleanField()
    seconds = models.FloatField(
        null=True
    )  # the client's own measure; evidence uses the server's times
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotator", "key"], name="one_answer_per_key"),
            models.UniqueConstraint(
                fields=["assignment", "revision"], name="one_answer_per_revision"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="answer_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(seconds__isnull=True) | Q(seconds__gte=0), name="seconds_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["item", "id"], name="answers_of_item"),
            models.Index(fields=["project", "id"], name="answers_of_project"),
            models.Index(fields=["annotator", "project", "id"], name="answers_of_person"),
        ]


class EntryKind(models.TextChoices):
    ANSWER = "answer"
    BONUS = "bonus"
    REVERSAL = "reversal"
    RESTORED = "restored"


class LedgerEntry(models.Model):
    """Money owed (or, negative, taken back) for an answer, in micro-units. Append-only."""

    project = models.ForeignKey(
        "labeling.Project", models.PROTECT, related_name="ledger_entries", db_index=False
    )
    annotator = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="ledger_entries", db_index=False
    )
    answer = models.ForeignKey(
        "labeling.Answer", models.PROTECT, related_name="ledger_entries", db_index=False
    )
    kind = models.CharField(max_length=10, choices=EntryKind)
    amount_micros = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "kind"], name="one_entry_per_answer_and_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind=EntryKind.REVERSAL) & Q(amount_micros__lte=0))
                | (~Q(kind=EntryKind.REVERSAL) & Q(amount_micros__gte=0)),
                name="only_reversals_take_back",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "id"], name="ledger_of_project"),
            models.Index(fields=["annotator", "project"], name="ledger_of_person"),
        ]
