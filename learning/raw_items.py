"""Rows of items as what extractors look at."""

from collections.abc import Iterable

from labeling import media_store
from labeling.models import Item
from learning.features.raw import RawItem


def raw_items(items: Iterable[Item]) -> list[RawItem]:
    """The items in their order; files are read only when an extractor asks."""
    return [raw_item(item) for item in items]


def raw_item(item: Item) -> RawItem:
    reader = media_store.path_of(item.media.digest).read_bytes if item.media else None
    return RawItem(item.external_id, item.payload, reader)
