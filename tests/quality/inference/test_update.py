"""Incremental posteriors and warm starts agree with full fits."""

import numpy as np
import pytest

from quality.inference.answers import Answers
from quality.inference.auto import Auto
from quality.inference.dawid_skene import DawidSkene
from quality.inference.one_coin import OneCoinDawidSkene
from quality.inference.update import update_posterior
from simulated_crowd import simulate

METHODS = [Auto, DawidSkene, OneCoinDawidSkene]


@pytest.fixture(params=METHODS, ids=lambda method: method.__name__)
def method(request):
    return request.param


def some_gold(truth):
    return np.where(np.arange(truth.size) % 15 == 0, truth, -1)


@pytest.mark.parametrize("with_gold", [False, True])
def test_unchanged_answers_give_the_posterior_of_the_fit(method, with_gold):
    answers, truth, _ = simulate()
    gold = some_gold(truth) if with_gold else None
    fit = method().fit(answers, gold).fit_
    again = update_posterior(fit.skills, answers, gold)
    assert again.posterior == pytest.approx(fit.posterior, abs=1e-9)
    assert np.array_equal(again.label, fit.label)
    assert again.confidence == pytest.approx(fit.confidence, abs=1e-9)


def test_touched_items_may_be_numbered_anew(method):
    answers, _, _ = simulate()
    fit = method().fit(answers).fit_
    rows = np.isin(answers.item, [7, 11])
    item = (answers.item[rows] == 11).astype(np.int64)
    touched = Answers(item, answers.annotator[rows], answers.label[rows], 2, 20, 3)
    assert update_posterior(fit.skills, touched).posterior == pytest.approx(
        fit.posterior[[7, 11]], abs=1e-9
    )


def test_a_few_new_answers_move_items_as_a_refit_would(method):
    answers, _, _ = simulate(n_items=1000, n_annotators=25, per_item=6)
    before = answers.select((np.arange(len(answers)) % 6 < 5) | (answers.item >= 20))
    skills = method().fit(before).fit_.skills
    rows = answers.item < 20
    touched = Answers(answers.item[rows], answers.annotator[rows], answers.label[rows], 20, 25, 3)
    refit = method().fit(answers).fit_
    assert np.abs(update_posterior(skills, touched).posterior - refit.posterior[:20]).max() < 0.05


@pytest.mark.parametrize("em", [DawidSkene, OneCoinDawidSkene])
def test_a_warm_start_ends_where_a_cold_one_does_and_sooner(em):
    answers, _, _ = simulate(n_items=1000, n_annotators=25, per_item=6)
    method = em(tolerance=1e-8, max_iterations=3000)
    cold = method.fit(answers).fit_
    first = method.fit(answers.select(np.arange(len(answers)) % 20 > 0)).fit_
    warm = method.fit(answers, warm_start=first).fit_
    assert warm.posterior == pytest.approx(cold.posterior, abs=1e-4)
    assert warm.iterations < cold.iterations


def test_a_warm_start_of_auto_stays_close_to_a_cold_one():
    answers, _, _ = simulate(n_items=1000, n_annotators=25, per_item=6)
    cold = Auto().fit(answers).fit_
    first = Auto().fit(answers.select(np.arange(len(answers)) % 20 > 0)).fit_
    warm = Auto().fit(answers, warm_start=first).fit_
    change = np.abs(warm.posterior - cold.posterior)
    assert change.mean() < 0.005
    assert change.max() < 0.1
    assert (warm.label == cold.label).mean() > 0.99


def test_a_warm_start_welcomes_new_people_and_items(method):
    answers, _, _ = simulate()
    half = answers.select((answers.item < 150) & (answers.annotator < 12))
    small = Answers(half.item, half.annotator, half.label, 150, 12, 3)
    fit = method().fit(answers, warm_start=method().fit(small).fit_).fit_
    assert fit.posterior.shape == (300, 3)


def test_newcomers_are_judged_like_the_crowd():
    answers, _, _ = simulate()
    skills = Auto().fit(answers).fit_.skills
    newcomers = Answers.from_codes([0, 0, 0], [97, 98, 99], [1, 1, 1], n_labels=3)
    update = update_posterior(skills, newcomers)
    assert update.label.tolist() == [1]
    assert 1 / 3 < update.confidence[0] < 1


def test_other_labels_than_those_of_the_fit_are_refused(method):
    answers, _, _ = simulate()
    fit = method().fit(answers).fit_
    other = Answers.from_codes([0], [0], [0], n_labels=4)
    with pytest.raises(ValueError, match="labels"):
        update_posterior(fit.skills, other)
    with pytest.raises(ValueError, match="labels"):
        method().fit(other, warm_start=fit)
