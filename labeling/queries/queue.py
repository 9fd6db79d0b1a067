"""What the unfinished work items of a project wait for: the queue by the reason of waiting."""

from dataclasses import dataclass

from django.db.models.functions import Now

from labeling.models import Assignment, AssignmentState, Item, ItemRole, ItemStatus
from labeling.queries import WorkCounts


@dataclass(frozen=True)
class Queue:
    """Numbers of work items; each unfinished one is in exactly one of them.

    ``pool``: nobody was asked. ``for_somebody``: a place is free. ``in_hands``: all places are taken, and
    somebody still looks at it. ``for_round``: answered in doubt, and the next round may ask again.
    ``for_expert``: people could not decide.
    """

    pool: int
    for_somebody: int
    in_hands: int
    for_round: int
    for_expert: int


def queue(project_id: int, known: WorkCounts) -> Queue:
    """From the counts by status, and two reads that grow with what is offered, not with the project.

    Served by the partial indexes ``items_to_claim`` and ``leases_by_end``.
    """
    for_somebody = _for_somebody(project_id)
    in_hands = min(_in_hands(project_id), known.open - for_somebody)
    return Queue(
        pool=known.pool,
        for_somebody=for_somebody,
        in_hands=in_hands,
        for_round=known.open - for_somebody - in_hands,
        for_expert=known.held,
    )


def _for_somebody(project_id: int) -> int:
    """Counted in the index of what can be claimed; the few that are not work are taken off."""
    offered = Item.objects.filter(project_id=project_id, has_seat=True)
    others = offered.filter(role__in=(ItemRole.AUDIT, ItemRole.PRACTICE))
    return offered.exclude(role=ItemRole.GOLD).count() - others.count()


def _in_hands(project_id: int) -> int:
    """Open work items without a free place of which somebody holds one."""
    held = Assignment.objects.filter(
        state=AssignmentState.LEASED, lease_until__gt=Now(), project_id=project_id
    )
    full = held.filter(item__role=ItemRole.WORK, item__status=ItemStatus.OPEN, item__has_seat=False)
    return full.values("item").distinct().count()
