"""When the labels will be there and what they will have cost, from what has happened so far."""

import numpy as np
import pytest

from learning.pace import FEWEST, cost_at_end, pace, time_left


def test_the_band_holds_the_true_pace_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(7)
    true, seconds, held = 0.05, 2000.0, 0
    for settled in rng.poisson(true * seconds, 1000).tolist():
        now = pace(settled, seconds)
        assert now
        held += now.low <= true <= now.high
    assert 0.93 <= held / 1000 <= 0.97


def test_time_is_long_where_the_pace_is_low() -> None:
    left = time_left(300, pace(100, 50.0))
    assert left
    assert left.value == pytest.approx(150)
    assert left.low < left.value < left.high


@pytest.mark.parametrize(("settled", "seconds"), [(FEWEST - 1, 10.0), (0, 0.0), (50, 0.0)])
def test_too_little_says_nothing(settled: int, seconds: float) -> None:
    assert pace(settled, seconds) is None
    assert time_left(5, pace(settled, seconds)) is None


def test_cost_grows_by_what_a_label_has_cost() -> None:
    end = cost_at_end(6_000_000, settled=100, labels=50, votes=300)
    assert end
    assert end.value == pytest.approx(9_000_000)
    assert 6_000_000 < end.low < end.value < end.high
    more_evidence = cost_at_end(6_000_000, settled=100, labels=50, votes=3000)
    assert more_evidence
    assert more_evidence.high - more_evidence.low < end.high - end.low


def test_nothing_left_costs_nothing_more() -> None:
    end = cost_at_end(6_000_000, settled=100, labels=0, votes=300)
    assert end
    assert (end.low, end.value, end.high) == (6_000_000, 6_000_000, 6_000_000)
