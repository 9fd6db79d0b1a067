"""Every kind of dishonest person is noticed by the evidence meant for it, and no honest one."""

from collections import Counter

import numpy as np
import pytest

from crowds import campaign
from quality.inference.people.survey import AnswerLog, survey

HONEST = {
    "competent": 10,
    "honest_minority": 3,
    "slow_reader": 2,
    "screen_reader": 2,
    "fast_expert": 2,
    "shared_address": 4,
}


def raised(kinds: dict[str, int], kind: str, **scenery) -> tuple[list[set[str]], list[str]]:
    """Kinds of evidence raised, and the proposal, for each person of one kind."""
    people, _, log = campaign(kinds, **scenery)
    seen = survey(log, np.random.default_rng(0))
    who = [n for n, p in enumerate(people) if p.kind == kind]
    evidence = [{e.kind for e in seen.evidence[n] if e.raised} for n in who]
    return evidence, [seen.standing[n].proposal for n in who]


@pytest.mark.parametrize(
    ("kind", "count", "evidence"),
    [
        ("random", 2, {"gold", "peers"}),
        ("one_label", 2, {"gold", "peers", "streak"}),
        ("turns_bad", 2, {"bad_stretch", "gold_and_peers"}),
        ("too_fast", 2, {"unread"}),
        ("gold_aware", 2, {"gold_gap", "peers"}),
        ("colluder", 3, {"copying"}),
        ("many_accounts", 3, {"copying"}),
        ("language_model", 3, {"copying"}),
        ("label_flipper", 2, {"gold", "regular"}),
        ("one_class_poisoner", 2, {"weak_class", "regular"}),
    ],
)
def test_each_kind_raises_the_evidence_meant_for_it(kind, count, evidence):
    options = {"turns_bad": {"turns_after": 70}}
    found, proposals = raised({"competent": 20, kind: count}, kind, seed=1, options=options)
    assert all(evidence <= kinds for kinds in found)
    assert "none" not in proposals


def test_honest_people_are_asked_for_more_gold_at_worst_however_unusual():
    proposals: Counter[str] = Counter()
    for seed in range(6):
        people, _, log = campaign(HONEST | {"random": 3, "colluder": 3}, seed=seed)
        seen = survey(log, np.random.default_rng(0))
        proposals.update(s.proposal for p, s in zip(people, seen.standing, strict=True) if p.honest)
    assert set(proposals) <= {"none", "more_gold", "use_confusion"}
    assert proposals["none"] >= 0.97 * proposals.total()


def test_a_flipper_is_used_not_banned():
    _, proposals = raised({"competent": 20, "label_flipper": 2}, "label_flipper", seed=2)
    assert proposals == ["use_confusion"] * 2


def test_recognised_gold_alone_does_not_clear_a_person():
    found, proposals = raised({"competent": 20, "gold_aware": 2}, "gold_aware", seed=3)
    assert all("gold" not in kinds for kinds in found)
    assert proposals == ["hold_pay"] * 2


def test_groups_are_found_whole_and_apart():
    options = {"colluder": {"group": "a"}, "many_accounts": {"group": "b"}}
    people, _, log = campaign(
        {"competent": 16, "colluder": 3, "many_accounts": 3}, seed=4, options=options
    )
    seen = survey(log, np.random.default_rng(0))
    names = [{people[a].kind for a in group} for group in seen.groups]
    assert sorted(map(len, seen.groups)) == [3, 3]
    assert {frozenset(n) for n in names} == {frozenset({"colluder"}), frozenset({"many_accounts"})}


def test_every_reason_is_a_sentence_and_every_number_finite():
    _, _, log = campaign({"competent": 6, "random": 2, "colluder": 2, "too_fast": 1}, seed=5)
    for row in survey(log, np.random.default_rng(0)).evidence:
        for e in row:
            assert e.reason[0].isupper() or e.reason[0].isdigit()
            assert e.reason.endswith(".")
            assert np.isfinite([e.statistic, e.threshold]).all()


def test_renaming_labels_leaves_every_proposal():
    _, _, log = campaign({"competent": 8, "random": 2, "one_label": 1}, seed=6)
    rename = np.array([3, 1, 0, 2])
    gold = np.where(log.gold >= 0, rename[log.gold], -1)
    renamed = AnswerLog(
        log.item, log.annotator, rename[log.label], gold, log.n_annotators, 4, log.seconds
    )
    before, after = (survey(one, np.random.default_rng(0)) for one in (log, renamed))
    assert [s.proposal for s in before.standing] == [s.proposal for s in after.standing]


@pytest.mark.parametrize("n_answers", [0, 1, 3])
def test_almost_no_answers_give_no_evidence_and_no_error(n_answers):
    codes = np.zeros(n_answers, dtype=np.int64)
    log = AnswerLog(np.arange(n_answers), codes, codes, np.full(4, -1), 2, 2, np.ones(n_answers))
    seen = survey(log, np.random.default_rng(0))
    assert [s.proposal for s in seen.standing] == ["none", "none"]
    assert seen.groups == ()


def test_one_person_alone_is_judged_by_gold_only():
    rng = np.random.default_rng(7)
    gold = np.r_[rng.integers(3, size=60), np.full(60, -1)]
    log = AnswerLog(np.arange(120), np.zeros(120, np.int64), rng.integers(3, size=120), gold, 1, 3)
    seen = survey(log, rng)
    assert "gold" in {e.kind for e in seen.evidence[0] if e.raised}
    assert seen.standing[0].proposal in {"pause", "ban_possible"}
