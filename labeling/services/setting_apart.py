"""Items that leave the crowd's work for a while, and come back.

An audit item is not asked about, not learned from and not counted as work; an expert says what it is.
Each function changes only items that are still where the caller believes them to be.
"""

from collections.abc import Iterable

from django.db import transaction

from labeling.models import Assignment, Item, ItemRole, ItemStatus
from labeling.queries import lock_items
from labeling.queries.among import among
from labeling.services import opening


@transaction.atomic
def set_apart(item_ids: Iterable[int], *, of: ItemStatus = ItemStatus.POOL) -> list[int]:
    """Make audit items of these work items; ids of those that were still in this status."""
    ids = [i.pk for i in lock_items(item_ids) if i.status == of and i.role == ItemRole.WORK]
    apart = Item.objects.filter(pk__in=among(ids))
    apart.update(role=ItemRole.AUDIT, status=ItemStatus.HELD, has_seat=False)
    return ids


@transaction.atomic
def have_screened(item_ids: Iterable[int], answers: int) -> None:
    """People are asked about these audit items, before all others; still no model learns from them."""
    ids = [i.pk for i in lock_items(item_ids) if i.role == ItemRole.AUDIT]
    opening.reopen(ids, answers)


@transaction.atomic
def make_work(item_ids: Iterable[int]) -> list[int]:
    """Audit items that people were asked about are work like any other from now on; their ids."""
    items = [item.pk for item in lock_items(item_ids) if item.role == ItemRole.AUDIT]
    seated = Assignment.objects.filter(item_id__in=among(items)).values("item_id")
    asked = Item.objects.filter(pk__in=among(items)).filter(pk__in=seated)
    ids = list(asked.values_list("pk", flat=True))
    Item.objects.filter(pk__in=among(ids)).update(role=ItemRole.WORK)
    return ids


@transaction.atomic
def put_back(item_ids: Iterable[int]) -> list[int]:
    """Audit items and settled items that nobody ever had a seat on return to the pool; their ids."""
    items = [item for item in lock_items(item_ids) if _may_return(item)]
    seated = set(
        Assignment.objects.filter(item_id__in=among([item.pk for item in items]))
        .values_list("item_id", flat=True)
        .distinct()
    )
    ids = [item.pk for item in items if item.pk not in seated]
    Item.objects.filter(pk__in=among(ids)).update(
        role=ItemRole.WORK, status=ItemStatus.POOL, has_seat=False
    )
    return ids


def _may_return(item: Item) -> bool:
    if item.role == ItemRole.AUDIT:
        return item.status in (ItemStatus.HELD, ItemStatus.OPEN)
    return item.role == ItemRole.WORK and item.status == ItemStatus.SETTLED
