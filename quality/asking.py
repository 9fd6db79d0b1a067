"""Whether another answer is bought at once. Quality knows only that an item is still in doubt.

    asking.set_source(worth_asking)      # in AppConfig.ready() of a higher app

Where another app chooses the questions it may say "not now": the item stays open without a free seat,
and whoever said so names it when its turn has come (``quality.queries.waiting``).
"""

from collections.abc import Callable

from quality.inference.answers import Bools, Floats

Source = Callable[[int, Floats], Bools | None]


def at_once(_project_id: int, _certainty: Floats) -> None:
    return None


class _Registered:
    source: Source = staticmethod(at_once)


def set_source(source: Source) -> None:
    """Whom to ask from now on: (project, certainty [i]) to bool [i], or None for "all of them"."""
    _Registered.source = staticmethod(source)


def asked_now(project_id: int, certainty: Floats) -> list[bool]:
    """For each item in doubt, by the belief in its best label: whether it gets a seat now."""
    answer = _Registered.source(project_id, certainty) if len(certainty) else None
    return [True] * len(certainty) if answer is None else answer.tolist()
