"""Adjudication: reviewers take items of the queue and say what they are.

A claim is a lease by the database's clock, one reviewer an item; the unique row decides between two. The
label is heard at once: settling runs in the same transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.services import audit
from labeling import media
from labeling.errors import Conflict, NotFound, Refused
from labeling.label_types import InvalidAnswer, Json, label_type
from labeling.models import Answer, Item, ItemRole, Project
from labeling.queries import counted_answers_to, label_set, lock_item_rows
from labeling.shown import shown
from quality.models import MOST_APPEAL_DAYS, Policy, Review, ReviewLease, ReviewPower, SuspectGold
from quality.queries.fits import StoredSkills
from quality.queries.labels import label_values_of
from quality.queries.policies import policy_of
from quality.queries.reviews import Waiting, waiting
from quality.services.consensus import decide_items
from quality.services.fits import lock_fit

LEASE = timedelta(minutes=15)
AT_ONCE = 20
NOTE = 500
CHOICES: dict[str, Collection[Any]] = {
    "reviews": ReviewPower.values,
    "suspect_gold": SuspectGold.values,
    "appeal_days": range(1, MOST_APPEAL_DAYS + 1),
}
REVIEWED_ROLES = (ItemRole.WORK, ItemRole.AUDIT)


@dataclass(frozen=True)
class ReviewTask:
    """An item to review: why, what it shows, and how often people said what (without who)."""

    waiting: Waiting
    payload: dict[str, Any]
    media: str | None
    said: dict[str, int]


def claim_reviews(
    project: Project, reviewer: User, *, why: str | None = None, count: int = 1
) -> list[ReviewTask]:
    """Up to ``count`` items for this reviewer alone, for a quarter of an hour; those held come again."""
    wanted = min(count, AT_ONCE)
    candidates = waiting(project, reviewer, why=why, limit=wanted).rows
    ids = [row.item for row in candidates]
    items = {item.public_id: item for item in _items(project, ids)}
    _lease([items[name].pk for name in ids if name in items], reviewer)
    mine = set(
        ReviewLease.objects.filter(
            reviewer=reviewer, item__public_id__in=ids, lease_until__gt=Now()
        ).values_list("item__public_id", flat=True)
    )
    return [_task(project, items[row.item], row) for row in candidates if row.item in mine]


@transaction.atomic
def _lease(item_ids: Sequence[int], reviewer: User) -> None:
    """Take what nobody holds; what this reviewer holds lasts anew."""
    leases = ReviewLease.objects.filter(item_id__in=item_ids)
    leases.filter(lease_until__lte=Now()).delete()
    leases.filter(reviewer=reviewer).update(lease_until=Now() + LEASE)
    held = set(leases.values_list("item_id", flat=True))
    ReviewLease.objects.bulk_create(
        [
            ReviewLease(item_id=pk, reviewer=reviewer, lease_until=Now() + LEASE)
            for pk in item_ids
            if pk not in held
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def give_review(
    project: Project,
    reviewer: User,
    item_id: str,
    value: Json,
    *,
    note: str = "",
    why: str = "",
) -> Review:
    """The reviewer says what the item is; final or a strong vote, as the project has it.

    Raises NotFound, Refused for a value that does not fit, Conflict when it was reviewed by them before,
    is held by somebody else, or was answered by them as an annotator.
    """
    item = _items(project, [item_id]).first()
    if item is None:
        raise NotFound
    _check_free(item, reviewer)
    code, canonical = _canonical(project, item, value)
    final = policy_of(project.pk).reviews == ReviewPower.FINAL or code is None
    lock_fit(project.pk)
    try:
        with transaction.atomic():
            review = Review.objects.create(
                item=item, reviewer=reviewer, value=canonical, label_code=code,
                final=final, why=why[:20], note=note.strip()[:NOTE],
            )  # fmt: skip
    except IntegrityError:  # one_review_each
        raise Conflict("you have reviewed this item", field="item") from None
    ReviewLease.objects.filter(item=item).delete()
    decide_items(project, lock_item_rows([item.pk]), StoredSkills(project.pk))
    audit(project.organization, reviewer, "review.given", item.public_id, final=final)
    return review


@transaction.atomic
def set_policy(project: Project, *, actor: User | None = None, **values: str | int) -> Policy:
    """How the project reviews labels, keeps its gold and answers appeals. Raises Refused."""
    policy, _ = Policy.objects.get_or_create(project=project)
    for name, value in values.items():
        if value not in CHOICES[name]:
            raise Refused(f"must be {_allowed(name)}", field=name)
        setattr(policy, name, value)
    policy.save()
    audit(project.organization, actor, "policy.changed", project.public_id, **values)
    return policy


def _allowed(name: str) -> str:
    allowed = CHOICES[name]
    if isinstance(allowed, range):
        return f"between {allowed[0]} and {allowed[-1]}"
    return f"one of {', '.join(allowed)}"


def _items(project: Project, public_ids: Sequence[str]) -> Any:
    items = Item.objects.filter(
        project=project, public_id__in=list(public_ids), role__in=REVIEWED_ROLES
    )
    return items.exclude(status__in=("withdrawn", "staged")).select_related("media")


def _check_free(item: Item, reviewer: User) -> None:
    held = ReviewLease.objects.filter(item=item, lease_until__gt=Now())
    if held.exclude(reviewer=reviewer).exists():
        raise Conflict("somebody else is reviewing this item", field="item")
    if Answer.objects.filter(item=item, annotator=reviewer).exists():
        raise Conflict("you have answered this item", field="item")


def _canonical(project: Project, item: Item, value: Json) -> tuple[int | None, Json]:
    configuration = label_set(project.pk, project.label_set_version).configuration
    try:
        given = label_type(project.label_type).canonical(configuration, value, shown(item))
    except InvalidAnswer as wrong:
        raise Refused(wrong.message, field=wrong.field) from None
    return given.label_code, given.value


def _task(project: Project, item: Item, row: Waiting) -> ReviewTask:
    link = media.item_link(item) if item.media else None
    return ReviewTask(row, item.payload, link, _said(project, item))


def _said(project: Project, item: Item) -> dict[str, int]:
    """How often each label was given; empty for label types without codes."""
    answers = counted_answers_to([item.pk]).filter(set_aside__isnull=True)
    codes = answers.filter(label_code__isnull=False).values_list("label_code", flat=True)
    values, counts = label_values_of(project.pk), dict[str, int]()
    for code in codes:
        name = values.get(int(code or 0), "")
        counts[name] = counts.get(name, 0) + 1
    return counts
