"""The table of labelling functions, and their votes together."""

import numpy as np
import pytest

from learning.functions.weighing import (
    ABSTAINS,
    confusion,
    heard_with,
    log_likelihood,
    table,
)

VOTES = np.array([[0, 0, -1], [0, 1, -1], [-1, 1, -1], [-1, -1, -1], [1, 1, -1]])


def test_coverage_overlap_and_conflict_are_shares_of_all_items():
    first, second, silent = table(VOTES, np.array([], dtype=int), np.empty((0, 2)))
    assert (first.coverage, first.overlap, first.conflict) == pytest.approx((0.6, 0.6, 0.2))
    assert (second.coverage, second.overlap, second.conflict) == pytest.approx((0.8, 0.6, 0.2))
    assert (silent.coverage, silent.judged, silent.accuracy) == (0, 0, None)


def test_accuracy_is_judged_where_people_have_settled():
    known = np.array([0, 1, 3])
    belief = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    first, second, _ = table(VOTES, known, belief)
    assert (first.judged, first.accuracy) == (2, 0.5)
    assert (second.judged, second.accuracy) == (2, 1.0)
    assert second.low < second.accuracy


def noisy(truth, right, rng, *, share=1.0):
    said = np.where(rng.random(len(truth)) < right, truth, 1 - truth)
    return np.where(rng.random(len(truth)) < share, said, ABSTAINS)


def test_good_functions_together_are_better_than_the_best_and_bad_ones_do_no_harm():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 2000)
    votes = np.stack(
        [noisy(truth, right, rng, share=0.6) for right in (0.85, 0.8, 0.75, 0.5)], axis=1
    )
    taught = np.arange(300)
    matrices = confusion(votes[taught], np.eye(2)[truth[taught]])
    even = np.full((2000, 2), 0.5)
    belief = heard_with(even, log_likelihood(votes, matrices))
    spoken = np.arange(300, 2000)[(votes[300:, :3] != ABSTAINS).any(axis=1)]
    right = (belief[spoken].argmax(axis=1) == truth[spoken]).mean()
    assert right > 0.83
    coin = matrices[3]
    assert np.abs(coin[0] - coin[1]).max() < 0.15


def test_where_all_abstain_nothing_is_said():
    votes = np.full((3, 2), ABSTAINS)
    matrices = confusion(votes, np.full((3, 4), 0.25))
    assert (log_likelihood(votes, matrices) == 0).all()
    start = np.array([[0.7, 0.1, 0.1, 0.1]] * 3)
    assert heard_with(start, log_likelihood(votes, matrices)) == pytest.approx(start)


def test_rows_are_probabilities_however_sure_the_votes_are():
    votes = np.zeros((2, 30), dtype=int)
    matrices = np.stack([np.array([[0.999, 0.001], [0.001, 0.999]])] * 30)
    belief = heard_with(np.array([[0.0, 1.0], [0.5, 0.5]]), log_likelihood(votes, matrices))
    assert belief.sum(axis=1) == pytest.approx(1)
    assert np.isfinite(belief).all()
