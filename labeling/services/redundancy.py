"""How many answers an item should get, and bringing open work in line when the manager changes that.

| redundancy | an item wants |
|---|---|
| fixed | ``seats_max`` answers |
| partial | ``seats_max`` if it belongs to the share ``partial_share`` of all items, else ``seats_min`` |
| adaptive | from ``seats_min`` to ``seats_max``: quality asks for one more as long as it is in doubt |

Whether an item belongs to the share is drawn from its id, so it is the same at every asking, and a
larger share contains every smaller one.
"""

from collections.abc import Sequence

from django.db.models import Min

from labeling.events import answers_stored
from labeling.models import (
    Assignment,
    AssignmentState,
    Item,
    ItemStatus,
    Project,
    Redundancy,
)
from labeling.services.opening import save_items, want_seats


def seats_at_first(project: Project, item_ids: Sequence[int]) -> list[tuple[int, list[int]]]:
    """With how many seats items open. Whether one needs more is decided when it is answered."""
    groups: dict[int, list[int]] = {}
    for item_id in item_ids:
        groups.setdefault(seat_bounds(project, item_id)[0], []).append(item_id)
    return sorted(groups.items(), reverse=True)


def seat_bounds(project: Project, item_id: int) -> tuple[int, int]:
    """The fewest and the most answers that an open item may want."""
    if project.redundancy == Redundancy.ADAPTIVE:
        return project.seats_min, project.seats_max
    partial = project.redundancy == Redundancy.PARTIAL
    few = partial and not in_share(item_id, project.partial_share)
    n = project.seats_min if few else project.seats_max
    return n, n


def in_share(item_id: int, share: float) -> bool:
    """Whether the item belongs to a random-looking share of all items; the same at every asking."""
    scrambled = item_id * 0x9E3779B97F4A7C15 % 2**64
    return scrambled < share * 2**64


def align(project: Project, items: Sequence[Item]) -> None:
    """After the redundancy changed: every one of these items wants as many answers as it should.

    Leases and answers beyond a lower limit stay: nothing is taken from anybody. Settled and held items
    open again where more answers are wanted. What was answered already is marked to be looked at anew,
    so that items which have enough now are settled. The caller holds the locks of project and items;
    repeating it changes nothing.
    """
    changed = [item for item in items if _align(project, item)]
    save_items(changed)
    held = [item for item in items if item.status == ItemStatus.HELD]
    _look_again(project, sorted({item.pk for item in [*changed, *held]}))


def _align(project: Project, item: Item) -> bool:
    """Whether the item wants another number of answers than before."""
    low, high = seat_bounds(project, item.pk)
    before = item.seats_wanted
    want_seats(item, min(max(before, low), high))
    if item.status != ItemStatus.OPEN:
        item.has_seat = item.has_seat and item.seats_wanted > before
        item.status = ItemStatus.OPEN if item.has_seat else item.status
    return item.seats_wanted != before


def _look_again(project: Project, item_ids: Sequence[int]) -> None:
    """One answer of each item is as good as new; the word goes out with the commit."""
    answered = Assignment.objects.filter(item_id__in=item_ids, state=AssignmentState.ANSWERED)
    firsts = answered.values("item_id").annotate(first=Min("pk")).order_by()
    found = {row["item_id"]: row["first"] for row in firsts}
    Assignment.objects.filter(pk__in=found.values()).update(unused=True)
    if found:
        answers_stored.send(sender=None, project_id=project.pk, item_ids=list(found))
