import numpy as np
import pytest

from quality.inference.number import NumberConsensus, distance
from quality.inference.typed_answers import TypedAnswers


def crowd(rng, *, offset, scale, spread, n_items=200, each=5):
    """Each of n_items answered by ``each`` random people with the planted habits."""
    truth = rng.normal(50, 20, n_items)
    item = np.repeat(np.arange(n_items), each)
    annotator = np.concatenate(
        [rng.choice(len(offset), each, replace=False) for _ in range(n_items)]
    )
    centred = (truth - 50)[item]
    noise = rng.normal(0, 1, item.size) * spread[annotator]
    said = 50 + offset[annotator] + scale[annotator] * centred + noise
    return truth, TypedAnswers(item, annotator, said, n_items, len(offset))


@pytest.fixture(scope="module")
def planted():
    rng = np.random.default_rng(7)
    habits = {
        "offset": rng.normal(0, 8, 20),
        "scale": rng.uniform(0.5, 1.5, 20),
        "spread": rng.choice([2.0, 15.0], 20),
    }
    truth, answers = crowd(rng, **habits)
    return habits, truth, answers, NumberConsensus().fit(answers)


def test_planted_offsets_scales_and_spreads_are_found(planted):
    habits, _, _, model = planted
    assert np.corrcoef(model.offset_, habits["offset"])[0, 1] > 0.95
    assert np.corrcoef(model.scale_, habits["scale"])[0, 1] > 0.8
    careful = habits["spread"] < 5
    assert model.spread_[careful].mean() < model.spread_[~careful].min()


def test_values_are_closer_to_the_truth_than_the_mean(planted):
    _, truth, answers, model = planted
    mean = np.bincount(answers.item, answers.label) / answers.per_item()
    ours = np.corrcoef(model.value_, truth)[0, 1]
    assert ours > np.corrcoef(mean, truth)[0, 1]


def test_the_confidence_is_about_the_share_within_tolerance(planted):
    _, truth, _, model = planted
    shift = (model.value_ - truth).mean()  # the zero of all offsets together is not knowable
    within = np.abs(model.value_ - shift - truth) <= model.tolerance_
    # on people who do not share errors the design effect makes the promise cautious
    assert 0.3 < model.confidence_.mean() <= within.mean() + 0.05


def test_reliability_orders_people_inside_its_interval(planted):
    habits, _, _, model = planted
    careful = habits["spread"] < 5
    people = model.reliability_
    assert people.value[careful].mean() > people.value[~careful].mean() + 0.2
    assert (people.low <= people.value).all()
    assert (people.value <= people.high).all()
    assert (people.low >= 0).all()
    assert (people.high <= 1).all()


def test_one_slip_of_the_keyboard_moves_nothing_much(planted):
    _, _, answers, model = planted
    said = np.array(answers.label)
    said[0] = 1e9
    slipped = NumberConsensus().fit(
        TypedAnswers(answers.item, answers.annotator, said, answers.n_items, answers.n_annotators)
    )
    far = np.abs(slipped.value_ - model.value_)
    assert far[1:].max() < 10
    assert far[0] < 30


def test_units_do_not_matter(planted):
    _, _, answers, model = planted
    other = NumberConsensus().fit(
        TypedAnswers(
            answers.item,
            answers.annotator,
            -3.0 + 1000.0 * np.array(answers.label),
            answers.n_items,
            answers.n_annotators,
        )
    )
    assert np.allclose(other.value_, -3.0 + 1000.0 * model.value_, rtol=1e-6)
    assert np.allclose(other.confidence_, model.confidence_, atol=1e-6)


@pytest.mark.parametrize(
    ("item", "annotator", "label"),
    [
        ([], [], []),
        ([0], [0], [4.0]),
        ([0, 1, 2], [0, 0, 0], [1.0, 2.0, 3.0]),
        ([0, 0, 1, 1], [0, 1, 0, 1], [5.0, 5.0, 5.0, 5.0]),
        ([0, 0, 2], [0, 1, 2], [-1e150, 1e150, 0.0]),
        ([0, 0, 0], [0, 1, 2], [1e-300, 2e-300, 3e-300]),
    ],
)
def test_poor_input_gives_finite_numbers(item, annotator, label):
    answers = TypedAnswers.from_codes(item, annotator, label)
    model = NumberConsensus().fit(answers)
    for learned in (model.value_, model.sd_, model.confidence_, model.reliability_.high):
        assert np.isfinite(learned).all()
    assert ((model.confidence_ >= 0) & (model.confidence_ <= 1)).all()


def test_equal_answers_are_the_value():
    answers = TypedAnswers.from_codes([0, 0, 1, 1], [0, 1, 0, 1], [5.0] * 4)
    assert NumberConsensus().fit(answers).value_.tolist() == [5.0, 5.0]


def test_a_label_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match=r"label\[1\]"):
        NumberConsensus().fit(TypedAnswers.from_codes([0, 1], [0, 0], [1.0, float("nan")]))


def test_distance_is_the_squared_difference():
    assert distance(1.0, 4.0) == 9.0
