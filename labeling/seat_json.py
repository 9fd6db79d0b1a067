"""A seat as the person who holds it gets it, from the API and in the task page: the same for gold and for work."""

from typing import Any

from labeling.media import seat_link
from labeling.models import Assignment


def seat_json(seat: Assignment) -> dict[str, Any]:
    """Field by field: what is not listed here is not told."""
    item = seat.item
    return {
        "id": seat.public_id,
        "item": {
            "id": item.public_id,
            "payload": item.payload,
            "media": seat_link(seat) if item.media_id else None,
        },
        "lease_until": seat.lease_until.isoformat(),
    }
