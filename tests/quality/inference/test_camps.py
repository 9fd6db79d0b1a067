"""When nearly half of a crowd follows another rule, the project is flagged, not decided."""

import numpy as np
import pytest

from crowds import campaign
from quality.inference.camps import Camps, find_camps


def camps(kinds: dict[str, int], *, known: bool = False, **scenery) -> tuple[Camps, list, object]:
    people, played, log = campaign(kinds, n_items=300, **scenery)
    gold = log.gold if known else None
    found = find_camps(
        log.item,
        log.annotator,
        log.label,
        np.random.default_rng(0),
        n_annotators=len(people),
        n_labels=log.n_labels,
        gold=gold,
    )
    return found, [p.kind for p in people], played


@pytest.mark.parametrize("n_labels", [2, 4])
@pytest.mark.parametrize("seed", range(3))
def test_a_large_colluding_group_is_seen_and_named_member_by_member(n_labels, seed):
    found, kinds, _ = camps(
        {"competent": 11, "colluder": 9}, n_labels=n_labels, seed=seed, n_gold=0
    )
    assert found.flagged
    assert [c == 1 for c in found.camp] == [k == "colluder" for k in kinds]
    assert found.trusted is None
    assert "can not tell" in found.reason


@pytest.mark.parametrize(
    "kinds",
    [{"competent": 20}, {"competent": 14, "random": 6}, {"competent": 16, "colluder": 4}],
    ids=lambda kinds: "+".join(kinds),
)
@pytest.mark.parametrize("n_labels", [2, 4])
def test_ordinary_careless_and_outvoted_people_do_not_flag_a_project(kinds, n_labels):
    flagged = [camps(kinds, n_labels=n_labels, seed=seed)[0].flagged for seed in range(3)]
    assert not any(flagged)


def test_hard_items_are_no_camps():
    flagged = [camps({"competent": 20}, seed=seed, hard_share=0.4)[0].flagged for seed in range(6)]
    assert not any(flagged)


def test_the_expert_is_asked_about_twenty_different_disputed_items():
    found, _, played = camps({"competent": 11, "colluder": 9}, seed=1, n_gold=0)
    assert found.ask_expert.size == 20
    assert np.unique(found.ask_expert).size == 20
    for item in found.ask_expert:
        here = played.item == item
        sides = [
            np.bincount(played.label[here & (found.camp[played.annotator] == g)], minlength=4)
            for g in (0, 1)
        ]
        assert sides[0].argmax() != sides[1].argmax()


def test_the_twenty_labels_of_an_expert_settle_it():
    people, played, log = campaign({"competent": 11, "colluder": 9}, n_items=300, seed=2, n_gold=0)
    sizes = {"n_annotators": len(people), "n_labels": 4}
    rng = np.random.default_rng(0)
    before = find_camps(log.item, log.annotator, log.label, rng, **sizes)
    gold = np.full(300, -1)
    gold[before.ask_expert] = played.truth[before.ask_expert]
    after = find_camps(log.item, log.annotator, log.label, rng, gold=gold, **sizes)
    assert before.flagged
    assert not after.flagged
    assert people[int(np.flatnonzero(after.camp == after.trusted)[0])].kind == "competent"


def test_gold_is_not_asked_again():
    found, _, played = camps({"competent": 11, "colluder": 9}, seed=3, n_gold=5, known=True)
    assert found.flagged
    assert not played.gold[found.ask_expert].any()


def test_a_few_people_or_no_answers_are_no_camps():
    empty = np.array([], dtype=np.int64)
    rng = np.random.default_rng(0)
    assert not find_camps(empty, empty, empty, rng, n_annotators=0, n_labels=2).flagged
    item, annotator = np.repeat(np.arange(20), 2), np.tile([0, 1], 20)
    found = find_camps(item, annotator, annotator, rng, n_annotators=2, n_labels=2)
    assert not found.flagged
    assert "too few people" in found.reason


def test_the_same_seed_gives_the_same_answer():
    first, second = (camps({"competent": 9, "colluder": 7}, seed=4)[0] for _ in range(2))
    assert first.camp.tolist() == second.camp.tolist()
    assert first.ask_expert.tolist() == second.ask_expert.tolist()
