"""A record of right and wrong as a small line: the share that was right of the last few, as it went."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 120, 28, 2
FEWEST, OF_LAST = 5, 20  # results before anything is drawn, and of how many the share is taken


@dataclass(frozen=True)
class Spark:
    """``points`` of the line; ``dot`` is where it stands now; ``right`` of ``seen`` results."""

    points: str
    dot: tuple[float, float]
    right: int
    seen: int
    width: int = WIDTH
    height: int = HEIGHT


def spark(results: Sequence[bool]) -> Spark | None:
    """Of results in the order of time; None while they are too few."""
    if len(results) < FEWEST:
        return None
    shares = [_share(results[max(0, n - OF_LAST) : n]) for n in range(FEWEST, len(results) + 1)]
    step = (WIDTH - 2 * EDGE) / max(1, len(shares) - 1)
    places = [(round(EDGE + step * n, 1), _height(share)) for n, share in enumerate(shares)]
    line = " ".join(f"{x},{y}" for x, y in places)
    return Spark(line, places[-1], sum(results), len(results))


def _share(results: Sequence[bool]) -> float:
    return sum(results) / len(results)


def _height(share: float) -> float:
    return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)
