import numpy as np
import pytest
from scipy.stats import spearmanr

from quality.inference.comparisons import (
    LEFT,
    RIGHT,
    TIE,
    Comparisons,
    distance,
    label_distance,
)
from quality.inference.pairwise import PairwiseConsensus


def compare(rng, score, ability, *, side=0.0, tie_width=0.0, each=60):
    people = np.repeat(np.arange(ability.size), each)
    left = rng.integers(0, score.size, people.size)
    right = (left + rng.integers(1, score.size, people.size)) % score.size
    z = ability[people] * (score[left] - score[right])
    z = z + (np.broadcast_to(side, ability.shape))[people]
    noise = rng.logistic(size=z.size)
    outcome = np.sign(np.where(np.abs(z + noise) < tie_width, 0.0, z + noise)).astype(np.int64)
    return Comparisons(left, right, people, outcome, score.size, ability.size)


@pytest.fixture(scope="module")
def planted():
    rng = np.random.default_rng(3)
    score = rng.normal(0, 1.5, 30)
    ability = np.where(np.arange(40) < 20, 1.5, 0.1)
    answers = compare(rng, score, ability, tie_width=0.3)
    return score, ability, answers, PairwiseConsensus().fit(answers)


def test_the_planted_order_is_found(planted):
    score, _, _, model = planted
    assert model.converged_
    assert spearmanr(model.value_, score).statistic > 0.9


def test_guessers_are_told_from_people_who_know(planted):
    _, ability, _, model = planted
    knows = ability > 1
    assert model.ability_[knows].min() > model.ability_[~knows].mean()
    people = model.reliability_
    assert people.value[knows].mean() > people.value[~knows].mean() + 0.1
    assert ((people.low <= people.value) & (people.value <= people.high)).all()
    assert ((people.low >= 0) & (people.high <= 1)).all()


def test_ties_have_a_threshold_of_about_the_planted_width(planted):
    *_, model = planted
    assert 0.1 < model.threshold_ < 0.6


def test_swapping_left_and_right_changes_no_score(planted):
    _, _, a, model = planted
    swapped = Comparisons(a.right, a.left, a.annotator, -a.outcome, a.n_things, a.n_annotators)
    assert np.allclose(PairwiseConsensus().fit(swapped).value_, model.value_, atol=0.02)


def test_a_habit_of_picking_left_is_seen_as_such():
    rng = np.random.default_rng(5)
    side = np.where(np.arange(20) == 0, 3.0, 0.0)
    answers = compare(rng, rng.normal(0, 1, 15), np.ones(20), side=side)
    model = PairwiseConsensus().fit(answers)
    assert model.side_.argmax() == 0


def test_preferences_for_both_directions_add_up_to_one(planted):
    *_, model = planted
    left, right = np.array([0, 1, 2]), np.array([3, 4, 5])
    assert np.allclose(model.preference(left, right) + model.preference(right, left), 1.0)


@pytest.mark.parametrize("outcome", [LEFT, TIE, RIGHT])
def test_a_single_comparison_gives_finite_scores(outcome):
    one = np.array([0])
    model = PairwiseConsensus().fit(Comparisons(one, one + 1, one, np.array([outcome]), 3, 1))
    assert np.isfinite(model.value_).all()
    assert np.sign(np.round(model.value_[0] - model.value_[1], 6)) == outcome
    assert model.confidence_[2] == 0.0


def test_no_comparisons_are_defined():
    none = np.empty(0, dtype=np.int64)
    model = PairwiseConsensus().fit(Comparisons(none, none, none, none, 2, 1))
    assert model.value_.tolist() == [0.0, 0.0]
    assert model.confidence_.tolist() == [0.0, 0.0]
    assert np.isfinite(model.reliability_.value).all()


def test_only_ties_leave_everything_equal():
    left, right = np.array([0, 1, 2] * 4), np.array([1, 2, 0] * 4)
    ties = np.zeros(12, dtype=np.int64)
    model = PairwiseConsensus().fit(Comparisons(left, right, np.arange(12) // 3, ties, 3, 4))
    assert np.allclose(model.value_, 0.0, atol=1e-3)
    assert np.isfinite(model.confidence_).all()


def test_a_thing_compared_with_itself_is_refused():
    one = np.array([0])
    with pytest.raises(ValueError, match="itself"):
        Comparisons(one, one, one, one, 1, 1)


def test_distances_put_a_tie_half_way():
    assert (distance(LEFT, RIGHT), distance(LEFT, TIE), distance(TIE, TIE)) == (1.0, 0.5, 0.0)
    assert label_distance("cat", "dog") == 1.0
    assert label_distance("cat", "tie") == 0.5
    assert label_distance("", "tie") == 0.0


def test_confidence_is_not_above_the_share_in_the_right_order(planted):
    score, _, _, model = planted
    same = np.sign(np.subtract.outer(model.value_, model.value_)) == np.sign(
        np.subtract.outer(score, score)
    )
    share = (same.sum() - score.size) / (score.size * (score.size - 1))
    assert 0.5 < model.confidence_.mean() < share + 0.05
