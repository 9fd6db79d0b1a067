"""What a person hears about an answer to a practice item. Labeling does not know what is right; a higher app does.

    feedback.set_source(said_to)      # in its AppConfig.ready()

Only ever asked about practice items: of gold and of work nobody is told anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from labeling.label_types import Json


@dataclass(frozen=True)
class Feedback:
    """Whether the answer was right, what would have been, and why, in the manager's words."""

    right: bool
    answer: Json
    explanation: str


Source = Callable[[Sequence[int]], Mapping[int, Feedback]]


def nothing_to_say(_answer_ids: Sequence[int]) -> Mapping[int, Feedback]:
    return {}


class _Registered:
    source: Source = staticmethod(nothing_to_say)


def set_source(source: Source) -> None:
    """Whom to ask from now on: ids of answers to what is said about them. The last one counts."""
    _Registered.source = staticmethod(source)


def feedback_on(answer_ids: Sequence[int]) -> Mapping[int, Feedback]:
    return _Registered.source(answer_ids) if answer_ids else {}
