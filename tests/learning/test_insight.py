"""What learning curves say about money, plateaus and stability."""

import numpy as np
import pytest

from learning.insight import (
    Point,
    is_level,
    is_stable,
    kappa,
    labels_for,
    macro_f1,
    macro_f1_interval,
    remedy,
)


def power(labels, a=1.0, b=0.5):
    return [Point(n, 1 - a * n**-b) for n in labels]


def test_a_curve_is_continued_to_the_labels_that_an_accuracy_takes():
    curve = power([25, 100, 225])
    assert labels_for(curve, 0.95) == pytest.approx(400)


def test_nothing_is_said_far_beyond_the_curve_or_from_too_little():
    assert labels_for(power([25, 100, 225]), 0.999) is None
    assert labels_for(power([25, 100]), 0.9) is None
    assert labels_for([Point(n, 0.8) for n in (20, 40, 80)], 0.9) is None
    assert labels_for([Point(20, 0.9), Point(40, 0.8), Point(80, 0.7)], 0.95) is None


def curve(*values, start=100, growth=1.3):
    return [
        Point(round(start * growth**n), value, value - 0.03, value + 0.03)
        for n, value in enumerate(values)
    ]


def test_a_curve_that_no_longer_rises_is_level():
    assert is_level(curve(0.6, 0.8, 0.9, 0.9, 0.905, 0.9))
    assert not is_level(curve(0.6, 0.7, 0.8, 0.9))
    assert not is_level(curve(0.9, 0.9, 0.9))


def test_a_curve_is_not_level_while_hardly_any_label_was_added():
    assert not is_level(curve(0.9, 0.9, 0.9, 0.9, growth=1.02))


def test_models_are_stable_when_three_in_a_row_agree():
    assert is_stable([0.8, 0.995, 0.99, 1.0])
    assert not is_stable([0.995, 0.99])
    assert not is_stable([0.99, 0.98, 0.99])


def test_kappa_is_agreement_beyond_chance():
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 3, 3000), rng.integers(0, 3, 3000)
    assert kappa(one, one, 3) == 1
    assert abs(kappa(one, other, 3)) < 0.05
    assert kappa(np.zeros(5, int), np.zeros(5, int), 3) == 1


def test_macro_f1_is_that_of_the_labels_that_occur():
    true, said = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert macro_f1(said, true) == pytest.approx((2 / 3 + 4 / 5) / 2)
    found = macro_f1_interval(said.repeat(20), true.repeat(20), np.random.default_rng(0))
    assert found.low < found.value < found.high


def test_the_remedy_fits_what_is_wrong():
    assert "supply vectors" in remedy(voice=None, has_features=False, label_level=False)
    assert "better features" in remedy(voice=0.1, has_features=True, label_level=True)
    assert "instructions" in remedy(voice=0.9, has_features=True, label_level=True)
    assert "certificate" in remedy(voice=0.9, has_features=True, label_level=False)
