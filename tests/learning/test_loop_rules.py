"""What the loop decides in each situation."""

from dataclasses import replace

import pytest

from learning.loop_rules import Action, Facts, decide, retrain_threshold

GOING = Facts(
    running=True,
    items=1000,
    featured=1050,
    missing_features=0,
    feature_kind="images",
    pool=700,
    open=80,
    labels=220,
    n_labels=10,
    free_seats=90,
    people=10,
    least_claimable=60,
    labels_at_last_model=200,
    model=3,
    rounds=4,
    round_size=100,
    retrain_after=50,
    certainty=0.97,
    expected=0.9,
    gold_items=60,
)


def actions(**changes):
    return set(decide(replace(GOING, **changes)).actions)


def sentence(**changes):
    return decide(replace(GOING, **changes)).state


def test_while_people_have_enough_to_do_nothing_is_due():
    assert actions() == set()
    assert sentence() == "People are answering."


def test_a_project_that_does_not_run_is_left_alone():
    assert actions(running=False, free_seats=0) == set()


def test_the_next_round_opens_before_the_last_is_used_up():
    assert actions(free_seats=49) == {Action.ROUND}
    assert actions(free_seats=51) == set()


def test_many_people_at_work_are_given_more_room():
    assert actions(free_seats=60, people=40) == {Action.ROUND}
    assert decide(replace(GOING, free_seats=60, people=40)).wanted == 160


def test_somebody_who_has_seen_all_that_is_open_gets_a_new_round():
    assert actions(least_claimable=2) == {Action.ROUND}


def test_there_is_no_second_round_while_one_is_being_opened():
    assert actions(free_seats=0, busy=frozenset({Action.ROUND})) == set()


def test_a_round_never_costs_more_than_is_left():
    assert decide(replace(GOING, free_seats=0, price=10, budget_left=75)).wanted == 7
    assert decide(replace(GOING, free_seats=0, pool=5)).wanted == 5


def test_enough_new_labels_retrain():
    assert actions(labels=249) == set()
    assert actions(labels=250) == {Action.RETRAIN}


def test_enough_means_a_share_of_what_the_last_model_saw_too():
    assert actions(labels=250, retrain_share=0.5) == set()
    assert actions(labels=300, retrain_share=0.5) == {Action.RETRAIN}


def test_when_the_last_training_was_long_ago_any_new_label_is_enough():
    assert actions(labels=201, retrain_overdue=True) == {Action.RETRAIN}
    assert actions(labels=200, retrain_overdue=True) == set()


def test_the_first_model_comes_early_and_later_ones_at_a_growing_distance():
    first = replace(GOING, model=None, labels_at_last_model=0)
    assert retrain_threshold(first) == 20
    assert retrain_threshold(replace(GOING, labels_at_last_model=4000)) == 200


def test_a_training_that_brought_nothing_is_not_repeated_at_once():
    tried = {"model": None, "labels_at_last_model": 20, "labels": 30}
    assert actions(**tried) == set()
    assert "No model could be trained yet" in sentence(**tried)
    assert actions(**{**tried, "labels": 70}) == {Action.RETRAIN}


def test_new_items_get_their_features():
    assert actions(missing_features=3) == {Action.FEATURES}
    assert actions(missing_features=3, feature_kind="supplied") == set()


def test_the_first_round_waits_for_the_first_features():
    start = {"featured": 0, "missing_features": 1050, "feature_kind": None, "model": None}
    start |= {"open": 0, "free_seats": 0, "labels": 0, "labels_at_last_model": 0, "rounds": 0}
    assert actions(**start) == {Action.FEATURES}
    assert "Computing features" in sentence(**start)
    failed = {**start, "failed": {Action.FEATURES: "disk full"}}
    assert actions(**failed) == {Action.ROUND}
    assert "disk full" in sentence(**failed)


def test_without_features_rounds_go_on_and_it_is_said():
    bare = {"featured": 0, "missing_features": 9, "feature_kind": "none", "free_seats": 0}
    bare |= {"model": None, "labels": 500, "problem": "nothing suits"}
    assert actions(**bare) == {Action.ROUND}
    assert "random order" in sentence(**bare)


def test_a_model_that_gives_no_answer_is_told_and_the_rounds_go_on():
    silent = {"model_silent": "it hung", "free_seats": 0}
    assert actions(**silent) == {Action.ROUND}
    assert "it hung" in sentence(**silent)


def test_a_failed_job_is_named_and_not_asked_for_again():
    failed = {"labels": 400, "failed": {Action.RETRAIN: "ValueError: odd"}}
    assert actions(**failed) == set()
    assert "ValueError: odd" in sentence(**failed)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"expected": 0.971}, "promised certainty"),
        ({"pool": 0, "open": 0}, "Every item"),
        ({"pool": 0, "open": 0, "held": 4}, "4 of them need an expert"),
        ({"price": 10, "budget_left": 9}, "budget is spent"),
    ],
)
def test_it_stops_and_says_why(changes, because):
    assert actions(**changes) == {Action.STOP}
    assert because in sentence(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"expected": 0.99, "gold_items": 5},  # a belief may not promise
        {"pool": 0, "open": 0, "pending": 2},  # an answer is still under way
        {"price": 10, "budget_left": 9, "pending": 1},
        {"items": 0, "pool": 0, "open": 0, "expected": None},  # nothing imported yet
        {"price": 0, "budget_left": 0},  # work that costs nothing
    ],
)
def test_it_does_not_stop_too_soon(changes):
    assert Action.STOP not in actions(**changes)


def test_without_money_no_round_opens():
    assert actions(price=10, budget_left=9, pending=1, free_seats=0) == set()


def test_where_everybody_invited_has_answered_it_ends():
    invited = {"by_invitation": True, "pool": 0, "least_claimable": 0}
    assert actions(**invited) == {Action.STOP}
    assert "80 items could not be settled" in sentence(**invited)
    assert actions(**invited | {"pool": 9}) == {Action.ROUND}
    assert actions(**invited | {"least_claimable": 3}) == set()


def test_an_empty_pool_with_open_items_waits_for_other_people():
    assert actions(pool=0, least_claimable=0, free_seats=3) == set()
    assert "need people who have not answered them" in sentence(pool=0, least_claimable=0)
    assert "Waiting for people" in sentence(pool=0, people=0, least_claimable=None)
