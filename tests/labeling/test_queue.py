"""What unfinished items wait for: every item is in exactly one of the numbers."""

import factories
import scenes
from accounts.models import Organization, User
from labeling.models import Item, ItemStatus
from labeling.queries import work_counts
from labeling.queries.queue import Queue, queue


def test_every_item_waits_for_one_thing(organization: Organization, ada: User, ben: User) -> None:
    project = factories.project(organization)
    open_items = scenes.open_work(project, 5, seats=1)
    scenes.open_known(project, ["owl", "cat"])  # gold is offered too, and is no work that waits
    Item.objects.bulk_create(Item(project=project, external_id=f"pool-{n}") for n in range(4))
    held = factories.item(project, "held")
    Item.objects.filter(pk=held.pk).update(status=ItemStatus.HELD)
    scenes.take(project, ada, open_items[0])
    scenes.say(project, ben, open_items[1], "owl")
    known = work_counts(project.pk)
    assert queue(project.pk, known) == Queue(4, 3, 1, 1, 1)
    assert sum((4, 3, 1, 1, 1)) == known.items
