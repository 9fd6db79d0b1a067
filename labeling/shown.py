"""What a person is shown of an item, as label types see it when they check an answer."""

from typing import Any

from labeling.models import Item


def shown(item: Item) -> dict[str, Any]:
    """The payload; with a picture, also ``image: {"width", "height"}`` in pixels as it is stored."""
    media = item.media
    if media is None or media.width is None or media.height is None:
        return dict(item.payload)
    return {**item.payload, "image": {"width": media.width, "height": media.height}}
