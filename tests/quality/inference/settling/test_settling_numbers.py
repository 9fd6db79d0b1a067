"""The arithmetic between stored skills and labels, by its properties."""

import json

import numpy as np
import pytest

from quality.inference.answers import Answers
from quality.inference.settling.learning import learn
from quality.inference.settling.notice import worst
from quality.inference.settling.parameters import (
    Parameters,
    fresh,
    posterior,
    priors,
    vote_weight,
)
from quality.inference.settling.replay import Gold, outcome, replay
from quality.inference.settling.rule import Rule, Verdict
from quality.inference.settling.softening import fit_sureness
from quality.inference.settling.standing import belief_of_others, standing

K = 5


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def crowd_votes(
    rng: np.random.Generator, accuracy: list[float], n_items: int = 200, per_item: int = 4
) -> tuple[Answers, np.ndarray]:
    """Independent people of these accuracies; the votes and the truth."""
    truth = rng.integers(K, size=n_items)
    item = np.repeat(np.arange(n_items), per_item)
    who = np.concatenate([rng.permutation(len(accuracy))[:per_item] for _ in range(n_items)])
    right = rng.random(item.size) < np.array(accuracy)[who]
    wrong = (truth[item] + rng.integers(1, K, size=item.size)) % K
    label = np.where(right, truth[item], wrong)
    return Answers(item, who, label, n_items, len(accuracy), K), truth


def test_renaming_labels_renames_the_posterior(rng):
    votes, _ = crowd_votes(rng, [0.9, 0.8, 0.7, 0.6, 0.5])
    names = rng.permutation(K)
    renamed = Answers(votes.item, votes.annotator, names[votes.label], 200, 5, K)
    none = np.full(200, -1)
    plain, other = learn(votes, none), learn(renamed, none)
    before = posterior(plain.parameters, votes, plain.confusion)
    after = posterior(other.parameters, renamed, other.confusion)
    assert np.allclose(before, after[:, names], atol=1e-6)
    assert np.allclose(before.sum(axis=1), 1)


def test_an_item_without_votes_keeps_its_prior():
    votes = Answers(np.array([0]), np.array([0]), np.array([2]), 2, 1, K)
    belief = posterior(fresh(K), votes, fresh(K).pool[None])
    assert np.allclose(belief[1], 1 / K)
    assert belief[0].argmax() == 2


def test_parameters_survive_storage_as_json(rng):
    votes, _ = crowd_votes(rng, [0.9] * 5)
    voiced = rng.dirichlet(np.ones(K), size=200)
    learned = learn(votes, np.full(200, -1), voiced, version="model 3")
    kept = Parameters.from_json(json.loads(json.dumps(learned.parameters.to_json() | {"x": 1})))
    before = posterior(learned.parameters, votes, learned.confusion, voiced)
    assert np.array_equal(before, posterior(kept, votes, learned.confusion, voiced))


def test_a_useless_model_changes_next_to_nothing_and_a_good_one_helps(rng):
    votes, truth = crowd_votes(rng, [0.7] * 6, n_items=400, per_item=2)
    useless = rng.dirichlet(np.ones(K), size=400)
    good = np.full((400, K), 0.02)
    good[np.arange(400), truth] = 0.92
    none, right = np.full(400, -1), []
    for voiced in (None, useless, good):
        learned = learn(votes, none, voiced, version="m")
        belief = posterior(learned.parameters, votes, learned.confusion, voiced)
        right.append(float((belief.argmax(axis=1) == truth).mean()))
    assert right[1] > right[0] - 0.03
    assert right[2] > right[0] + 0.05


def test_the_model_is_not_heard_on_items_it_says_nothing_about(rng):
    votes, _ = crowd_votes(rng, [0.9] * 5)
    voiced = rng.dirichlet(np.ones(K), size=200)
    learned = learn(votes, np.full(200, -1), voiced, version="m")
    silent = voiced.copy()
    silent[:50] = np.nan
    shares = np.tile(learned.parameters.shares, (50, 1))
    assert np.allclose(priors(learned.parameters, silent, 200)[:50], shares)


def test_many_votes_about_one_item_count_less_each():
    weight = vote_weight(np.array([0, 1, 2, 7, 20, 50]), 0.3)
    assert weight[0] == weight[1] == 1
    assert (np.diff(weight) <= 0).all()
    assert weight[-1] == weight[-2]
    assert np.allclose(vote_weight(np.arange(1, 9), 0.0), 1)


def test_the_rule_settles_asks_on_or_calls_an_expert():
    rule = Rule(2, 4, 0.9)
    n, confidence = np.array([1, 2, 3, 4, 4]), np.array([0.99, 0.95, 0.5, 0.5, 0.9])
    settled, more, expert = Verdict.SETTLED, Verdict.MORE, Verdict.EXPERT
    assert rule.verdicts(n, confidence) == [more, settled, more, expert, settled]


def test_gold_takes_no_part_in_its_own_replay(rng):
    """What is replayed is, nearly, what would be believed had the first gold answer not been scored."""
    votes, truth = crowd_votes(rng, [0.8] * 4, n_items=60, per_item=4)
    learned, record = learn(votes, truth), Gold.of(votes, truth)
    seen = replay(learned.parameters, learned.confusion, learned.counts, record, None)
    unscored = learn(votes.select(np.arange(1, len(votes))), truth)
    who, said, known = votes.annotator[0], votes.label[0], truth[0]
    own = np.log(unscored.confusion[who, known, said])
    scored = np.log(learned.confusion[who, known, said])
    assert abs(seen.heard[0, 0, known] - own) < 0.3 * abs(scored - own)


def test_the_replay_stops_where_the_rule_would(rng):
    votes, truth = crowd_votes(rng, [0.95] * 8, n_items=60, per_item=6)
    learned, record = learn(votes, truth), Gold.of(votes, truth)
    seen = replay(learned.parameters, learned.confusion, learned.counts, record, None)
    strict = outcome(seen, record, Rule(1, 2, 0.999999), learned.parameters)
    usual = outcome(seen, record, Rule(1, 6, 0.95), learned.parameters)
    assert strict.settled.sum() == 0
    assert usual.settled.mean() > 0.9
    assert usual.right.mean() > 0.9


def test_no_gold_no_replay():
    votes = Answers(np.array([0]), np.array([0]), np.array([0]), 1, 1, K)
    assert Gold.of(votes, np.array([-1])) is None


def test_the_softening_follows_how_alike_people_err(rng):
    """Everybody repeating the first answer about an item is softened more than independent people."""
    votes, truth = crowd_votes(rng, [0.75] * 8, n_items=150, per_item=5)
    echoed = votes.label.reshape(150, 5)[:, [0] * 5].ravel()
    alike = Answers(votes.item, votes.annotator, echoed, 150, 8, K)
    found = []
    for said in (votes, alike):
        learned, record = learn(said, truth), Gold.of(said, truth)
        seen = replay(learned.parameters, learned.confusion, learned.counts, record, None)
        found.append(fit_sureness(seen, record).softening)
    assert found[0] < 0.4 < found[1]


def test_standing_finds_accuracy_within_its_interval(rng):
    real = np.linspace(0.6, 0.95, 12)
    votes, _ = crowd_votes(rng, real.tolist(), n_items=600)
    none = np.full(600, -1)
    learned = learn(votes, none)
    others = belief_of_others(learned.parameters, votes, learned.confusion, None, none)
    known = standing(votes, others)
    assert np.allclose(others.sum(axis=1), 1)
    assert (known.low < known.accuracy).all()
    assert (known.accuracy < known.high).all()
    assert abs(np.mean(known.accuracy - real)) < 0.03
    assert np.mean((known.low <= real) & (real <= known.high)) >= 0.75


def test_a_single_answer_that_nobody_else_saw_says_little_about_the_person():
    item = np.arange(40)
    votes = Answers(item, np.zeros(40, dtype=int), item % K, 40, 1, K)
    others = belief_of_others(fresh(K), votes, fresh(K).pool[None], None, np.full(40, -1))
    known = standing(votes, others)
    assert known.high[0] - known.low[0] > 0.8


def certain(truth: np.ndarray) -> np.ndarray:
    return 0.9 * np.eye(K)[truth] + 0.02


def test_a_bad_stretch_is_noticed_where_it_begins_if_gold_agrees(rng):
    truth = rng.integers(K, size=120)
    said = np.where(np.arange(120) < 70, truth, rng.integers(K, size=120))
    gold = np.arange(120) % 10 == 0
    found = worst(said, certain(truth), gold)
    assert found.noticed
    assert 66 <= found.start <= 76
    assert found.end >= 115


def test_another_view_that_gold_does_not_share_is_no_guessing(rng):
    """Against the others on a stretch of thirty, but right on all gold in it."""
    truth = rng.integers(K, size=120)
    view = np.where((np.arange(120) >= 60) & (np.arange(120) < 90), (truth + 1) % K, truth)
    gold = np.arange(120) % 4 == 0
    said = np.where(gold, truth, view)
    belief = certain(truth)
    belief[gold] = np.eye(K)[truth[gold]]
    assert not worst(said, belief, gold).noticed


@pytest.mark.parametrize("accuracy", [0.8, 0.9])
def test_honest_people_are_not_noticed(rng, accuracy):
    """At most one in a hundred of .80, one in a thousand of .90 (four hundred people each)."""
    noticed = 0
    for _ in range(400):
        truth = rng.integers(K, size=150)
        right = rng.random(150) < accuracy
        said = np.where(right, truth, (truth + rng.integers(1, K, size=150)) % K)
        noticed += worst(said, certain(truth), np.arange(150) % 10 == 0).noticed
    assert noticed <= (4 if accuracy == 0.8 else 0)
