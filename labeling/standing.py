"""What is known about a person's work, as far as they may see it. Labeling knows none of it.

    standing.set_source(standings)      # in AppConfig.ready() of a higher app

The source answers late and in batches, so that no single answer, and no gold item, can be read from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """The person's accuracy lies between ``low`` and ``high``, after so many checks."""

    low: float
    high: float
    checks: int


@dataclass(frozen=True)
class Appeal:
    """A decision that the person contested, and what came of it."""

    id: str
    state: str
    about: str
    answer: str


@dataclass(frozen=True)
class Standing:
    """Of one person in one project."""

    accuracy: Band | None = None
    appeals: tuple[Appeal, ...] = ()


UNKNOWN = Standing()
Source = Callable[[int], Mapping[int, Standing]]


def nothing_known(annotator_id: int) -> Mapping[int, Standing]:  # noqa: ARG001
    return {}


class _Registered:
    source: Source = staticmethod(nothing_known)


def set_source(source: Source) -> None:
    """Whom to ask from now on: person's id to standing by project id. The last registration counts."""
    _Registered.source = staticmethod(source)


def standings_of(annotator_id: int) -> Mapping[int, Standing]:
    return _Registered.source(annotator_id)
