"""Links to pictures, tied to one person's seat or to a manager's look at one item.

A link is a signed name, not a right: the view that serves it still asks whether the person who
follows it holds that seat (or has answered it within the hour), or manages the item's organization.
"""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from labeling.media_store import path_of
from labeling.models import Assignment, Item, MediaFile

SALT = "labeling.media"
SEAT, ITEM, THUMBNAIL = "s", "i", "t"


@dataclass(frozen=True)
class Link:
    """What a link names: a seat or an item (its picture whole, or small), by its public id."""

    kind: str
    public_id: str


def seat_link(seat: Assignment) -> str:
    """Address of the seat's picture, for the person who was given the seat."""
    return seat_address(seat.public_id)


def seat_address(public_id: str) -> str:
    """The same for a seat of which only the public id is at hand."""
    return _path(SEAT, public_id)


def item_link(item: Item) -> str:
    """Address of the item's picture, for managers and auditors of its organization."""
    return _path(ITEM, item.public_id)


def thumbnail_link(item_id: str) -> str:
    """Address of the item's picture in small, for those who may follow ``item_link``."""
    return _path(THUMBNAIL, item_id)


def read(file: MediaFile) -> bytes:
    """The picture's bytes. Raises FileNotFoundError if the store has lost it."""
    return path_of(file.digest).read_bytes()


def read_link(token: str) -> Link | None:
    """What the token names; None if it was not made here."""
    try:
        kind, _, public_id = _signer().unsign(token).partition("-")
    except BadSignature:
        return None
    return Link(kind, public_id)


def _path(kind: str, public_id: str) -> str:
    return f"/media/{_signer().sign(f'{kind}-{public_id}')}"


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")
