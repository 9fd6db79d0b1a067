"""What a demonstration is played with: items whose truth is known to us, and people to ask."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float32]


class Actor(Protocol):
    """Somebody who answers, simulated or recorded."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def honest(self) -> bool: ...

    @property
    def pace(self) -> float:
        """Seconds that an answer takes; 0 for people of whom we only have the record."""

    def answer(self, item: int, nth: int) -> int | None:
        """The code of the label given to item number ``item``, as the ``nth`` answer (from 0).

        None: this person has no answer to it and skips.
        """


@dataclass(frozen=True, kw_only=True)
class Scene:
    """``truth[i]`` is the code of item i's right label; ``gold`` numbers the items that test people.

    ``external_ids[i]`` names item i in ``import_file`` (the work, as a manager uploads it) or ``gold_file``;
    ``gold_table`` has the gold labels. ``fresh_actors`` makes the same people once more,
    before their first answer. ``features[i]`` are vectors that came with the data. ``eligible`` (item, actor) says
    who can be asked about what; None: everybody about everything.
    """

    title: str
    instructions: str
    labels: Sequence[str]
    external_ids: Sequence[str]
    truth: Codes
    gold: Codes
    actors: Sequence[Actor]
    fresh_actors: Callable[[], Sequence[Actor]]
    import_file: Path
    gold_file: Path
    gold_table: Path
    prefetch: int = 2  # seats that a person takes at once
    features: Floats | None = None
    eligible: Sequence[tuple[int, int]] | None = None

    @property
    def work(self) -> Codes:
        """Numbers of the items that are to be labeled."""
        return np.setdiff1d(np.arange(self.truth.size), self.gold)


def choose_gold(truth: Codes, count: int, rng: np.random.Generator) -> Codes:
    """``count`` items, as equally over the classes as their sizes allow, sorted."""
    shuffled = rng.permutation(truth.size)
    by_class = [list(shuffled[truth[shuffled] == code]) for code in np.unique(truth)]
    chosen: list[int] = []
    while len(chosen) < min(count, truth.size) and any(by_class):
        chosen += [members.pop() for members in by_class if members]
    return np.sort(np.array(chosen[:count], dtype=np.int64))
