"""Which items people are asked about, and how many answers each should get.

Callers decide; here the rows change, under the items' locks, in a way that repeating changes nothing.
``position`` orders the queue without a counter that openers share: the manager's priority first, then
the moment of opening, then the order in which the caller named the items.
"""

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Count

from accounts.models import User
from accounts.services import audit
from labeling.limits import GOLD_SEATS
from labeling.models import (
    Assignment,
    AssignmentState,
    Item,
    ItemRole,
    ItemStatus,
    Order,
    Project,
)
from labeling.queries import lock_item_rows, lock_items
from labeling.queries.among import among

BATCH = 500
LEVEL = 1 << 52  # room for one level of priority
LEVELS = 1000
MILLISECOND = 1 << 12
START = 1_767_225_600_000  # 2026-01-01 in milliseconds: 34 years fit into a level
GOLD_PLACES = 1 << 62
MIXED = 1 << 24  # some seconds
HOUR = 3_600_000 * MILLISECOND


def open_items(project_id: int, item_ids: Sequence[int], seats: int) -> int:
    """Ask people about pool items, in this order, until each has ``seats`` answers. How many opened."""
    order = Project.objects.values_list("order", flat=True).get(pk=project_id)
    now = _now()
    moments = {item_id: now + n for n, item_id in enumerate(item_ids)}
    batches = in_batches(sorted(moments))
    return sum(_open_batch(batch, order, moments, seats) for batch in batches)


@transaction.atomic
def _open_batch(item_ids: Sequence[int], order: str, moments: Mapping[int, int], seats: int) -> int:
    fresh = [item for item in lock_items(item_ids) if item.status == ItemStatus.POOL]
    for item in fresh:
        item.position = _place(order, moments[item.pk], item)
        item.status = ItemStatus.OPEN
        want_seats(item, seats)
    save_items(fresh)
    return len(fresh)


def place_again(project: Project, items: Sequence[Item]) -> None:
    """A place by the project's order for items that are open already; the caller holds their locks.

    When each was opened is not known any more: in order of time they are mixed, and stand as if they
    were opened now.
    """
    now = _now()
    for item in items:
        item.position = _place(project.order, now + secrets.randbelow(MIXED), item)
    save_items(items)


@transaction.atomic
def open_gold(project_id: int) -> int:
    """Let gold items that are in the pool take part, each at a random place. How many opened."""
    pool = Item.objects.filter(
        project_id=project_id, role=ItemRole.GOLD, status=ItemStatus.POOL
    ).values_list("pk", flat=True)
    gold = lock_items(pool)
    for item in gold:
        item.position = secrets.randbelow(GOLD_PLACES)
        item.status = ItemStatus.OPEN
        want_seats(item, GOLD_SEATS)
    save_items(gold)
    return len(gold)


def want_more(item_ids: Iterable[int], n: int = 1) -> None:
    """Let each open item get ``n`` answers more than it has now; answers under way count among them."""
    _want_beyond_answers(item_ids, n, {ItemStatus.OPEN})


def reopen(item_ids: Iterable[int], seats: int = 1) -> None:
    """Ask again about settled or held items, until each has ``seats`` answers more than now."""
    _want_beyond_answers(item_ids, seats, {ItemStatus.SETTLED, ItemStatus.HELD})


def settle(item_ids: Iterable[int]) -> None:
    """These have their label: nobody new is asked. Leases under way are honoured."""
    _close(item_ids, ItemStatus.SETTLED, {ItemStatus.POOL, ItemStatus.OPEN, ItemStatus.HELD})


def hold(item_ids: Iterable[int]) -> None:
    """These wait for an expert."""
    _close(item_ids, ItemStatus.HELD, {ItemStatus.OPEN, ItemStatus.SETTLED})


def withdraw(item_ids: Iterable[int]) -> None:
    """These are asked no more, and do not count; answers given stay."""
    every = {ItemStatus.POOL, ItemStatus.OPEN, ItemStatus.HELD, ItemStatus.SETTLED}
    _close(item_ids, ItemStatus.WITHDRAWN, every)


def withdraw_named(
    project: Project, names: Sequence[str], *, actor: User | None = None
) -> list[str]:
    """Withdraw the items with these external ids; those of the names that no item has are returned.

    Seats that are held are honoured: an answer given under them is stored and paid.
    """
    found = dict(
        Item.objects.filter(project=project, external_id__in=names)
        .exclude(status=ItemStatus.STAGED)
        .values_list("external_id", "pk")
    )
    for batch in in_batches(sorted(found.values())):
        withdraw(batch)
    audit(project.organization, actor, "items.withdrawn", project.public_id, items=len(found))
    return [name for name in dict.fromkeys(names) if name not in found]


@transaction.atomic
def _want_beyond_answers(item_ids: Iterable[int], n: int, of: set[ItemStatus]) -> None:
    items = [item for item in lock_items(item_ids) if item.status in of]
    answers = _answer_counts([item.pk for item in items])
    for item in items:
        item.status = ItemStatus.OPEN
        want_seats(item, max(item.seats_wanted, answers.get(item.pk, 0) + n))
    save_items(items)


def _answer_counts(item_ids: Sequence[int]) -> dict[int, int]:
    answered = Assignment.objects.filter(
        item_id__in=among(item_ids), state=AssignmentState.ANSWERED
    )
    rows = answered.values("item_id").annotate(n=Count("pk")).order_by()
    return {row["item_id"]: row["n"] for row in rows}


@transaction.atomic
def _close(item_ids: Iterable[int], status: ItemStatus, of: set[ItemStatus]) -> None:
    items = [item.pk for item in lock_item_rows(item_ids) if item.status in of]
    Item.objects.filter(pk__in=among(items)).update(status=status, has_seat=False)


def want_seats(item: Item, seats: int) -> None:
    """Never fewer than are taken: what was promised is kept."""
    item.seats_wanted = max(seats, item.seats_taken)
    item.has_seat = item.seats_taken < item.seats_wanted


def save_items(items: Sequence[Item]) -> None:
    fields = ["status", "position", "seats_wanted", "has_seat"]
    Item.objects.bulk_update(items, fields, batch_size=BATCH)


def _now() -> int:
    return _moment(time.time_ns() // 1_000_000)


def _moment(milliseconds: int) -> int:
    return (milliseconds - START) * MILLISECOND


def _place(order: str, opened: int, item: Item) -> int:
    if order == Order.RANDOM:
        return _level(item) + secrets.randbelow(LEVEL)
    return _level(item) + (_came_in(item) if order == Order.OLDEST else opened)


def _came_in(item: Item) -> int:
    """The hour, and a random moment in it.

    In the order of the file, who counts along in what the items say would know gold by its being out of turn.
    """
    came_in = _moment(int(item.created_at.timestamp() * 1000))
    return came_in - came_in % HOUR + secrets.randbelow(HOUR)


def _level(item: Item) -> int:
    """The manager's priority: higher comes earlier."""
    return -LEVEL * max(-LEVELS, min(LEVELS, round(item.priority)))


def in_batches(item_ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (item_ids[start : start + BATCH] for start in range(0, len(item_ids), BATCH))
