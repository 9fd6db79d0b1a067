"""Errors that gather on one label cap the belief in it; errors that scatter do not."""

import numpy as np
import pytest

from quality.inference.answers import Answers
from quality.inference.auto import Auto
from quality.inference.look_alikes import blur, look_alikes
from quality.inference.votes import Votes


def crowd(wrong_of: np.ndarray, *, n_items: int = 600, seed: int = 1) -> tuple[Answers, np.ndarray]:
    """Ten of 40 people on each item; right with .75, else ``wrong_of[truth]`` says what they say."""
    rng = np.random.default_rng(seed)
    n_labels = len(wrong_of)
    truth = rng.integers(0, n_labels, n_items)
    item = np.repeat(np.arange(n_items), 10)
    annotator = np.concatenate([rng.permutation(40)[:10] for _ in range(n_items)])
    wrong = np.array([rng.choice(n_labels, p=wrong_of[k]) for k in truth[item]])
    label = np.where(rng.random(item.size) < 0.75, truth[item], wrong)
    return Answers(item, annotator, label, n_items, 40, n_labels), truth


SCATTERED = (np.ones((4, 4)) - np.eye(4)) / 3
IN_PAIRS = np.eye(4)[[1, 0, 3, 2]]


def moved_by(wrong_of: np.ndarray) -> np.ndarray:
    answers, truth = crowd(wrong_of)
    votes = Votes(answers)
    return look_alikes(votes, votes.counts(np.eye(len(wrong_of))[truth]))


def test_scattered_errors_say_nothing_about_look_alikes():
    assert np.allclose(moved_by(SCATTERED), np.eye(4), atol=0.02)


def test_a_pair_of_look_alikes_shares_belief_and_others_do_not():
    moved = moved_by(IN_PAIRS)
    assert np.allclose(moved.sum(axis=1), 1)
    assert (moved[[0, 1, 2, 3], [1, 0, 3, 2]] > 0.08).all()
    assert (moved[[0, 1, 2, 3], [2, 3, 0, 1]] < 0.01).all()


def test_two_labels_are_left_alone():
    assert np.array_equal(moved_by(np.eye(2)[[1, 0]]), np.eye(2))


def test_agreement_makes_no_look_alike_certain_and_changes_no_label():
    pairs, scattered = (Auto().fit(crowd(kind)[0]).fit_ for kind in (IN_PAIRS, SCATTERED))
    assert pairs.confidence.max() < 0.95 < scattered.confidence.max()
    raw = np.random.default_rng(0).dirichlet(np.ones(4), 200)
    assert np.array_equal(blur(raw, moved_by(IN_PAIRS)).argmax(axis=1), raw.argmax(axis=1))


@pytest.mark.parametrize("n_labels", [1, 2, 3])
def test_no_answers_move_nothing(n_labels):
    nobody = np.empty(0, dtype=np.int64)
    votes = Votes(Answers(nobody, nobody, nobody, 3, 2, n_labels))
    empty = np.zeros((2, n_labels, n_labels))
    assert np.array_equal(look_alikes(votes, empty), np.eye(n_labels))
