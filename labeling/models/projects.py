"""A project, the versions of what it asks, and who works in it."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone

from accounts.identifiers import public_id
from accounts.models import Role, User
from accounts.queries import ANNOTATORS, MANAGERS, REVIEWERS, STAFF, organizations_of


class ProjectStatus(models.TextChoices):
    DRAFT = "draft"
    PILOT = "pilot"
    LIVE = "live"
    PAUSED = "paused"
    DONE = "done"


class Redundancy(models.TextChoices):
    FIXED = "fixed"  # every item gets seats_max answers
    PARTIAL = "partial"  # a share of the items gets seats_max, the others seats_min
    ADAPTIVE = "adaptive"  # from seats_min to seats_max, until target_certainty


class Order(models.TextChoices):
    PRIORITY = "priority"
    RANDOM = "random"
    OLDEST = "oldest"


class GoldRule(models.TextChoices):
    FIXED = "fixed"  # every seat is gold with the same chance
    FALLING = "falling"  # a newcomer meets more, and less the longer their record


class ProjectQuerySet(models.QuerySet["Project"]):
    """The tenant walls: every look-up on behalf of a person starts with one of these."""

    def visible_to(self, user: User | AnonymousUser) -> "ProjectQuerySet":
        """Projects that this person may look at as a manager or auditor."""
        return self.filter(organization__in=organizations_of(user, STAFF))

    def managed_by(self, user: User | AnonymousUser) -> "ProjectQuerySet":
        """Projects that this person may change."""
        return self.filter(organization__in=organizations_of(user, MANAGERS))

    def reviewed_by(self, user: User | AnonymousUser) -> "ProjectQuerySet":
        """Projects whose labels this person may review."""
        return self.filter(organization__in=organizations_of(user, REVIEWERS))

    def open_to(self, user: User | AnonymousUser) -> "ProjectQuerySet":
        """Projects that this person may answer in: started ones of organizations they annotate for,
        and of those they belong to otherwise where the project lets them.
        """
        invited = Q(organization__in=organizations_of(user, Role.values), staff_may_work=True)
        mine = Q(organization__in=organizations_of(user, ANNOTATORS)) | invited
        return self.filter(mine).exclude(status=ProjectStatus.DRAFT)


class Project(models.Model):
    """One question asked about many items, with one budget and one redundancy rule.

    Money is in integer micro-units (1,000,000 = one unit of ``currency``). ``label_set_version`` and
    ``instructions_version`` name the versions that new assignments are given under.
    """

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="projects"
    )
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=ProjectStatus, default=ProjectStatus.DRAFT)
    stopped_because = models.CharField(max_length=300, blank=True)
    pilot_until = models.DateTimeField(null=True, blank=True)  # when it left the state "pilot"
    label_type = models.CharField(max_length=40)
    label_set_version = models.PositiveIntegerField(default=1)
    instructions_version = models.PositiveIntegerField(default=1)

    redundancy = models.CharField(max_length=10, choices=Redundancy, default=Redundancy.ADAPTIVE)
    seats_min = models.PositiveSmallIntegerField(default=2)
    seats_max = models.PositiveSmallIntegerField(default=7)
    partial_share = models.FloatField(default=0.2)
    target_certainty = models.FloatField(default=0.95)
    order = models.CharField(max_length=10, choices=Order, default=Order.PRIORITY)
    lease_seconds = models.PositiveIntegerField(default=600)
    gold_share = models.FloatField(default=0.08)
    max_answers_per_person = models.PositiveIntegerField(null=True, blank=True)
    by_invitation = models.BooleanField(default=False)  # items are offered to named people only
    gold_rule = models.CharField(
        max_length=10, choices=GoldRule, default=GoldRule.FALLING, db_default=GoldRule.FALLING
    )
    max_share_per_person = models.FloatField(null=True, blank=True)  # of the number of work items
    max_answers_per_day = models.PositiveIntegerField(null=True, blank=True)  # a person, UTC
    practice_bound = models.FloatField(null=True, blank=True)  # None: no practice before the work
    who_may_work = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField())
    )  # see labeling.services.admission
    staff_may_work = models.BooleanField(default=False, db_default=False)  # who_may_work says so
    media_rules = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField())
    )  # see labeling.services.media_rules
    match_people = models.BooleanField(default=False, db_default=False)
    shuffle_labels = models.BooleanField(default=False, db_default=False)
    pays_bonuses = models.BooleanField(default=False, db_default=False)  # somebody has one

    currency = models.CharField(max_length=3, default="USD")
    price_micros = models.BigIntegerField(default=0)
    budget_micros = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ProjectStatus.values), name="project_status_known"
            ),
            models.CheckConstraint(
                condition=Q(redundancy__in=Redundancy.values), name="redundancy_known"
            ),
            models.CheckConstraint(
                condition=Q(seats_min__gte=1) & Q(seats_max__gte=F("seats_min")),
                name="seats_min_to_max",
            ),
            models.CheckConstraint(
                condition=Q(target_certainty__gt=0) & Q(target_certainty__lt=1),
                name="certainty_between_0_1",
            ),
            models.CheckConstraint(
                condition=Q(gold_share__gte=0) & Q(gold_share__lt=1),
                name="gold_share_from_0_below_1",
            ),
            models.CheckConstraint(
                condition=Q(partial_share__gte=0) & Q(partial_share__lte=1),
                name="partial_share_0_1",
            ),
            models.CheckConstraint(
                condition=Q(gold_rule__in=GoldRule.values), name="gold_rule_known"
            ),
            models.CheckConstraint(
                condition=Q(max_share_per_person__isnull=True)
                | (Q(max_share_per_person__gt=0) & Q(max_share_per_person__lte=1)),
                name="share_per_person_0_1",
            ),
            models.CheckConstraint(
                condition=Q(practice_bound__isnull=True)
                | (Q(practice_bound__gt=0) & Q(practice_bound__lt=1)),
                name="practice_bound_0_1",
            ),
            models.CheckConstraint(condition=Q(price_micros__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(budget_micros__isnull=True) | Q(budget_micros__gte=0),
                name="budget_not_negative",
            ),
            models.CheckConstraint(condition=Q(lease_seconds__gte=1), name="lease_lasts"),
        ]

    def __str__(self) -> str:
        return self.name


class LabelSet(models.Model):
    """One version of the label type's configuration. Never edited: a change is a new version."""

    project = models.ForeignKey("labeling.Project", models.PROTECT, related_name="label_sets")
    version = models.PositiveIntegerField()
    configuration = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], name="one_label_set_per_version"
            ),
        ]


class Label(models.Model):
    """One allowed answer. ``code`` is its place in the order and its number in arrays."""

    label_set = models.ForeignKey("labeling.LabelSet", models.PROTECT, related_name="labels")
    code = models.PositiveIntegerField()
    value = models.CharField(max_length=200)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["label_set", "code"], name="one_label_per_code"),
            models.UniqueConstraint(fields=["label_set", "value"], name="one_label_per_value"),
            models.CheckConstraint(condition=~Q(value=""), name="label_has_value"),
        ]


class Instructions(models.Model):
    """One version of what annotators are told. Never edited: a change is a new version."""

    project = models.ForeignKey("labeling.Project", models.PROTECT, related_name="instructions")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], name="one_instructions_per_version"
            ),
        ]


class EnrollmentStatus(models.TextChoices):
    ACTIVE = "active"
    PAUSED = "paused"
    BANNED = "banned"


class Enrollment(models.Model):
    """One annotator in one project: the pseudonym managers see, and whether work is handed out.

    This row is also the lock of everything that one person does in one project: claims, answers,
    skips and expiries of the same person happen one after the other, different persons never wait
    for each other. ``claimed`` counts seats taken since gold was last made frequent for the person.
    ``allowance_micros`` is money set aside for their next seats (see ``labeling.services.money``).
    ``bonus_micros`` comes on top of the price of each answer. ``practiced_at``: when the person passed
    the practice. ``place`` is where they stand in the queue, as far as openings up to ``place_mark`` are
    known, and ``placed_at`` when they last began at its head (see ``labeling.services.places``).

    The row changes with every turn: no index names a column that changes, so none has to be written.
    """

    project = models.ForeignKey(
        "labeling.Project", models.PROTECT, related_name="enrollments", db_index=False
    )
    annotator = models.ForeignKey("accounts.User", models.PROTECT, related_name="enrollments")
    pseudonym = models.CharField(max_length=40)
    status = models.CharField(
        max_length=10, choices=EnrollmentStatus, default=EnrollmentStatus.ACTIVE
    )
    status_reason = models.CharField(max_length=500, blank=True)
    answers = models.PositiveIntegerField(default=0)  # counted answers, gold among them
    claimed = models.PositiveIntegerField(default=0)
    allowance_micros = models.BigIntegerField(default=0)
    bonus_micros = models.BigIntegerField(default=0, db_default=0)
    practiced_at = models.DateTimeField(null=True)
    place = models.BigIntegerField(null=True)
    place_mark = models.BigIntegerField(null=True)
    placed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "annotator"], name="one_enrollment_each"),
            models.UniqueConstraint(fields=["project", "pseudonym"], name="one_pseudonym_each"),
            models.CheckConstraint(
                condition=Q(status__in=EnrollmentStatus.values), name="enrollment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(allowance_micros__gte=0), name="allowance_not_negative"
            ),
            models.CheckConstraint(condition=Q(bonus_micros__gte=0), name="bonus_not_negative"),
        ]


class Budget(models.Model):
    """How much of a project's money is spoken for; touched once in many answers, never by each.

    ``granted_micros`` = allowances + promised to live leases + paid. ``cap_micros`` repeats
    ``Project.budget_micros`` so that the database itself can compare the two.
    """

    project = models.OneToOneField("labeling.Project", models.PROTECT, related_name="budget")
    cap_micros = models.BigIntegerField(null=True)
    granted_micros = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(granted_micros__gte=0), name="granted_not_negative"),
            models.CheckConstraint(
                condition=Q(cap_micros__isnull=True) | Q(granted_micros__lte=F("cap_micros")),
                name="never_granted_beyond_the_cap",
            ),
        ]
