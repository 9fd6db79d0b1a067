"""Pictures on the pages of managers and auditors."""

from django import template

from labeling.media import thumbnail_link

register = template.Library()


@register.filter
def thumbnail(item_id: str) -> str:
    """Address of the item's picture in small."""
    return thumbnail_link(item_id)
