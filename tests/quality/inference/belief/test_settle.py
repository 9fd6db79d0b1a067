import numpy as np

from quality.inference.answers import Answers
from quality.inference.belief import fit_belief
from quality.inference.belief.settle import settle, with_newcomers
from quality.inference.belief.sums import of_items


def answers_of(rng, n_items=200, n_people=12):
    truth = rng.integers(0, 2, n_items)
    item = np.repeat(np.arange(n_items), 3)
    people = np.argsort(rng.random((n_items, n_people)), axis=1)[:, :3].ravel()
    skill = np.where(people == 0, 0.5, 0.85)  # the first one guesses
    label = np.where(rng.random(len(item)) < skill, truth[item], 1 - truth[item])
    return Answers(item, people, label, n_items, n_people, 2), truth


def test_settling_with_stored_parameters_is_the_fit_itself_for_the_touched_items():
    rng = np.random.default_rng(0)
    answers, truth = answers_of(rng)
    probabilities = np.where(np.eye(2, dtype=bool)[truth], 0.8, 0.2)
    gold = np.where(np.arange(200) % 10 == 0, truth, -1)
    belief = fit_belief(answers, probabilities, gold)
    touched = np.array([7, 3, 100, 0])
    again = settle(
        of_items(answers, touched),
        prior=belief.prior[touched],
        confusion=belief.confusion,
        gold=gold[touched],
    )
    np.testing.assert_allclose(again, belief.posterior[touched])


def test_one_more_answer_moves_only_its_item():
    rng = np.random.default_rng(1)
    answers, _ = answers_of(rng)
    belief = fit_belief(answers)
    confusion = with_newcomers(belief.confusion, 13, belief.confusion.mean(axis=0))
    more = Answers(np.array([0, 0]), np.array([12, 5]), np.array([1, 1]), 2, 13, 2)
    settled = settle(more, prior=belief.prior[:2], confusion=confusion)
    assert settled[0, 1] > belief.prior[0, 1]
    np.testing.assert_allclose(settled[1], belief.prior[1])
