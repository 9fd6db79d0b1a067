"""The gold test catches guessers in time and leaves honest people alone."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from quality.inference.gold_limits import HONEST, RISK, limits, step
from quality.inference.gold_test import GoldState, GoldTest
from quality.simulation.confusion import draw_confusion


def failed_at(test: GoldTest, label: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """[person]: gold answers until failed; infinite if never. Both arguments [person, answer]."""
    n_people, n = truth.shape
    states = test.batch(
        np.repeat(np.arange(n_people), n),
        label.ravel(),
        np.eye(test.n_labels)[truth.ravel()],
        n_people=n_people,
    )
    return np.array([np.inf if s.failed_at is None else s.failed_at for s in states])


def balanced_truth(rng: np.random.Generator, n_labels: int, n_people: int, n: int) -> np.ndarray:
    return rng.integers(n_labels, size=(n_people, n))


def honest(rng: np.random.Generator, truth: np.ndarray, n_labels: int, accuracy: float):
    said = np.empty_like(truth)
    for person, row in enumerate(truth):
        edge = np.cumsum(draw_confusion(rng, n_labels, accuracy), axis=1)[row]
        said[person] = np.minimum((rng.random(row.size)[:, None] > edge).sum(1), n_labels - 1)
    return said


@pytest.mark.parametrize(("n_labels", "within"), [(2, 60), (3, 30), (4, 20), (10, 15)])
def test_random_people_are_caught_in_time(n_labels, within):
    rng = np.random.default_rng(n_labels)
    truth = balanced_truth(rng, n_labels, 3000, within)
    said = rng.integers(n_labels, size=truth.shape)
    assert np.mean(failed_at(GoldTest(n_labels), said, truth) <= within) >= 0.95


@pytest.mark.parametrize(("accuracy", "at_most"), [(0.8, 0.01), (0.9, 0.001)])
@pytest.mark.parametrize("n_labels", [2, 4])
def test_honest_people_are_not_failed(n_labels, accuracy, at_most):
    rng = np.random.default_rng(10 + n_labels)
    truth = balanced_truth(rng, n_labels, 3000, 200)
    said = honest(rng, truth, n_labels, accuracy)
    assert np.mean(failed_at(GoldTest(n_labels), said, truth) < np.inf) <= at_most


@pytest.mark.parametrize(("share", "within"), [(0.25, 20), (0.8, 60)])
def test_always_the_commonest_label_is_caught_although_often_right(share, within):
    rng = np.random.default_rng(5)
    prior = np.array([share, *[(1 - share) / 3] * 3])
    truth = rng.choice(4, size=(2000, within), p=prior)
    assert np.mean(failed_at(GoldTest(4), np.zeros_like(truth), truth) <= within) >= 0.95


def test_a_perfect_person_is_never_failed_on_lopsided_gold():
    rng = np.random.default_rng(6)
    truth = rng.choice(3, size=(200, 400), p=[0.96, 0.02, 0.02])
    assert (failed_at(GoldTest(3), truth, truth) == np.inf).all()


def test_who_stops_working_after_long_good_work_is_caught():
    rng = np.random.default_rng(7)
    truth = balanced_truth(rng, 4, 1000, 160)
    said = honest(rng, truth, 4, 0.9)
    said[:, 120:] = rng.integers(4, size=(1000, 40))
    at = failed_at(GoldTest(4), said, truth)
    assert np.mean(at <= 120) <= 0.002
    assert np.mean(at <= 160) >= 0.97


def test_one_at_a_time_and_in_batch_agree():
    rng = np.random.default_rng(8)
    test = GoldTest(3)
    person, label = rng.integers(5, size=200), rng.integers(3, size=200)
    belief = rng.dirichlet(np.ones(3), size=200)
    states = [test.start()] * 5
    for p, answer, row in zip(person, label, belief, strict=True):
        states[p] = test.observe(states[p], int(answer), row)
    for one, many in zip(states, test.batch(person, label, belief, n_people=5), strict=True):
        assert one == many


def test_a_state_survives_json():
    test = GoldTest(3)
    state = test.observe(test.start(), 1, test.certain(2))
    stored = json.loads(json.dumps(asdict(state)))
    restored = GoldState(**{k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()})
    assert restored == state
    assert test.observe(restored, 0, test.certain(0)) == test.observe(state, 0, test.certain(0))


def test_the_verdict_moves_from_watch_to_pass_and_failing_sticks_until_forgiven():
    test = GoldTest(4)
    state = test.start()
    assert test.verdict(state) == "watch"
    for nth in range(12):
        state = test.observe(state, nth % 4, test.certain(nth % 4))
    assert test.verdict(state) == "pass"
    for nth in range(40):
        state = test.observe(state, nth % 4, test.certain((nth + 1) % 4))
    assert test.verdict(state) == "fail"
    assert test.verdict(test.observe(state, 0, test.certain(0))) == "fail"
    forgiven = test.forgive(state)
    assert test.verdict(forgiven) == "watch"
    assert forgiven.worth == state.worth


def test_renaming_labels_changes_nothing():
    rng = np.random.default_rng(9)
    truth = balanced_truth(rng, 4, 50, 60)
    said = rng.integers(4, size=truth.shape)
    rename = np.array([2, 0, 3, 1])
    test = GoldTest(4)
    assert (failed_at(test, said, truth) == failed_at(test, rename[said], rename[truth])).all()


def test_peers_count_for_less_than_gold_the_less_sure_they_are():
    test = GoldTest(4)
    sure, unsure = (np.array([p, *[(1 - p) / 3] * 3]) for p in (0.97, 0.4))
    wrong = [test.observe(test.start(), 1, belief) for belief in (test.certain(0), sure, unsure)]
    totals = [state.total[0] for state in wrong]
    worths = [state.worth for state in wrong]
    assert totals == sorted(totals, reverse=True)
    assert worths == sorted(worths, reverse=True)
    assert worths[2] < 0.1


def test_an_even_belief_says_nothing_about_guessing():
    test = GoldTest(4)
    state = test.observe(test.start(), 1, np.full(4, 0.25))
    assert state.total == pytest.approx((0.0, 0.0))
    assert state.worth == 0.0


def test_limits_keep_the_risk_of_an_honest_person():
    """An independent simulation of the exact computation, right or wrong only."""
    rng = np.random.default_rng(11)
    points, limit = step(0.25), limits(0.25)
    n_people, n = 20_000, 300
    gain = np.where(rng.random((n_people, n)) < HONEST, points.right, points.wrong)
    total = np.cumsum(gain, axis=1)
    recent = total - np.minimum.accumulate(np.minimum(total, 0.0), axis=1)
    by_total = (total >= limit.total[1 : n + 1] - 1e-9).any(axis=1).mean()
    by_recent = (recent >= limit.recent[1 : n + 1] - 1e-9).any(axis=1).mean()
    assert 0.2 * RISK < by_total < 1.4 * RISK
    assert 0.2 * RISK < by_recent < 1.4 * RISK


def test_nobody_fails_on_fewer_than_three_answers():
    for n_labels in (2, 4, 50):
        limit = limits(1 / n_labels)
        assert np.isinf(limit.total[:4]).all()
        assert (limit.recent[:4] > 3 * step(1 / n_labels).wrong).all()


def test_a_single_label_or_a_chance_above_the_drift_is_refused():
    with pytest.raises(ValueError, match="two labels"):
        GoldTest(1)
    with pytest.raises(ValueError, match="chance"):
        limits(0.72)


def test_no_people_give_no_states():
    empty = np.array([], dtype=np.int64)
    assert GoldTest(2).batch(empty, empty, np.empty((0, 2)), n_people=0) == []
