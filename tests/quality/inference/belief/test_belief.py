import numpy as np
import pytest

from quality.inference.answers import Answers
from quality.inference.belief import fit_belief
from quality.inference.belief.fit import FEWEST_ANSWERED
from quality.inference.belief.sums import of_items

SKILLS = (0.92, 0.75, 0.6)


def crowd(*, n_items=300, per_item=3, n_labels=3, n_people=30, seed=0):
    """Answers of a mixed crowd and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_labels, n_items)
    item = np.repeat(np.arange(n_items), per_item)
    people = np.argsort(rng.random((n_items, n_people)), axis=1)[:, :per_item].ravel()
    right = rng.random(len(item)) < np.array(SKILLS)[people % 3]
    wrong = (truth[item] + rng.integers(1, n_labels, len(item))) % n_labels
    label = np.where(right, truth[item], wrong)
    return Answers(item, people, label, n_items, n_people, n_labels), truth


def model(truth, *, right, n_labels=3, seed=1):
    """Probabilities of a model that is right so often, and surer where it is right."""
    rng = np.random.default_rng(seed)
    hit = rng.random(len(truth)) < right
    guess = np.where(hit, truth, rng.integers(0, n_labels, len(truth)))
    logits = (
        2.5 * np.eye(n_labels)[guess] * (0.4 + rng.random((len(truth), 1)) * (0.5 + hit[:, None]))
    )
    joint = np.exp(logits + 0.1 * rng.normal(size=logits.shape))
    return joint / joint.sum(axis=1, keepdims=True)


def accuracy(belief, truth):
    return (belief.posterior.argmax(axis=1) == truth).mean()


def majority(answers, truth):
    counts = np.zeros((answers.n_items, answers.n_labels))
    np.add.at(counts, (answers.item, answers.label), 1)
    return (counts.argmax(axis=1) == truth).mean()


def test_everything_is_a_distribution():
    answers, truth = crowd()
    belief = fit_belief(answers, model(truth, right=0.8))
    for rows in (belief.posterior, belief.prior, belief.shares):
        np.testing.assert_allclose(rows.sum(axis=-1), 1)
    np.testing.assert_allclose(belief.confusion.sum(axis=2), 1)
    assert belief.confusion.min() > 0


def test_people_of_different_skill_are_told_apart_and_weighed():
    answers, truth = crowd(n_items=600, per_item=5, n_labels=2)
    belief = fit_belief(answers)
    skill = np.diagonal(belief.confusion, axis1=1, axis2=2).mean(axis=1)
    assert skill[0::3].min() > skill[2::3].max()
    assert accuracy(belief, truth) > majority(answers, truth) + 0.02


def test_a_good_model_is_heard_and_lifts_the_labels():
    answers, truth = crowd(per_item=1)
    heard = fit_belief(answers, model(truth, right=0.9))
    assert heard.voice > 0.99
    assert accuracy(heard, truth) > accuracy(fit_belief(answers), truth) + 0.1


@pytest.mark.parametrize("seed", range(4))
def test_a_model_that_guesses_is_not_heard_and_costs_nothing(seed):
    answers, truth = crowd(seed=seed)
    guessing = model(truth, right=0.0, seed=seed)
    belief = fit_belief(answers, guessing)
    assert belief.voice < 0.5
    assert abs(accuracy(belief, truth) - accuracy(fit_belief(answers), truth)) < 0.012


def test_without_the_gate_a_guessing_model_would_be_heard(monkeypatch):
    """What the gate is for: with its weight held at one, the same model changes labels."""
    answers, truth = crowd(per_item=1)
    guessing = model(truth, right=0.0)
    gated = fit_belief(answers, guessing)
    monkeypatch.setattr("quality.inference.belief.gate.weight", lambda evidence: 1.0)
    changed = fit_belief(answers, guessing).posterior.argmax(axis=1)
    people = fit_belief(answers).posterior.argmax(axis=1)
    assert (gated.posterior.argmax(axis=1) != people).mean() < (changed != people).mean()


def test_a_model_is_not_heard_before_there_is_something_to_judge_it_by():
    answers, truth = crowd()
    few = of_items(answers, np.arange(FEWEST_ANSWERED - 1))
    belief = fit_belief(few, model(truth[: few.n_items], right=1.0))
    assert belief.voice == 0


def test_gold_is_a_fact_and_judges_people():
    answers, truth = crowd()
    gold = np.full(300, -1)
    gold[:40] = (truth[:40] + 1) % 3  # surprising facts: everybody who agreed with them was wrong
    belief = fit_belief(answers, gold=gold)
    assert (belief.posterior[np.arange(40), gold[:40]] == 1).all()
    free = np.diagonal(fit_belief(answers).confusion, axis1=1, axis2=2).mean()
    assert np.diagonal(belief.confusion, axis1=1, axis2=2).mean() < free


def test_renaming_labels_renames_the_belief():
    answers, truth = crowd()
    names = np.array([2, 0, 1])
    renamed = Answers(answers.item, answers.annotator, names[answers.label], 300, 30, 3)
    probabilities = model(truth, right=0.8)
    before = fit_belief(answers, probabilities)
    after = fit_belief(renamed, probabilities[:, np.argsort(names)])
    np.testing.assert_allclose(after.posterior[:, names], before.posterior, atol=1e-9)


def test_the_order_of_the_answers_does_not_matter():
    answers, truth = crowd()
    shuffled = answers.select(np.random.default_rng(3).permutation(len(answers)))
    probabilities = model(truth, right=0.8)
    before, after = fit_belief(answers, probabilities), fit_belief(shuffled, probabilities)
    np.testing.assert_allclose(after.posterior, before.posterior, atol=1e-9)


@pytest.mark.parametrize("probabilities", [None, np.full((5, 3), 1 / 3)])
def test_no_answers_at_all_gives_even_odds(probabilities):
    empty = np.arange(0)
    belief = fit_belief(Answers(empty, empty, empty, 5, 0, 3), probabilities)
    np.testing.assert_allclose(belief.posterior, 1 / 3)


def test_one_label_only_is_no_reason_to_fail():
    item = np.arange(60)
    answers = Answers(item, item % 3, np.zeros(60, dtype=int), 80, 3, 2)
    belief = fit_belief(answers, np.tile([0.99, 0.01], (80, 1)))
    assert np.isfinite(belief.posterior).all()
    assert (belief.posterior.argmax(axis=1) == 0).all()


def test_a_rare_label_does_not_vanish_nor_take_over():
    rng = np.random.default_rng(0)
    truth = (rng.random(1000) < 0.12).astype(int)
    item = np.repeat(np.arange(1000), 2)
    label = np.where(rng.random(2000) < 0.8, truth[item], 1 - truth[item])
    belief = fit_belief(Answers(item, rng.integers(0, 40, 2000), label, 1000, 40, 2))
    assert 0.05 < belief.shares[1] < 0.35
    assert accuracy(belief, truth) > 0.85
