"""What is set aside: no more than what was found."""

import numpy as np

from crowds import campaign
from quality.inference.people.survey import survey
from quality.inference.people.weights import answer_weights, position_of_person

TURNS = {"turns_bad": {"turns_after": 70}}


def weighed(kinds: dict[str, int], seed: int = 0):
    people, played, log = campaign(kinds, seed=seed, options=TURNS)
    return people, played, log, answer_weights(log, survey(log, np.random.default_rng(0)))


def test_honest_answers_keep_their_weight_and_random_ones_lose_it():
    people, played, _, weight = weighed({"competent": 20, "random": 2})
    random = np.array([p.kind == "random" for p in people])[played.annotator]
    assert (weight[random] == 0.0).all()
    assert (weight[~random] == 1.0).all()


def test_only_the_answers_after_the_turn_are_set_aside():
    people, played, log, weight = weighed({"competent": 20, "turns_bad": 2}, seed=1)
    turner = np.array([p.kind == "turns_bad" for p in people])[played.annotator]
    nth = position_of_person(log.annotator)
    assert weight[turner & (nth < 60)].mean() > 0.95
    assert weight[turner & (nth >= 80)].mean() < 0.05


def test_a_group_that_copies_has_one_vote_an_item():
    people, played, log, weight = weighed({"competent": 20, "language_model": 3}, seed=2)
    member = np.array([p.kind == "language_model" for p in people])[played.annotator]
    votes = np.bincount(log.item[member], weights=weight[member], minlength=log.n_items)
    assert votes.max() <= 1.0 + 1e-9
    assert (weight[~member] == 1.0).all()


def test_a_flipper_keeps_full_weight():
    people, played, _, weight = weighed({"competent": 20, "label_flipper": 2}, seed=3)
    flipper = np.array([p.kind == "label_flipper" for p in people])[played.annotator]
    assert (weight[flipper] == 1.0).all()


def test_positions_count_each_persons_own_answers():
    assert position_of_person(np.array([1, 0, 1, 1, 0])).tolist() == [0, 0, 1, 2, 1]
