import numpy as np
import pytest

from quality.inference.box_geometry import as_array, match, overlap
from quality.inference.box_groups import weighted_median
from quality.inference.boxes import BoxesConsensus, best_for_f1, box_f1, distance, soft_f1
from quality.inference.typed_answers import TypedAnswers


@pytest.fixture(scope="module")
def planted():
    """60 images; people 0..7 miss a fifth and draw loosely, 8..9 draw at random."""
    rng = np.random.default_rng(6)
    truth, rows = [], []
    for i in range(60):
        corner = rng.choice(8, (rng.integers(1, 5), 2)) * 120.0
        corner = np.unique(corner, axis=0)
        boxes = np.concatenate([corner, corner + rng.uniform(50, 100, corner.shape)], axis=1)
        truth.append(boxes)
        rows.extend((i, a, drawn(rng, boxes, a)) for a in rng.choice(10, 6, replace=False))
    item, annotator, label = (list(column) for column in zip(*rows, strict=True))
    return truth, TypedAnswers.from_codes(item, annotator, label)


def drawn(rng, boxes, annotator):
    if annotator >= 8:
        corner = rng.uniform(0, 900, (2, 2))
        return np.concatenate([corner, corner + 70], axis=1).tolist()
    kept = boxes[rng.random(len(boxes)) < 0.8]
    return (kept + rng.normal(0, 5, kept.shape)).tolist()


def test_planted_boxes_are_found_and_placed_better_than_by_one_person(planted):
    truth, answers = planted
    model = BoxesConsensus().fit(answers)
    ours = np.mean([soft_f1(v, t) for v, t in zip(model.value_, truth, strict=True)])
    honest = answers.annotator < 8
    typical = np.mean(
        [
            soft_f1(boxes, truth[i])
            for i, boxes, good in zip(answers.item, answers.label, honest, strict=True)
            if good
        ]
    )
    assert ours > typical + 0.05
    people = model.reliability_
    assert people.value[:8].min() > people.value[8:].max()
    assert ((people.low <= people.value) & (people.value <= people.high)).all()


def test_boxes_that_exist_are_told_from_inventions(planted):
    truth, answers = planted
    model = BoxesConsensus().fit(answers)
    for value, existence, boxes in zip(model.value_, model.existence_, truth, strict=True):
        assert (np.diff(existence) <= 0).all()
        real = (overlap(value, boxes) > 0.3).any(axis=1)
        assert real[existence > 0.9].all()


def fit(*answers):
    people = list(range(len(answers)))
    return BoxesConsensus().fit(TypedAnswers.from_codes([0] * len(answers), people, list(answers)))


def test_identical_answers_are_the_value():
    boxes = [(0.0, 0.0, 10.0, 10.0), (50.0, 50.0, 60.0, 70.0)]
    model = fit(boxes, boxes, boxes)
    assert sorted(map(tuple, model.value_[0].tolist())) == boxes
    assert 0.5 < model.confidence_[0] <= 1.0


def test_a_box_far_off_does_not_move_the_merged_one():
    good, loose = [(0.0, 0.0, 10.0, 10.0)], [(0.0, 0.0, 10.0, 25.0)]
    assert fit(good, good, loose).value_[0].tolist() == [[0.0, 0.0, 10.0, 10.0]]


def test_boxes_without_area_and_turned_corners_are_defined():
    point = [(5.0, 5.0, 5.0, 5.0)]
    model = fit(point, point, [(10.0, 10.0, 0.0, 0.0)])
    assert np.isfinite(model.value_[0]).all()
    assert np.isfinite(model.confidence_).all()
    assert soft_f1(point, point) == 1.0
    assert as_array([(10.0, 10.0, 0.0, 0.0)]).tolist() == [[0.0, 0.0, 10.0, 10.0]]


def test_nothing_drawn_is_an_answer_and_no_answer_is_none():
    model = fit([], [], [])
    assert model.value_[0].shape == (0, 4)
    assert model.confidence_[0] == 1.0
    empty = BoxesConsensus().fit(TypedAnswers.from_codes([], [], []))
    assert empty.value_ == []
    gap = BoxesConsensus().fit(
        TypedAnswers(np.array([1]), np.array([0]), [[(0.0, 0.0, 1.0, 1.0)]], 2, 1)
    )
    assert gap.confidence_[0] == 0.0
    assert gap.value_[1].tolist() == [[0.0, 0.0, 1.0, 1.0]]


def test_an_infinite_coordinate_is_refused():
    with pytest.raises(ValueError, match=r"label\[0\]"):
        fit([(0.0, 0.0, float("inf"), 1.0)])


def test_matching_prefers_more_pairs_that_reach_the_least_overlap():
    gain = np.array([[0.9, 0.5], [0.6, 0.0]])
    rows, columns = match(gain, least=0.4)
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (1, 0)]


def test_a_weighted_median_of_equal_halves_is_the_middle():
    boxes = np.array([[0.0, 0.0, 10.0, 10.0], [2.0, 2.0, 14.0, 10.0]])
    assert weighted_median(boxes, np.ones(2)).tolist() == [1.0, 1.0, 12.0, 10.0]
    assert weighted_median(boxes, np.array([1.0, 3.0])).tolist() == boxes[1].tolist()


def test_distances_and_scores_of_nothing():
    one = [(0.0, 0.0, 1.0, 1.0)]
    assert distance([], []) == 0.0
    assert distance(one, []) == 1.0
    assert box_f1([], []) == 1.0
    assert box_f1(one, [(0.0, 0.0, 1.0, 3.0)]) == 0.0
    assert best_for_f1(np.array([0.01]))[0] == []
