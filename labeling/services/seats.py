"""The counter of each item: ``seats_taken`` is live leases plus counted answers.

Only these functions change it. The CHECK on the row is the last word: an update that would
over-assign an item fails as a whole.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from labeling.models import Item, ItemStatus


def take_seats(item_ids: Sequence[int]) -> None:
    """One seat more on each item; the caller holds their locks."""
    Item.objects.filter(pk__in=item_ids).update(
        seats_taken=F("seats_taken") + 1, has_seat=_has_seat(taken=1)
    )


def return_seats(item_ids: Iterable[int]) -> None:
    """One seat less for each time an item is named; the caller holds their locks."""
    for times, items in _by_count(item_ids).items():
        Item.objects.filter(pk__in=items).update(
            seats_taken=F("seats_taken") - times, has_seat=_has_seat(taken=-times)
        )


def _by_count(item_ids: Iterable[int]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for item_id, times in Counter(item_ids).items():
        groups.setdefault(times, []).append(item_id)
    return groups


def _has_seat(taken: int) -> "ExpressionWrapper[Q]":
    """Whether a seat is free once ``taken`` more are taken."""
    free = Q(status=ItemStatus.OPEN, seats_wanted__gt=F("seats_taken") + taken)
    return ExpressionWrapper(free, output_field=BooleanField())
