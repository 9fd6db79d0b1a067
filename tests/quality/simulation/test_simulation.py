"""Each kind of simulated person behaves as its name says."""

from collections import Counter

import numpy as np
import pytest

from quality.simulation import KINDS, Person, Scene, crowd
from quality.simulation.campaign import run
from quality.simulation.confusion import draw_confusion

N = 4000


def answers(person: Person, truth: np.ndarray, start: int = 0) -> np.ndarray:
    return np.array([person.answer(int(t), start + i, i) for i, t in enumerate(truth)])


def truths(n_labels: int = 4, n: int = N, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(n_labels, size=n)


def one(kind: str, **options: object) -> Person:
    return crowd({kind: 1}, n_labels=4, seed=3, options={kind: options})[0]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("n_labels", [2, 5])
def test_every_kind_gives_valid_labels_and_positive_times(kind, n_labels):
    person = crowd({kind: 1}, n_labels=n_labels, seed=2)[0]
    said = answers(person, truths(n_labels, 200))
    assert set(said.tolist()) <= set(range(n_labels))
    assert all(person.seconds(i, i) > 0 for i in range(50))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_same_seed_gives_the_same_person(kind):
    first, second = (crowd({kind: 2}, n_labels=3, seed=5)[1] for _ in range(2))
    truth = truths(3, 100)
    assert answers(first, truth).tolist() == answers(second, truth).tolist()
    assert first.seconds(0, 0) == second.seconds(0, 0)


@pytest.mark.parametrize("n_labels", [2, 3, 4, 7])
def test_a_drawn_confusion_has_the_target_accuracy(n_labels):
    for seed in range(20):
        matrix = draw_confusion(np.random.default_rng(seed), n_labels, 0.85)
        assert matrix.sum(axis=1) == pytest.approx(1.0)
        assert matrix.min() >= 0.0
        assert np.diag(matrix).mean() == pytest.approx(0.85)


def test_labels_of_a_pair_are_confused_more_often_than_others():
    mean = np.mean([draw_confusion(np.random.default_rng(s), 4, 0.8) for s in range(200)], axis=0)
    assert mean[0, 1] > 2 * mean[0, 2]
    assert mean[2, 3] > 2 * mean[2, 0]


def test_a_question_with_one_label_is_refused():
    with pytest.raises(ValueError, match="two labels"):
        crowd({"competent": 1}, n_labels=1, seed=0)


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ValueError, match="saint"):
        crowd({"saint": 1}, n_labels=2, seed=0)


def test_competent_people_reach_their_accuracy():
    truth = truths()
    for person in crowd({"competent": 5}, n_labels=4, seed=4):
        assert np.mean(answers(person, truth) == truth) == pytest.approx(person.accuracy, abs=0.03)


def test_competent_people_are_of_varied_accuracy_within_the_range():
    accuracy = [p.accuracy for p in crowd({"competent": 20}, n_labels=4, seed=4)]
    assert min(accuracy) >= 0.80
    assert max(accuracy) <= 0.95
    assert max(accuracy) - min(accuracy) > 0.08


def test_random_people_are_at_chance_and_use_all_labels_evenly():
    truth = truths()
    said = answers(one("random"), truth)
    assert np.mean(said == truth) == pytest.approx(0.25, abs=0.03)
    assert np.bincount(said, minlength=4) / N == pytest.approx(0.25, abs=0.03)


def test_one_label_never_varies():
    assert len(set(answers(one("one_label"), truths()).tolist())) == 1


def test_who_turns_bad_is_good_before_and_at_chance_after():
    truth = truths()
    right = answers(one("turns_bad", turns_after=2000), truth) == truth
    assert right[:2000].mean() > 0.75
    assert right[2000:].mean() == pytest.approx(0.25, abs=0.04)


def test_a_follower_repeats_the_majority_that_was_heard():
    follower = one("follow_majority")
    for label in (2, 2, 1):
        follower.scene.hear(9, label)
    assert follower.answer(0, 9, 0) == 2


def test_who_knows_the_gold_is_good_there_only():
    truth = truths()
    person = one("gold_aware")
    person.scene.gold.update(range(1000))
    right = answers(person, truth) == truth
    assert right[:1000].mean() > 0.8
    assert right[1000:].mean() == pytest.approx(0.25, abs=0.04)


@pytest.mark.parametrize(("kind", "least"), [("colluder", 1.0), ("many_accounts", 0.9)])
def test_a_group_says_the_same_right_or_wrong(kind, least):
    first, second = crowd({kind: 2}, n_labels=4, seed=6)
    truth = truths()
    a, b = answers(first, truth), answers(second, truth)
    assert np.mean(a == b) >= least
    assert np.mean(a == truth) < 0.8


def test_siblings_of_a_language_model_share_their_errors():
    first, second = crowd({"language_model": 2}, n_labels=4, seed=6)
    truth = truths()
    a, b = answers(first, truth), answers(second, truth)
    wrong = a != truth
    assert np.mean(b[wrong] == a[wrong]) > 0.7


def test_two_groups_do_not_copy_each_other():
    scene = Scene(seed=1)
    groups = [
        crowd({"colluder": 1}, 4, seed, scene=scene, options={"colluder": {"group": f"g{seed}"}})[0]
        for seed in (1, 2)
    ]
    truth = truths()
    assert np.mean(answers(groups[0], truth) == answers(groups[1], truth)) < 0.7


def test_a_flipper_is_never_right_by_plan_yet_tells_the_truth():
    truth = truths()
    person = one("label_flipper")
    said = answers(person, truth)
    assert all(person.permutation[k] != k for k in range(4))
    back = np.argsort(person.permutation)
    assert np.mean(back[said] == truth) > 0.8


def test_a_poisoner_spoils_one_class_only():
    truth = truths()
    said = answers(one("one_class_poisoner", target=2, poison=0), truth)
    assert set(said[truth == 2].tolist()) == {0}
    assert np.mean(said[truth != 2] == truth[truth != 2]) > 0.8


def test_the_minority_agrees_with_itself_against_the_rest_on_contested_items_only():
    scene = Scene(seed=2, gold=set(range(500)))
    first, second = crowd({"honest_minority": 2}, n_labels=4, seed=8, scene=scene)
    truth = truths()
    a, b = answers(first, truth), answers(second, truth)
    contested = np.array([scene.is_contested(i) for i in range(N)])
    assert not contested[:500].any()
    assert 0.1 < contested[500:].mean() < 0.2
    assert np.mean(a[~contested] == truth[~contested]) > 0.75
    assert np.mean((a == b)[contested] & (a != truth)[contested]) > 0.6


def test_hard_items_make_honest_people_err_together():
    scene = Scene(seed=3, hard_share=0.2)
    first, second = crowd({"competent": 2}, n_labels=4, seed=8, scene=scene)
    truth = truths()
    a, b = answers(first, truth), answers(second, truth)
    hard = np.array([scene.is_hard(i) for i in range(N)])
    assert np.mean((a == b) & (a != truth) & hard) > 0.15 * hard.mean()
    assert np.mean(a[~hard] == truth[~hard]) == pytest.approx(first.accuracy, abs=0.03)


def test_times_tell_the_kinds_apart_as_they_should():
    def median(kind: str) -> float:
        person = one(kind)
        return float(np.median([person.seconds(i, i) for i in range(500)]))

    assert median("too_fast") < 1.0 < median("fast_expert") < median("competent") / 3
    assert median("screen_reader") > 2 * median("competent")
    assert median("slow_reader") > 4 * median("competent")


def test_addresses_are_shared_by_those_who_share_them():
    people = crowd({"competent": 3, "shared_address": 3, "many_accounts": 3}, n_labels=2, seed=0)
    counts = Counter(p.address for p in people)
    assert sorted(counts.values()) == [1, 1, 1, 3, 3]


def test_a_campaign_fills_every_seat_once():
    people = crowd({"competent": 8, "random": 2}, n_labels=3, seed=1)
    truth = truths(3, 100)
    played = run(people, truth, np.random.default_rng(0), redundancy=4, gold=np.arange(10))
    per_item = np.bincount(played.item)
    assert (per_item[:10] == 10).all()
    assert (per_item[10:] == 4).all()
    pairs = set(zip(played.item.tolist(), played.annotator.tolist(), strict=True))
    assert len(pairs) == played.item.size
