"""Where gold items stand in the ring that claims walk: how often each is met.

A claim starts at a random place and takes the first gold item from there on (candidates.py), so an item is
met in proportion to the gap before it. Who knows which items should be met how often gives the shares;
here they become places, in a random order.
"""

import secrets
from collections.abc import Mapping

from django.db import transaction

from labeling.models import Item, ItemRole, ItemStatus
from labeling.queries import lock_items
from labeling.services.opening import BATCH, GOLD_PLACES

chance = secrets.SystemRandom()


@transaction.atomic
def place_gold(project_id: int, shares: Mapping[int, float]) -> int:
    """Give open gold items (by id) gaps in proportion to their shares. How many were placed."""
    gold = [item for item in lock_items(shares) if _is_open_gold(item, project_id)]
    chance.shuffle(gold)
    total, reached = sum(shares[item.pk] for item in gold), 0.0
    for item in gold:
        reached += shares[item.pk]
        item.position = min(int(reached / total * GOLD_PLACES), GOLD_PLACES - 1)
    Item.objects.bulk_update(gold, ["position"], batch_size=BATCH)
    return len(gold)


def _is_open_gold(item: Item, project_id: int) -> bool:
    open_gold = item.role == ItemRole.GOLD and item.status == ItemStatus.OPEN
    return open_gold and item.project_id == project_id
