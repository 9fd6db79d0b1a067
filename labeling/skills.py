"""How well a person answers, as a number to compare with. Labeling does not know; a higher app does.

    skills.set_source(Skills(lower_bound, practice_bound))      # in its AppConfig.ready()

Both give the lower end of the person's accuracy in a project, None while nothing is known.
"""

from collections.abc import Callable
from dataclasses import dataclass

Bound = Callable[[int, int], float | None]


def unknown(_project_id: int, _annotator_id: int) -> float | None:
    return None


@dataclass(frozen=True)
class Skills:
    """``at_work``: over what the person has answered; ``in_practice``: over practice items only."""

    at_work: Bound = unknown
    in_practice: Bound = unknown


class _Registered:
    source = Skills()


def set_source(source: Skills) -> None:
    """Whom to ask from now on. The last registration counts."""
    _Registered.source = source


def lower_bound(project_id: int, annotator_id: int) -> float | None:
    return _Registered.source.at_work(project_id, annotator_id)


def practice_bound(project_id: int, annotator_id: int) -> float | None:
    return _Registered.source.in_practice(project_id, annotator_id)
