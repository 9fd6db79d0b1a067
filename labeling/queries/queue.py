"""What the unfinished work items of a project wait for: the queue by the reason of waiting."""

from dataclasses import dataclass

from django.db.models.functions import Now

from labeling.models import Assignment, AssignmentState, Item, ItemRole, ItemStatus
from labeling.queries import WorkCounts
from labeling.queries.among import among
from labeling.queries.spelt import spelt_out

FIRST = -(
    2**63
)  # no item is before it; naming the second column of an index makes SQLite prefer it


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

    @property
    def for_answers(self) -> int:
        return self.pool + self.for_somebody + self.in_hands + self.for_round


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
    offered = Item.objects.filter(project_id=project_id, has_seat=True, position__gte=FIRST)
    others = offered.filter(role__in=(ItemRole.AUDIT, ItemRole.PRACTICE))
    return offered.exclude(role=spelt_out(ItemRole.GOLD)).count() - others.count()


def _in_hands(project_id: int) -> int:
    """Open work items without a free place of which somebody holds one."""
    leases = Assignment.objects.filter(
        state=spelt_out(AssignmentState.LEASED), lease_until__gt=Now(), project_id=project_id
    )
    held = set(leases.values_list("item_id", flat=True))
    full = Item.objects.filter(pk__in=among(held), role=ItemRole.WORK, status=ItemStatus.OPEN)
    return full.filter(has_seat=False).count()
