"""What is stated of a label stays honest: without gold modest, with gold as sure as gold allows."""

import numpy as np
import pytest

from quality.inference.answers import Answers
from quality.inference.settling import doubt
from quality.inference.settling.learning import Learned, learn
from quality.inference.settling.parameters import Parameters, fresh, posterior, votes_belief

K = 4


def project(n_gold: int, *, deceiving: float = 0.0, seed: int = 3) -> tuple[Answers, np.ndarray]:
    """Eight people of .95 about 300 items, five answers each; some items deceive everybody alike."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(K, size=300)
    seems = np.where(rng.random(300) < deceiving, (truth + 1) % K, truth)
    item, who = np.repeat(np.arange(300), 5), np.tile(np.arange(5), 300)
    right = rng.random(item.size) < 0.95
    label = np.where(right, seems[item], rng.integers(K, size=item.size))
    gold = np.where(np.arange(300) < n_gold, truth, -1)
    return Answers(item, who, label, 300, 5, K), gold


def surest(learned: Learned, votes: Answers) -> float:
    return float(posterior(learned.parameters, votes, learned.confusion).max())


def two_newcomers_agree(parameters: Parameters) -> float:
    votes = Answers(np.zeros(2, int), np.arange(2), np.zeros(2, int), 1, 2, parameters.n_labels)
    return float(posterior(parameters, votes, np.array([parameters.pool] * 2)).max())


def test_two_newcomers_with_one_gold_item_are_no_promise():
    """Ten labels, where two that agree leave hardly another explanation, if errors are independent."""
    assert two_newcomers_agree(fresh(10)) < 0.95
    votes = Answers(
        np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([3, 3, 5, 5]), 2, 2, 10
    )
    learned = learn(votes, np.array([3, -1]))
    assert posterior(learned.parameters, votes, learned.confusion)[1].max() < 0.975


@pytest.mark.parametrize("labels", [2, 5, 50])
def test_without_gold_nothing_is_held_above_what_was_seen_elsewhere(labels):
    sure = fresh(labels).stated(np.eye(labels))
    assert sure.max() <= 1 - doubt.DOUBT * (labels - 1) / labels + 1e-12
    assert np.allclose(sure.sum(axis=1), 1)


def test_gold_lets_sureness_grow_with_its_number():
    votes, _ = project(0)
    sure = [surest(learn(votes, project(n)[1]), votes) for n in (0, 10, 40, 120, 300)]
    assert sure == sorted(sure)
    assert sure[0] < 0.98 < 0.99 < sure[-1]


def test_gold_that_everybody_misses_takes_sureness_away():
    """One item in five deceives all: nothing may be held at .95 any more. Raw beliefs still would."""
    votes, gold = project(40, deceiving=0.2)
    learned = learn(votes, gold)
    assert surest(learned, votes) < 0.95
    assert votes_belief(learned.parameters, votes, learned.confusion)[40:].max() > 0.99


def test_doubt_changes_no_label():
    rng = np.random.default_rng(1)
    belief = rng.dirichlet(np.full(K, 0.3), size=500)
    twins = np.eye(K)
    twins[0, :2] = [0.7, 0.3]
    for alike in (None, twins):
        stated = doubt.stated(belief, 0.2, alike)
        assert np.array_equal(stated.argmax(axis=1), belief.argmax(axis=1))
        assert np.allclose(stated.sum(axis=1), 1)


def test_labels_that_are_taken_for_each_other_share_their_belief():
    """Errors on label 0 all say 1: seen in many answers, not guessed from a few."""
    said = np.full((K, K), 6.0) + 782 * np.eye(K)
    said[0] = [700, 100, 0, 0]
    few, many = (
        doubt.alike(_answers_like(said), scale * said[None]) for scale in (0.005, 1.0)
    )  # fmt: skip
    assert few[1, 0] == pytest.approx(0, abs=1e-9)
    assert many[1, 0] > 0.03 > many[2, 0]


def _answers_like(said: np.ndarray) -> Answers:
    label = np.repeat(np.arange(K), said.sum(axis=0).astype(int))
    zeros = np.zeros(label.size, dtype=np.int64)
    return Answers(zeros, zeros, label, 1, 1, K)
