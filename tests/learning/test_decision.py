import numpy as np
import pytest

from learning.decision import (
    EXPLORED,
    LEAST_EVIDENCE,
    OPENING,
    Market,
    gain_of_answer,
    next_questions,
    value,
    who_may_answer,
)


def market(n=200, *, seed=0, **known):
    rng = np.random.default_rng(seed)
    whole = {
        "certainty": rng.dirichlet([1.0, 1.0], size=n).max(axis=1),
        "answers": np.repeat([1, 0], [n // 2, n - n // 2]),
        "open": np.ones(n, dtype=bool),
        "doubt": np.zeros(n),
        "price": np.ones(n),
    }
    return Market(**(whole | known))


def test_answered_and_unanswered_items_compete_on_what_an_answer_may_repair():
    now = market()
    bought = next_questions(now, 40, np.random.default_rng(1))
    valued = bought.items[~bought.explored]
    left = np.setdiff1d(np.arange(200), bought.items)
    assert value(now)[valued].min() >= value(now)[left].max()
    assert np.bincount(now.answers[valued]).min() > 0  # both kinds are among them


def test_a_small_share_goes_to_random_unanswered_items():
    bought = next_questions(market(), 50, np.random.default_rng(1))
    assert bought.explored.sum() == round(EXPLORED * 50)
    assert (market().answers[bought.items[bought.explored]] == 0).all()


def test_the_first_answers_go_to_random_items():
    start = market(answers=np.zeros(200, dtype=int))
    bought = next_questions(start, 60, np.random.default_rng(1))
    assert bought.explored.sum() == OPENING


def test_an_item_is_asked_at_most_once_a_batch_and_never_when_closed():
    closed = market(open=np.arange(200) % 2 == 0)
    bought = next_questions(closed, 1000, np.random.default_rng(0)).items
    assert sorted(bought.tolist()) == list(range(0, 200, 2))


def test_a_dear_answer_must_be_worth_its_price():
    even = np.full(2, 0.5)
    two = market(2, certainty=even, answers=np.array([60, 60]), price=np.array([1.0, 3.0]))
    assert next_questions(two, 1, np.random.default_rng(0)).items.tolist() == [0]


def test_equal_items_are_drawn_evenly_not_in_the_order_of_import():
    alike = market(certainty=np.full(200, 0.5), answers=np.full(200, 3))
    first = [next_questions(alike, 1, np.random.default_rng(s)).items[0] for s in range(60)]
    assert 70 < np.mean(first) < 130


def test_nothing_open_is_an_empty_purchase():
    shut = market(open=np.zeros(200, dtype=bool))
    assert len(next_questions(shut, 10, np.random.default_rng(0)).items) == 0


def test_an_answer_gains_what_the_person_can_tell_apart():
    posterior = np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [1.0, 0.0, 0.0]])
    blind_to_the_last_two = np.array([[1, 0, 0], [0, 0.5, 0.5], [0, 0.5, 0.5]])
    assert gain_of_answer(posterior, blind_to_the_last_two) == pytest.approx([0.5, 0, 0])


def test_guessers_get_no_more_questions_and_good_people_do():
    judged = np.full(20, 60.0)
    right = np.where(np.arange(20) < 4, 30.0, 51.0)
    assert who_may_answer(right, judged, 2).tolist() == [False] * 4 + [True] * 16


def test_nobody_is_turned_away_on_little_evidence():
    judged = np.array([LEAST_EVIDENCE - 1.0, 60, 60])
    assert who_may_answer(np.array([0.0, 55, 55]), judged, 2)[0]


def test_there_is_a_way_back():
    judged, right = np.full(5, 40.0), np.array([18.0, 36, 36, 36, 36])
    assert not who_may_answer(right, judged, 2)[0]
    gold_answers = 30  # asked as gold, and right about it
    judged[0], right[0] = judged[0] + gold_answers, right[0] + gold_answers
    assert who_may_answer(right, judged, 2)[0]


def test_a_crowd_that_only_guesses_is_not_sent_home_as_a_whole():
    assert who_may_answer(np.full(10, 25.0), np.full(10, 50.0), 2).all()


def test_before_anybody_is_judged_all_may_answer():
    assert who_may_answer(np.zeros(3), np.zeros(3), 2).all()
