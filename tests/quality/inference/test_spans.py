import numpy as np
import pytest

from quality.inference.scores import micro_character_f1
from quality.inference.spans import SpansConsensus, best_for_f1, covered, distance, merged
from quality.inference.typed_answers import TypedAnswers


@pytest.fixture(scope="module")
def planted():
    """80 texts; people 0..7 miss some spans and jitter their ends, 8..9 mark at random."""
    rng = np.random.default_rng(4)
    truth, rows = [], []
    for i in range(80):
        starts = np.sort(rng.choice(np.arange(0, 1000, 100), rng.integers(1, 5), replace=False))
        spans = [(int(s), int(s + rng.integers(20, 60))) for s in starts]
        truth.append(spans)
        rows.extend((i, a, said(rng, spans, a)) for a in rng.choice(10, 5, replace=False))
    item, annotator, label = (list(column) for column in zip(*rows, strict=True))
    answers = TypedAnswers.from_codes(item, annotator, label)
    return truth, answers, SpansConsensus().fit(answers)


def said(rng, spans, annotator):
    if annotator >= 8:
        starts = rng.integers(0, 900, 3)
        return [(int(s), int(s + 80)) for s in starts]
    kept = [span for span in spans if rng.random() < 0.7]
    return [(max(0, s + int(rng.integers(-5, 6))), e + int(rng.integers(-5, 6))) for s, e in kept]


def test_planted_spans_are_found_better_than_by_one_person(planted):
    truth, answers, model = planted
    single = micro_character_f1(answers.label, [truth[i] for i in answers.item])
    ours = micro_character_f1(model.value_, truth)
    assert ours > 0.85
    assert ours > single + 0.2


def test_random_markers_are_found_out(planted):
    *_, model = planted
    people = model.reliability_
    assert people.value[:8].min() > people.value[8:].max()
    assert ((people.low <= people.value) & (people.value <= people.high)).all()


def test_confidence_is_about_the_f1_that_is_reached(planted):
    truth, _, model = planted
    reached = [micro_character_f1([v], [t]) for v, t in zip(model.value_, truth, strict=True)]
    assert abs(model.confidence_.mean() - np.mean(reached)) < 0.2


def test_values_are_ordered_and_apart(planted):
    *_, model = planted
    for spans in model.value_:
        assert spans == merged(spans)


def fit(*answers):
    people = list(range(len(answers)))
    return SpansConsensus().fit(TypedAnswers.from_codes([0] * len(answers), people, list(answers)))


def test_identical_answers_are_the_value():
    model = fit([(3, 9), (20, 22)], [(3, 9), (20, 22)], [(3, 9), (20, 22)])
    assert model.value_ == [[(3, 9), (20, 22)]]
    assert 0.8 < model.confidence_[0] <= 1.0


def test_overlapping_and_empty_spans_of_one_person_are_one_passage():
    assert fit([(0, 5), (3, 9), (9, 12), (30, 30)]).value_ == [[(0, 12)]]


def test_nothing_marked_is_an_answer():
    model = fit([], [], [])
    assert model.value_ == [[]]
    assert model.confidence_[0] == 1.0
    assert np.isfinite(model.reliability_.value).all()


def test_no_answers_and_items_without_any_are_defined():
    assert SpansConsensus().fit(TypedAnswers.from_codes([], [], [])).value_ == []
    gap = TypedAnswers(np.array([1]), np.array([0]), [[(0, 4)]], 3, 2)
    model = SpansConsensus().fit(gap)
    assert model.value_ == [[], [(0, 4)], []]
    assert model.confidence_[[0, 2]].tolist() == [0.0, 0.0]
    assert np.isfinite(model.reliability_.high).all()


@pytest.mark.parametrize("span", [(-1, 4), (5, 4)])
def test_spans_that_are_no_range_are_refused(span):
    with pytest.raises(ValueError, match="not a list of spans"):
        fit([span])


def test_the_best_choice_for_f1_is_no_worse_than_any_threshold():
    rng = np.random.default_rng(0)
    inside, length = rng.random(12), rng.integers(1, 50, 12).astype(float)

    def expected(chosen):
        return 2 * (inside * length)[chosen].sum() / (length[chosen].sum() + inside @ length)

    best = expected(best_for_f1(inside, length))
    assert all(best >= expected(inside >= threshold) - 1e-12 for threshold in inside)


def test_distance_is_one_minus_character_f1():
    assert distance([], []) == 0.0
    assert distance([(0, 10)], []) == 1.0
    assert distance([(0, 10)], [(5, 10)]) == pytest.approx(1 - 2 * 5 / 15)
    assert covered([(0, 5), (3, 8)], [(4, 20)]) == 4
