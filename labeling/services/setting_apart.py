"""Items that leave the crowd's work for a while, and come back.

An audit item is not asked about, not learned from and not counted as work; an expert says what it is.
Each function changes only items that are still where the caller believes them to be.
"""

from collections.abc import Iterable

from django.db import transaction

from labeling.models import Assignment, Item, ItemRole, ItemStatus
from labeling.queries import lock_items
from labeling.queries.among import among


@transaction.atomic
def set_apart(item_ids: Iterable[int], *, of: ItemStatus = ItemStatus.POOL) -> list[int]:
    """Make audit items of these work items; ids of those that were still in this status."""
    ids = [i.pk for i in lock_items(item_ids) if i.status == of and i.role == ItemRole.WORK]
    apart = Item.objects.filter(pk__in=among(ids))
    apart.update(role=ItemRole.AUDIT, status=ItemStatus.HELD, has_seat=False)
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
        return item.status == ItemStatus.HELD
    return item.role == ItemRole.WORK and item.status == ItemStatus.SETTLED
