"""Items and their features: who has some, who lacks some, who is in the pool."""

from collections.abc import Iterator

import numpy as np
from django.db.models import Max, QuerySet, Sum

from labeling.models import Item, ItemRole, ItemStatus, Project, ProjectStatus
from learning.blocks import Ints, unpack_ids
from learning.features.registry import AUTO, SUPPLIED
from learning.models import FeatureBlock, FeatureSpace

FEATURED = (ItemRole.WORK, ItemRole.GOLD, ItemRole.AUDIT)
KEYS_AT_ONCE = 1000  # SQLite allows no unlimited number of parameters
PILOT_ITEMS = 50  # that people may be asked about before a manager has looked at what came of them
ASKED = (ItemStatus.OPEN, ItemStatus.SETTLED, ItemStatus.HELD)


def space_of(project_id: int) -> FeatureSpace | None:
    """The feature space in use: the highest version."""
    return FeatureSpace.objects.filter(project_id=project_id).order_by("-version").first()


def is_wanted(space: FeatureSpace, wanted: str) -> bool:
    """Whether the space is what a plan asks for by this name; one in which nothing suited counts, too."""
    return wanted in (AUTO, SUPPLIED) or wanted == space.parameters.get("wanted", space.kind)


def blocks_of(space: FeatureSpace) -> QuerySet[FeatureBlock]:
    blocks = FeatureBlock.objects.filter(project_id=space.project_id, version=space.version)
    return blocks.order_by("number")


def ids_of_block(key: int) -> Ints:
    """The block's items. Read alone: SQLite walks over all of the vectors to any column behind them."""
    return unpack_ids(FeatureBlock.objects.values_list("item_ids", flat=True).get(pk=key))


def next_block_number(space: FeatureSpace) -> int:
    return int(blocks_of(space).aggregate(last=Max("number"))["last"] or 0) + 1


def items_with_features(space: FeatureSpace) -> Ints:
    """Ids of the items that have a row in some block; int64, ascending."""
    parts = [unpack_ids(data) for data in blocks_of(space).values_list("item_ids", flat=True)]
    return np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)


def items_without_features(space: FeatureSpace) -> Ints:
    """Ids of the items that are still to be computed (known unusable ones left out); ascending."""
    everything = ids_of(featured_items(space.project_id))
    seen = np.union1d(items_with_features(space), unpack_ids(space.unusable))
    return np.setdiff1d(everything, seen)


def featured_items(project_id: int) -> QuerySet[Item]:
    """Items that a model may be asked about: all but practice and imports under way."""
    items = Item.objects.filter(project_id=project_id, role__in=FEATURED)
    return items.exclude(status=ItemStatus.STAGED)


def ids_of(items: QuerySet[Item]) -> Ints:
    """The keys as int64, ascending, streamed."""
    keys = items.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=20_000)
    return np.fromiter(keys, dtype=np.int64)


def sample_items(project_id: int, size: int) -> list[Item]:
    """Items spread evenly over the project, from the first to the last."""
    ids = ids_of(featured_items(project_id))
    spread = np.unique(np.linspace(0, len(ids) - 1, min(size, len(ids))).astype(np.int64))
    return list(items_by_id(ids[spread]).values()) if len(ids) else []


def items_by_id(item_ids: Ints) -> dict[int, Item]:
    """The items with their media rows, ascending by id."""
    found: dict[int, Item] = {}
    for keys in _parts(np.sort(item_ids)):
        rows = Item.objects.select_related("media").filter(pk__in=keys.tolist())
        found.update((item.pk, item) for item in rows.order_by("pk"))
    return found


def pool_ids(project_id: int, first: int, last: int) -> Ints:
    """Work items that may be asked about next with ids in this range; ascending."""
    return ids_of(askable(project_id).filter(pk__range=(first, last)))


def pool(project_id: int) -> QuerySet[Item]:
    return _work(project_id).filter(status=ItemStatus.POOL)


def askable(project_id: int) -> QuerySet[Item]:
    """The pool as far as people may be asked: all of it, in a pilot what is left of its first items.

    Index ``items_by_status``.
    """
    everything = pool(project_id)
    if not Project.objects.filter(pk=project_id, status=ProjectStatus.PILOT).exists():
        return everything
    asked = _work(project_id).filter(status__in=ASKED).count()
    left = everything.order_by("pk").values_list("pk", flat=True)[: max(0, PILOT_ITEMS - asked)]
    return everything.filter(pk__in=list(left))


def _work(project_id: int) -> QuerySet[Item]:
    return Item.objects.filter(project_id=project_id, role=ItemRole.WORK)


def rows_featured(space: FeatureSpace) -> int:
    """How many items have a vector."""
    return int(blocks_of(space).aggregate(rows=Sum("rows"))["rows"] or 0)


def _parts(ids: Ints) -> Iterator[Ints]:
    for start in range(0, len(ids), KEYS_AT_ONCE):
        yield ids[start : start + KEYS_AT_ONCE]
