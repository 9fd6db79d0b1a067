"""The gate of a stream keeps its budget, whatever comes, and spends it where the model doubts."""

import numpy as np
import pytest

from learning.streaming import FIRST, WINDOW, Gate


def play(confidences, budget, seed=0):
    gate, rng, asked = Gate(budget), np.random.default_rng(seed), []
    for confidence in confidences:
        asked.append(gate.asks(float(confidence), rng))
        gate = gate.after(asked=asked[-1])
    return np.array(asked), gate


@pytest.mark.parametrize("budget", [0.05, 0.2, 0.5])
def test_no_long_stretch_asks_about_more_than_the_budget(budget):
    doubtful = np.random.default_rng(1).uniform(0.2, 0.6, 3000)
    asked, _ = play(doubtful, budget)
    windows = np.convolve(asked, np.ones(WINDOW) / WINDOW, mode="valid")
    assert windows.max() <= 1.6 * budget + 1 / WINDOW
    assert asked.mean() <= 1.1 * budget


def test_the_budget_is_used_even_where_the_model_is_always_rather_sure():
    sure = np.random.default_rng(1).uniform(0.9, 1.0, 5000)
    asked, _ = play(sure, 0.2)
    assert 0.15 < asked[1000:].mean() <= 0.21


def test_people_are_asked_about_what_is_doubtful():
    confidence = np.random.default_rng(2).uniform(0.4, 1.0, 5000)
    asked, _ = play(confidence, 0.3)
    assert confidence[asked].mean() < confidence[~asked].mean() - 0.15


def test_after_a_storm_the_threshold_comes_back():
    rng = np.random.default_rng(3)
    _, stormy = play(rng.uniform(0.2, 0.5, 2000), 0.3)
    asked, _ = play(np.concatenate([rng.uniform(0.2, 0.5, 2000), rng.uniform(0.8, 1, 2000)]), 0.3)
    assert stormy.threshold < FIRST
    assert asked[3000:].mean() > 0.15


def test_without_a_budget_nobody_is_asked():
    asked, gate = play(np.zeros(50), 0.0)
    assert not asked.any()
    assert gate.threshold == FIRST
