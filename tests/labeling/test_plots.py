"""The axis of a plot: round numbers, from nothing up to what was measured."""

import itertools

import pytest

from labeling.plots import Point, draw


@pytest.mark.parametrize("high", [1, 7, 873, 1000, 48_211])
def test_ticks_are_round_and_cover_the_axis(high: int) -> None:
    plot = draw({"labels": [Point(0, 0.5), Point(high, 0.9)]})
    assert plot
    ticks = [int(tick.text.replace(",", "")) for tick in plot.x_ticks]
    step = ticks[1] - ticks[0]
    assert ticks == list(range(0, high + 1, step))
    assert str(step).rstrip("0") in ("1", "2", "25", "5")
    assert high - ticks[-1] < step


@pytest.mark.parametrize("low", [0.0, 0.31, 0.52, 0.71, 0.93])
def test_shares_have_round_ticks_from_one_downwards(low: float) -> None:
    plot = draw({"labels": [Point(0, low), Point(9, 0.95)]})
    assert plot
    ticks = [int(tick.text.removesuffix("%")) for tick in plot.y_ticks]
    assert ticks[0] == 100
    assert len({one - other for one, other in itertools.pairwise(ticks)}) == 1
    assert all(tick % 5 == 0 for tick in ticks)
    assert 3 <= len(ticks) <= 6
