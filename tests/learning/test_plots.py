"""The axis of a plot: round numbers, from nothing up to what was measured."""

import pytest

from learning.plots import Point, draw


@pytest.mark.parametrize("high", [1, 7, 873, 1000, 48_211])
def test_ticks_are_round_and_cover_the_axis(high: int) -> None:
    plot = draw({"labels": [Point(0, 0.5), Point(high, 0.9)]})
    assert plot
    ticks = [int(tick.text.replace(",", "")) for tick in plot.x_ticks]
    step = ticks[1] - ticks[0]
    assert ticks == list(range(0, high + 1, step))
    assert str(step).rstrip("0") in ("1", "2", "25", "5")
    assert high - ticks[-1] < step
