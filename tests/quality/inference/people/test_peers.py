import numpy as np

from quality.inference.people.peers import agreement


def crowd(seed=2, n_items=200, n_people=12):
    """Three people an item; the first of all guesses."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n_items)
    item = np.repeat(np.arange(n_items), 3)
    person = np.argsort(rng.random((n_items, n_people)), axis=1)[:, :3].ravel()
    right = rng.random(len(item)) < np.where(person == 0, 0.5, 0.85)
    return item, person, np.where(right, truth[item], 1 - truth[item])


def agreed(item, person, label, n_items, n_people, gold=None):
    return agreement(
        item, person, label, n_items=n_items, n_annotators=n_people, n_labels=2, gold=gold
    )


def test_who_guesses_agrees_less_with_the_others_than_everybody_else():
    item, person, label = crowd()
    found = agreed(item, person, label, 200, 12)
    rate = found.right / found.judged
    assert rate[0] < rate[1:].min() - 0.1
    assert (found.judged == np.bincount(person)).all()


def test_nobody_is_judged_by_an_answer_that_stands_alone():
    item = np.arange(80)
    assert agreed(item, item % 4, item % 2, 80, 4).judged.tolist() == [0, 0, 0, 0]


def test_gold_judges_even_a_lonely_answer():
    item = np.arange(80)
    gold = np.where(item % 4 == 3, 1, 0)  # the fourth person is always wrong
    found = agreed(item, item % 4, np.zeros(80, dtype=int), 80, 4, gold)
    assert found.judged.tolist() == [20] * 4
    assert (found.right[:3] > 18).all()
    assert found.right[3] < 4
