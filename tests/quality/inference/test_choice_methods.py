"""What every method for one choice must keep, whatever its idea."""

import numpy as np
import pytest

from quality.inference.answers import Answers
from quality.inference.fit import NO_LABEL
from quality.inference.registry import CHOICE_METHODS
from simulated_crowd import simulate

METHODS = sorted(CHOICE_METHODS)


@pytest.fixture(params=METHODS)
def method(request):
    return CHOICE_METHODS[request.param]


def relabelled(answers: Answers, new: np.ndarray) -> Answers:
    return Answers(
        answers.item,
        answers.annotator,
        new[answers.label],
        answers.n_items,
        answers.n_annotators,
        answers.n_labels,
    )


def assert_sound(fit, answers):
    """Every number is defined and in its range."""
    assert fit.posterior.shape == (answers.n_items, answers.n_labels)
    assert fit.posterior.min(initial=0) >= 0
    assert fit.posterior.sum(axis=1) == pytest.approx(np.ones(answers.n_items))
    assert fit.prior.sum() == pytest.approx(1)
    assert ((fit.confidence >= 0) & (fit.confidence <= 1)).all()
    assert fit.accuracy.shape == (answers.n_annotators,)
    assert (fit.accuracy_low <= fit.accuracy).all()
    assert (fit.accuracy <= fit.accuracy_high).all()
    if fit.confusion is not None:
        assert fit.confusion.sum(axis=2) == pytest.approx(1)


def test_results_are_probabilities(method):
    answers, _, _ = simulate()
    assert_sound(method().fit(answers).fit_, answers)


def test_most_labels_are_right(method):
    answers, truth, _ = simulate(n_items=400, per_item=9)
    assert (method().fit(answers).label_ == truth).mean() > 0.85


def test_renaming_labels_permutes_the_result(method):
    answers, _, _ = simulate()
    new = np.array([2, 0, 1])
    there = method().fit(answers).posterior_
    back = method().fit(relabelled(answers, new)).posterior_
    assert back[:, new] == pytest.approx(there, abs=2e-3)


def test_the_order_of_rows_does_not_matter(method):
    answers, _, _ = simulate()
    shuffled = answers.select(np.random.default_rng(1).permutation(len(answers)))
    there, back = method().fit(answers).fit_, method().fit(shuffled).fit_
    assert back.posterior == pytest.approx(there.posterior, abs=1e-6)
    assert (back.label == there.label).mean() > 0.999


def test_a_second_fit_gives_the_same_numbers(method):
    answers, _, _ = simulate()
    assert np.array_equal(method().fit(answers).posterior_, method().fit(answers).posterior_)


def test_the_answers_are_left_alone(method):
    answers, _, _ = simulate()
    before = answers.label.copy(), answers.item.copy()
    method().fit(answers, np.where(np.arange(answers.n_items) < 5, 1, -1))
    assert np.array_equal(before[0], answers.label)
    assert np.array_equal(before[1], answers.item)


def test_gold_fixes_its_items(method):
    answers, truth, _ = simulate()
    gold = np.where(np.arange(answers.n_items) % 10 == 0, truth, -1)
    fit = method().fit(answers, gold).fit_
    known = gold >= 0
    assert (fit.label[known] == truth[known]).all()
    assert fit.confidence[known] == pytest.approx(1)


def test_gold_informs_the_accuracies(method):
    answers, truth, _ = simulate(n_items=100, n_annotators=5, per_item=5)
    fit = method().fit(answers, truth).fit_
    right = (answers.label == truth[answers.item]).astype(float)
    share = np.bincount(answers.annotator, right) / answers.votes_per_annotator()
    assert np.abs(fit.accuracy - share).max() < 0.05


def test_gold_that_contradicts_every_answer_is_obeyed(method):
    answers = Answers.from_codes([0, 0, 0, 1, 1], [0, 1, 2, 0, 1], [0, 0, 0, 1, 1])
    fit = method().fit(answers, [1, -1]).fit_
    assert fit.label[0] == 1
    assert_sound(fit, answers)


def test_a_vote_of_weight_zero_counts_as_none(method):
    answers, _, _ = simulate(n_items=60)
    silenced = answers.annotator == 3
    weighted = Answers(
        answers.item, answers.annotator, answers.label, 60, 20, 3, np.where(silenced, 0.0, 1.0)
    )
    there = method().fit(weighted).posterior_
    assert there == pytest.approx(method().fit(answers.select(~silenced)).posterior_, abs=2e-2)


@pytest.mark.parametrize(
    "answers",
    [
        Answers.from_codes([], [], [], n_items=0, n_annotators=0, n_labels=2),
        Answers.from_codes([], [], [], n_items=3, n_annotators=2, n_labels=2),
        Answers.from_codes([0], [0], [0]),
        Answers.from_codes([0, 1, 2], [0, 0, 0], [0, 0, 0]),
        Answers.from_codes([0, 1, 2], [0, 0, 0], [0, 1, 2]),
        Answers.from_codes([0, 0, 4], [0, 1, 1], [0, 1, 1], n_items=6, n_labels=5),
        Answers.from_codes([0, 0], [0, 1], [0, 1], weight=[0, 0]),
    ],
    ids=["nothing", "no answers", "one", "one class", "one person", "gaps", "weightless"],
)
def test_odd_sets_of_answers_have_defined_results(method, answers):
    assert_sound(method().fit(answers).fit_, answers)


def test_an_item_without_answers_has_no_label(method):
    answers = Answers.from_codes([0, 2], [0, 1], [1, 0], n_items=4)
    fit = method().fit(answers, [-1, -1, -1, 1]).fit_
    assert (fit.label == NO_LABEL).tolist() == [False, True, False, False]
    assert (fit.label[3], fit.confidence[1], fit.confidence[3]) == (1, 0, 1)


def test_a_set_without_any_label_is_refused(method):
    with pytest.raises(ValueError, match="no labels"):
        method().fit(Answers.from_codes([], [], []))


def test_gold_of_the_wrong_size_is_refused(method):
    with pytest.raises(ValueError, match="gold"):
        method().fit(Answers.from_codes([0], [0], [0]), [0, 0])


def test_one_person_with_very_many_answers_is_no_trouble(method):
    n = 20_000
    label = np.random.default_rng(0).integers(0, 2, n)
    answers = Answers(np.arange(n), np.zeros(n, np.int64), label, n, 1, 2)
    assert np.isfinite(method().fit(answers).posterior_).all()
