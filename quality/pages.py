"""Lists in pages: ``next`` of a page is the ``cursor`` of the one after it; None on the last.

A cursor names the last row that was shown. It is looked up among what the list may hold, so that of another
project is as unknown as one that was never given.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from labeling.errors import Refused

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: Sequence[Row]
    next: str | None


def unknown_cursor() -> Refused:
    return Refused("Is not the `next` of a page.", field="cursor")


def page_of(
    rows: Sequence[Row], name: Callable[[Row], str], *, cursor: str | None, limit: int
) -> Page[Row]:
    """The page of a whole list that begins after the row of that name. Raises Refused."""
    start = 0 if cursor is None else _place(rows, name, cursor) + 1
    return first_page(rows[start : start + limit + 1], name, limit)


def first_page(rows: Sequence[Row], name: Callable[[Row], str], limit: int) -> Page[Row]:
    """``rows`` has one more than ``limit`` where there is a page after this one."""
    shown = rows[:limit]
    return Page(shown, name(shown[-1]) if len(rows) > limit else None)


def _place(rows: Sequence[Row], name: Callable[[Row], str], cursor: str) -> int:
    place = next((place for place, row in enumerate(rows) if name(row) == cursor), None)
    if place is None:
        raise unknown_cursor()
    return place
