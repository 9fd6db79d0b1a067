"""Where a person stands in the queue, so that a claim does not step over all that they have had.

Items that a person has had and that are still open for others lie at the head of the queue. Stepping over
them at each claim costs a microsecond each: after 20,000 answers the claim would be all that the database
does. So the person's ``place`` is kept: before it, they have had every item with a free seat.

That stays true while items close. Whatever comes to have a free seat (an item that opens, a seat that
comes back, one answer more that is wanted) is written down by a trigger of the database as an ``Opening``
with its position, and a claim first goes back to the lowest opening since it last looked. Openings of
transactions that are still under way cannot be seen yet; they are looked for again, by the mark, until
they have ended.

So the place finds exactly what a search from the head would find, which is what tests compare. Openings
are kept for a while only; a place is used for ``LASTS`` and then the search begins at the head once more.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from labeling.models import Enrollment, Item, Opening
from labeling.queries.openings import openings_since

HEAD = -(1 << 63)  # no position is before it
LASTS = timedelta(minutes=5)
KEPT = timedelta(minutes=20)  # longer than a place lasts and a transaction that opens items takes


def go_back(enrollment: Enrollment, now: datetime) -> None:
    """To the lowest opening since the person last looked; to the head if that was long ago."""
    known = enrollment.place_mark or 0
    openings = openings_since(enrollment.project_id, known)
    enrollment.place_mark = openings.mark
    lasts = enrollment.placed_at is not None and enrollment.placed_at > now - LASTS
    if not lasts or known > openings.mark:  # restored elsewhere: marks have begun anew
        enrollment.place, enrollment.placed_at = HEAD, now
    if openings.lowest is not None and enrollment.place is not None:
        enrollment.place = min(enrollment.place, openings.lowest)


def move_on(enrollment: Enrollment, claimable: QuerySet[Item]) -> None:
    """To the first item that the person can have, locked by somebody or not."""
    first = claimable.order_by("position", "id").values_list("position", flat=True).first()
    if first is not None:
        enrollment.place = first


def sweep_openings() -> int:
    """Forget openings that every place knows, or has outlived. How many went."""
    return Opening.objects.filter(created_at__lt=Now() - KEPT).delete()[0]
