"""Amounts beside each other as bars from zero, drawn on the server: the list is its own table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

FULL = 100.0  # width of the longest bar, in units of its picture


@dataclass(frozen=True)
class Bar:
    """One amount: ``value`` as it is said, ``width`` as it is drawn."""

    name: str
    value: str
    width: float


def draw_bars(amounts: Mapping[str, float], say: Callable[[float], str]) -> list[Bar]:
    """In the order given; none at all when there is nothing of anything."""
    most = max(amounts.values(), default=0)
    if most <= 0:
        return []
    return [
        Bar(name, say(amount), round(FULL * amount / most, 2)) for name, amount in amounts.items()
    ]
