"""Open work follows a setting that changed: how many answers items want, and in which order they come.

Few items follow in the transaction of the change itself. Where there are many, a job that is enqueued in
it does the work batch by batch, so that no request and no lock lasts long and nothing is forgotten if a
process dies. A batch reads the settings under the project's lock: of two changes, the later one stays.
"""

from collections.abc import Collection, Iterator, Sequence

from django.db import transaction
from django.db.models import QuerySet

from jobs.services import enqueue
from labeling.models import Item, ItemRole, ItemStatus, Project
from labeling.queries import lock_items
from labeling.services.opening import BATCH, place_again
from labeling.services.redundancy import align

KIND = "labeling.bring_in_line"
AT_ONCE = 2000
SEATS, ORDER = "seats", "order"
FOLLOWS = {
    SEATS: {"redundancy", "seats_min", "seats_max", "partial_share"},
    ORDER: {"order"},
}
FOLLOWING = (ItemStatus.OPEN, ItemStatus.SETTLED, ItemStatus.HELD)


def bring_in_line(project: Project, changed: Collection[str]) -> None:
    """Let all items follow these settings, now or by a job. The caller's transaction changed them."""
    what = [name for name, settings in FOLLOWS.items() if settings & set(changed)]
    if not what:
        return
    few = list(_followers(project.pk).values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(few) <= AT_ONCE:
        follow(project.pk, what, few)
        return
    enqueue(
        KIND,
        {"project": project.pk, "what": what},
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
    )


def batches(project_id: int) -> Iterator[list[int]]:
    """Ids of all items that may have to follow, by key."""
    last = 0
    waiting = _followers(project_id).values_list("pk", flat=True)
    while batch := list(waiting.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1]


@transaction.atomic
def follow(project_id: int, what: Collection[str], item_ids: Sequence[int]) -> None:
    """Bring these items in line with the settings as they are now. Repeating it changes nothing."""
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    items = [item for item in lock_items(item_ids) if item.status in FOLLOWING]
    if SEATS in what:
        align(project, items)
    if ORDER in what:
        place_again(project, [item for item in items if item.status == ItemStatus.OPEN])


def _followers(project_id: int) -> QuerySet[Item]:
    asked = Item.objects.filter(project_id=project_id, role=ItemRole.WORK, status__in=FOLLOWING)
    return asked.order_by("pk")
