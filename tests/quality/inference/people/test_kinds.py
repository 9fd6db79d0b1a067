"""Single kinds of evidence, each on answers made for it."""

import numpy as np
import pytest

from quality.inference.people.change import bad_stretch, worst_stretch
from quality.inference.people.classes import class_drift, weak_class
from quality.inference.people.copying import copying
from quality.inference.people.gap import gold_gap
from quality.inference.people.guessing import guessing
from quality.inference.people.peers import (
    accuracy_among_peers,
    belief_of_others,
    soft_accuracy,
)
from quality.inference.people.regular import information_share
from quality.inference.people.streaks import streaks
from quality.inference.people.timing import unread_answers


def certain(truth: np.ndarray, n_labels: int) -> np.ndarray:
    return np.eye(n_labels)[truth]


def worker(rng: np.random.Generator, truth: np.ndarray, accuracy: float, n_labels: int):
    wrong = (truth + rng.integers(1, n_labels, size=truth.size)) % n_labels
    return np.where(rng.random(truth.size) < accuracy, truth, wrong)


def alone(n: int) -> np.ndarray:
    return np.zeros(n, dtype=np.int64)


def brute_belief(item, annotator, label, accuracy, n_labels, row):
    score = np.zeros(n_labels)
    for other in np.flatnonzero(item == item[row]):
        if other != row:
            p = accuracy[annotator[other]]
            score[label[other]] += np.log(p * (n_labels - 1) / (1 - p))
    others = (item == item[row]).sum() - 1
    score /= 1 + 0.3 * max(others - 1, 0)
    return np.exp(score) / np.exp(score).sum()


def test_the_belief_of_others_leaves_out_the_own_answer():
    rng = np.random.default_rng(0)
    item, annotator = rng.integers(15, size=60), rng.integers(6, size=60)
    label, accuracy = rng.integers(3, size=60), rng.uniform(0.5, 0.9, size=6)
    got = belief_of_others(item, annotator, label, accuracy, n_items=15, n_labels=3)
    for row in range(60):
        assert got[row] == pytest.approx(brute_belief(item, annotator, label, accuracy, 3, row))


def test_gold_makes_the_belief_certain():
    item, annotator = np.array([0, 0, 1]), np.array([0, 1, 0])
    got = belief_of_others(
        item,
        annotator,
        np.array([1, 1, 0]),
        np.full(2, 0.8),
        n_items=2,
        n_labels=2,
        gold=np.array([0, -1]),
    )
    assert got.tolist() == [[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]]


def test_accuracy_against_beliefs_is_unbiased_when_beliefs_are_calibrated():
    rng = np.random.default_rng(1)
    belief = rng.dirichlet(np.full(3, 0.3), size=20_000)
    truth = (rng.random(20_000)[:, None] > np.cumsum(belief, axis=1)).sum(axis=1).clip(0, 2)
    label = worker(rng, truth, 0.8, 3)
    got = soft_accuracy(alone(20_000), label, belief, n_annotators=1)
    assert abs(got.value[0] - 0.8) < 3 * got.error[0] < 0.03


def test_accuracy_among_peers_orders_good_before_bad():
    rng = np.random.default_rng(2)
    truth = rng.integers(3, size=300)
    item, annotator = np.repeat(np.arange(300), 6), np.tile(np.arange(6), 300)
    skill = np.array([0.95, 0.85, 0.75, 0.65, 0.5, 0.34])
    label = worker(rng, truth[item], skill[annotator], 3)
    got = accuracy_among_peers(item, annotator, label, n_items=300, n_annotators=6, n_labels=3)
    assert (np.diff(got) < 0).all()
    assert got == pytest.approx(skill, abs=0.12)


def test_an_unknown_kind_of_guessing_evidence_is_refused():
    with pytest.raises(ValueError, match="gold_and_peers"):
        guessing(alone(1), alone(1), np.eye(2)[:1], n_annotators=1, kind="luck")


def test_the_gap_is_seen_against_the_crowds_own_gap():
    """Everybody is 20 points better on gold; only who is 55 better stands out."""
    rng = np.random.default_rng(3)
    n, n_people = 200, 9
    annotator, is_gold = np.repeat(np.arange(n_people), n), np.tile(np.arange(n) < 40, n_people)
    truth = rng.integers(3, size=n * n_people)
    elsewhere = np.where(annotator == 0, 0.4, 0.75)
    label = worker(rng, truth, np.where(is_gold, 0.95, elsewhere), 3)
    belief = certain(truth, 3)
    found = gold_gap(annotator, label, belief, is_gold, n_annotators=n_people)
    assert [e.raised for e in found] == [True] + [False] * 8


def test_a_gap_needs_enough_answers_of_both_sorts():
    label, is_gold = alone(30), np.arange(30) < 3
    assert gold_gap(alone(30), label, certain(label, 2), is_gold, n_annotators=1) == [None]


@pytest.mark.parametrize(("median", "spread", "suspicious"), [(0.5, 0.2, True), (1.6, 0.3, False)])
def test_instant_answers_are_unread_and_an_experts_are_not(median, spread, suspicious):
    rng = np.random.default_rng(4)
    item, annotator = np.tile(np.arange(100), 6), np.repeat(np.arange(6), 100)
    seconds = 8.0 * rng.lognormal(0, 0.5, size=600)
    seconds[annotator == 5] = median * rng.lognormal(0, spread, size=100)
    found = unread_answers(item, annotator, seconds, n_items=100, n_annotators=6)
    assert [e.raised for e in found] == [False] * 5 + [suspicious]
    own, everybody = np.median(seconds[annotator == 5]), np.median(seconds)
    assert f"(median {own:.1f} s, of everybody {everybody:.1f} s)" in found[5].reason
    good = np.full(6, 0.8)
    cleared = unread_answers(
        item, annotator, seconds, n_items=100, n_annotators=6, accuracy_at_least=good
    )
    assert not any(e.raised for e in cleared)


def test_a_run_among_items_of_that_label_is_no_streak_and_another_is():
    truth = np.r_[np.zeros(40, np.int64), np.arange(60) % 3]
    honest = streaks(alone(100), truth, certain(truth, 3), n_annotators=1)[0]
    lazy = truth.copy()
    lazy[60:80] = 1
    found = streaks(alone(100), lazy, certain(truth, 3), n_annotators=1)[0]
    assert honest.statistic == 0.0
    assert found.raised
    assert found.start == pytest.approx(60, abs=1)
    assert found.counts["run"] >= 20


def test_the_worst_stretch_is_the_one_with_the_largest_sum():
    rng = np.random.default_rng(5)
    for _ in range(50):
        gain = rng.normal(-0.2, 1.0, size=30)
        sums = {(s, e): gain[s:e].sum() for s in range(31) for e in range(s, 31)}
        start, end, total = worst_stretch(gain)
        assert total == pytest.approx(max(sums.values()))
        assert gain[start:end].sum() == pytest.approx(total)


def test_the_change_point_is_located_and_later_recovery_too():
    rng = np.random.default_rng(6)
    misses = []
    for _ in range(100):
        truth = rng.integers(4, size=300)
        skill = np.where((np.arange(300) >= 100) & (np.arange(300) < 180), 0.25, 0.88)
        label = worker(rng, truth, skill, 4)
        found = bad_stretch(alone(300), label, certain(truth, 4), n_annotators=1)[0]
        assert found.raised
        misses.append((abs(found.start - 100), abs(found.counts["end"] - 180)))
    assert np.median(misses, axis=0).max() <= 4
    assert np.mean(np.array(misses) <= 15) > 0.95


def test_steady_people_have_no_bad_stretch():
    rng = np.random.default_rng(7)
    truth = rng.integers(4, size=200 * 400)
    label = worker(rng, truth, 0.78, 4)
    person = np.repeat(np.arange(400), 200)
    found = bad_stretch(person, label, certain(truth, 4), n_annotators=400)
    assert np.mean([e.raised for e in found]) < 0.005


def test_who_was_bad_from_the_beginning_has_no_change_point():
    rng = np.random.default_rng(8)
    truth = rng.integers(4, size=200)
    label = worker(rng, truth, 0.2, 4)
    found = bad_stretch(alone(200), label, certain(truth, 4), n_annotators=1)[0]
    assert found.raised
    assert found.start is None


def group_answers(seed: int, copies: int, slip: float, n_items: int = 120):
    """Ten people on every item; the last `copies` repeat the first of them."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=n_items)
    answers = np.stack([worker(rng, truth, 0.8, 3) for _ in range(10)])
    for member in range(10 - copies, 10):
        keep = rng.random(n_items) < slip
        answers[member] = np.where(keep, answers[member], answers[10 - copies])
    item, annotator = np.tile(np.arange(n_items), 10), np.repeat(np.arange(10), n_items)
    return item, annotator, answers.ravel()


def find_copying(item, annotator, label):
    sizes = {"n_items": int(item.max()) + 1, "n_labels": 3}
    accuracy = accuracy_among_peers(item, annotator, label, n_annotators=10, **sizes)
    belief = belief_of_others(item, annotator, label, accuracy, **sizes)
    rng = np.random.default_rng(0)
    return copying(
        item, annotator, label, belief, accuracy, rng, n_items=sizes["n_items"], n_annotators=10
    )


@pytest.mark.parametrize(("copies", "slip"), [(2, 0.0), (3, 0.05), (4, 0.05)])
def test_copies_are_joined_into_one_group(copies, slip):
    found = find_copying(*group_answers(9, copies, slip))
    assert found.groups == (tuple(range(10 - copies, 10)),)
    assert {e.annotator for e in found.evidence} == set(range(10 - copies, 10))


def test_people_who_work_apart_are_not_joined():
    joined = sum(len(find_copying(*group_answers(seed, 1, 0.0)).groups) for seed in range(40))
    assert joined == 0


def test_two_who_swap_the_same_labels_do_not_copy():
    rng = np.random.default_rng(10)
    truth = rng.integers(3, size=150)
    answers = np.stack([worker(rng, truth, 0.85, 3) for _ in range(10)])
    answers[8:] = np.array([1, 2, 0])[answers[8:]]
    item, annotator = np.tile(np.arange(150), 10), np.repeat(np.arange(10), 150)
    assert find_copying(item, annotator, answers.ravel()).groups == ()


def test_pairs_are_counted_as_they_met():
    item, annotator, label = group_answers(11, 2, 0.0, n_items=30)
    pairs = find_copying(item, annotator, label).pairs
    assert pairs.first.size == 45
    assert (pairs.common == 30).all()
    last = pairs.agreed[(pairs.first == 8) & (pairs.second == 9)]
    assert last.tolist() == [30]


def test_order_of_answers_does_not_matter_to_copying():
    item, annotator, label = group_answers(12, 3, 0.05)
    shuffled = np.random.default_rng(1).permutation(item.size)
    first = find_copying(item, annotator, label).pairs
    second = find_copying(item[shuffled], annotator[shuffled], label[shuffled]).pairs
    assert first.score == pytest.approx(second.score)


def test_a_spoiled_class_stands_out_and_a_poor_person_does_not():
    rng = np.random.default_rng(13)
    n, n_people = 120, 10
    annotator, truth = np.repeat(np.arange(n_people), n), rng.integers(4, size=n * n_people)
    label = worker(rng, truth, np.where(annotator == 1, 0.3, 0.88), 4)
    label[(annotator == 0) & (truth == 2)] = 3
    found = weak_class(annotator, label, certain(truth, 4), n_annotators=n_people)
    assert [e.raised for e in found] == [True] + [False] * 9
    assert found[0].counts["label"] == 2


def test_a_class_that_got_worse_is_named():
    rng = np.random.default_rng(14)
    n, n_people = 240, 8
    annotator, truth = np.repeat(np.arange(n_people), n), rng.integers(3, size=n * n_people)
    label = worker(rng, truth, 0.9, 3)
    late = np.tile(np.arange(n) >= n // 2, n_people)
    label[(annotator == 0) & late & (truth == 1)] = 0
    found = class_drift(annotator, label, certain(truth, 3), n_annotators=n_people)
    assert [e.raised for e in found] == [True] + [False] * 7
    assert found[0].counts["label"] == 1


def test_information_is_the_same_under_other_names_and_none_in_guesses():
    rng = np.random.default_rng(15)
    truth = rng.integers(4, size=200)
    label = worker(rng, truth, 0.85, 4)
    share = information_share(truth, label, n_labels=4)
    swapped = information_share(truth, np.array([1, 2, 3, 0])[label], n_labels=4)
    assert share == pytest.approx(swapped)
    assert 0.4 < share < 0.7
    assert information_share(truth, rng.integers(4, size=200), n_labels=4) == 0.0
    assert information_share(truth, alone(200), n_labels=4) == 0.0
    assert information_share(truth, truth, n_labels=4) == pytest.approx(1.0, abs=0.05)
