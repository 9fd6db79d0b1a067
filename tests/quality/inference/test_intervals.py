"""Intervals of accuracy keep their word."""

import numpy as np
import pytest

from quality.inference import intervals


def test_the_jeffreys_interval_is_the_published_one():
    # Brown, Cai and DasGupta (2001), table of Jeffreys limits for n = 10, x = 3.
    got = intervals.share(3, 7)
    assert got.value == pytest.approx(0.3)
    assert (round(got.low, 3), round(got.high, 3)) == (0.093, 0.606)


@pytest.mark.parametrize(
    ("right", "wrong", "low", "high"), [(0, 5, 0.0, 0.379), (5, 0, 0.621, 1.0)]
)
def test_the_ends_are_closed_when_all_answers_are_alike(right, wrong, low, high):
    got = intervals.share(right, wrong)
    assert got.low == pytest.approx(low, abs=0.002)
    assert got.high == pytest.approx(high, abs=0.002)


def test_no_answers_give_a_reason_instead_of_a_number():
    got = intervals.share(0, 0)
    assert got.value is None
    assert got.low is None
    assert "no answers" in got.reason


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        intervals.share(-1, 3)


@pytest.mark.parametrize("accuracy", [0.6, 0.8, 0.9])
@pytest.mark.parametrize("n", [10, 40, 200])
def test_intervals_cover_at_the_stated_level(accuracy, n):
    right = np.arange(n + 1)
    rng = np.random.default_rng(0)
    drawn = np.bincount(rng.binomial(n, accuracy, size=20_000), minlength=n + 1) / 20_000
    pairs = [intervals.share(int(r), int(n - r)) for r in right]
    covered = sum(w for w, p in zip(drawn, pairs, strict=True) if p.low <= accuracy <= p.high)
    assert covered > 0.90


def test_one_sided_bounds_are_tighter_than_the_two_sided_interval():
    both = intervals.share(16, 4)
    assert intervals.lower_bound(16, 4) > both.low
    assert intervals.upper_bound(16, 4) < both.high


def test_always_the_majority_looks_good_plain_and_bad_balanced():
    plain = intervals.share(90, 10)
    balanced = intervals.balanced_share([90, 0], [0, 10])
    assert plain.low > 0.8
    assert balanced.value == pytest.approx(0.5)
    assert balanced.high < 0.65


def test_a_class_without_answers_is_left_out_of_the_balance():
    assert intervals.balanced_share([8, 0, 4], [2, 0, 4]).value == pytest.approx((0.8 + 0.5) / 2)


def test_balanced_intervals_cover_at_the_stated_level():
    rng = np.random.default_rng(1)
    accuracy, n = np.array([0.95, 0.7, 0.8]), np.array([40, 12, 20])
    hits = 0
    for _ in range(1000):
        right = rng.binomial(n, accuracy)
        got = intervals.balanced_share(right, n - right)
        hits += got.low <= accuracy.mean() <= got.high
    assert 0.92 < hits / 1000 < 0.99
