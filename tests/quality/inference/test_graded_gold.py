"""Gold for numbers, texts and boxes: near enough or not."""

import numpy as np
import pytest

from quality.inference.graded_gold import GradedGoldTest, chance_of


def verdict(test: GradedGoldTest, rights: np.ndarray) -> str:
    state = test.start()
    for right in rights:
        state = test.observe(state, right=bool(right))
    return test.verdict(state)


def test_who_does_not_look_is_caught_and_who_works_passes():
    rng = np.random.default_rng(0)
    test = GradedGoldTest(chance=0.1)
    lazy = [verdict(test, rng.random(20) < 0.1) for _ in range(300)]
    good = [verdict(test, rng.random(40) < 0.85) for _ in range(300)]
    assert np.mean([v == "fail" for v in lazy]) >= 0.95
    assert np.mean([v == "fail" for v in good]) <= 0.01
    assert np.mean([v == "pass" for v in good]) >= 0.9


def test_the_chance_is_measured_on_the_answers_to_other_items():
    rng = np.random.default_rng(1)
    numbers = rng.uniform(0, 10, size=400).tolist()
    got = chance_of(numbers, lambda a, b: abs(a - b) <= 0.5, rng)
    assert got == pytest.approx(2 * 0.05 - 0.05**2, abs=0.02)


def test_the_chance_stays_where_the_test_works():
    rng = np.random.default_rng(2)
    assert chance_of(["a"], lambda a, b: True, rng) == 0.02
    GradedGoldTest(chance_of(["a"] * 5, lambda a, b: a == b, rng))


def test_a_chance_as_good_as_work_is_refused():
    with pytest.raises(ValueError, match="chance"):
        GradedGoldTest(0.8)
