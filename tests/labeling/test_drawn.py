"""Bars and small lines: what is drawn is what was counted."""

import pytest

from labeling.bars import FULL, draw_bars
from labeling.sparks import FEWEST, HEIGHT, OF_LAST, spark


def test_bars_are_as_long_as_the_amounts() -> None:
    bars = draw_bars({"a": 4, "b": 1, "c": 0}, "{:.0f}".format)
    assert [bar.width for bar in bars] == [FULL, FULL / 4, 0]
    assert [bar.value for bar in bars] == ["4", "1", "0"]
    assert draw_bars({"a": 0, "b": 0}, str) == []


def test_a_small_line_falls_when_answers_get_worse() -> None:
    good, bad = [True] * 30, [False] * 30
    falling, rising = spark(good + bad), spark(bad + good)
    assert falling
    assert rising
    heights = [float(point.split(",")[1]) for point in falling.points.split()]
    assert heights == sorted(heights)
    assert heights[0] < HEIGHT / 2 < heights[-1] == falling.dot[1]
    assert rising.dot[1] < HEIGHT / 2
    assert (falling.right, falling.seen) == (30, 60)


@pytest.mark.parametrize("n", [0, FEWEST - 1])
def test_a_few_results_draw_nothing(n: int) -> None:
    assert spark([True] * n) is None


def test_the_line_forgets_what_is_long_past() -> None:
    line = spark([False] * 50 + [True] * OF_LAST)
    assert line
    assert line.dot[1] == pytest.approx(2)
