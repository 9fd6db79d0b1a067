import numpy as np
import pytest

from quality.inference.ordinal import OrdinalConsensus, distance, ladder_tables
from quality.inference.typed_answers import TypedAnswers


@pytest.fixture(scope="module")
def planted():
    rng = np.random.default_rng(11)
    truth = rng.integers(0, 5, 400)
    bias = np.where(np.arange(16) < 4, 1, 0)
    spread = np.where(np.arange(16) < 12, 0.5, 2.5)
    item = np.repeat(np.arange(400), 6)
    annotator = np.concatenate([rng.choice(16, 6, replace=False) for _ in range(400)])
    position = truth[item] + bias[annotator] + rng.normal(0, 1, item.size) * spread[annotator]
    said = np.clip(np.rint(position), 0, 4).astype(int)
    answers = TypedAnswers(item, annotator, said.tolist(), 400, 16)
    return truth, bias, spread, answers, OrdinalConsensus(5).fit(answers)


def test_classes_are_found_better_than_by_majority(planted):
    truth, _, _, answers, model = planted
    votes = np.zeros((400, 5))
    np.add.at(votes, (answers.item, np.array(answers.label)), 1)
    assert (model.label_ == truth).mean() > (votes.argmax(axis=1) == truth).mean()
    assert np.abs(model.median_ - truth).mean() < 0.4


def test_planted_bias_and_spread_are_found(planted):
    _, bias, spread, _, model = planted
    assert model.bias_[bias == 1].min() > np.abs(model.bias_[(bias == 0) & (spread < 1)]).max()
    assert model.spread_[spread > 1].min() > model.spread_[spread < 1].max()


def test_reliable_people_rank_above_random_ones(planted):
    _, bias, spread, _, model = planted
    people = model.reliability_
    good = (bias == 0) & (spread < 1)
    assert people.value[good].min() > people.value[spread > 1].max()
    assert ((people.low <= people.value) & (people.value <= people.high)).all()


def test_beliefs_and_confusions_are_distributions(planted):
    *_, model = planted
    assert np.allclose(model.posterior_.sum(axis=1), 1.0)
    assert np.allclose(model.confusion_.sum(axis=2), 1.0)
    assert np.allclose(ladder_tables(4).sum(axis=2), 1.0)


def test_turning_the_scale_round_turns_the_labels_round(planted):
    _, _, _, answers, model = planted
    turned = [4 - k for k in answers.label]
    other = OrdinalConsensus(5).fit(TypedAnswers(answers.item, answers.annotator, turned, 400, 16))
    assert (other.label_ == 4 - model.label_).mean() > 0.99


def test_confidence_is_about_the_share_that_is_right(planted):
    truth, _, _, _, model = planted
    assert abs(model.confidence_.mean() - (model.label_ == truth).mean()) < 0.12


@pytest.mark.parametrize("n_labels", [1, 2, 3])
def test_one_person_with_one_answer_is_believed(n_labels):
    answers = TypedAnswers.from_codes([0], [0], [n_labels - 1])
    model = OrdinalConsensus(n_labels).fit(answers)
    assert model.label_.tolist() == [n_labels - 1]
    assert 0 < model.confidence_[0] <= 1
    assert np.isfinite(model.reliability_.low).all()


def test_an_item_without_answers_has_no_label():
    answers = TypedAnswers(np.array([1]), np.array([0]), [0], 2, 1)
    model = OrdinalConsensus(2).fit(answers)
    assert model.label_.tolist() == [-1, 0]
    assert model.confidence_[0] == 0.0


def test_no_answers_are_defined_when_the_classes_are_known():
    model = OrdinalConsensus(3).fit(TypedAnswers.from_codes([], [], []))
    assert model.label_.size == 0
    with pytest.raises(ValueError, match="no classes"):
        OrdinalConsensus().fit(TypedAnswers.from_codes([], [], []))


def test_answers_outside_the_classes_are_refused():
    with pytest.raises(ValueError, match="classes"):
        OrdinalConsensus(2).fit(TypedAnswers.from_codes([0], [0], [2]))


def test_distance_counts_classes():
    assert distance(4, 1) == 3.0
