"""Rules as plain values: what is refused, what fires, and what nobody may be punished for."""

from dataclasses import replace

import numpy as np
import pytest

from crowds import campaign
from labeling.errors import Refused
from quality.models import Action
from quality.rules.book import DEFAULTS, QUIET, Book, Rule
from quality.rules.checking import Facts, able, check_rules, read_rules
from quality.rules.gathering import latest, look_around, look_closely
from quality.rules.kinds import KINDS
from quality.rules.matching import matches, windows_of
from quality.rules.names import ACTIONS, EVIDENCE
from quality.rules.seen import Seen
from quality.rules.words import words
from quality.services.reacting import SAYS

PLAIN = Facts(labels=4, graded=False, gold_items=40, practice_items=5, pays=True)
PAUSE = ["pause"]


def refused(rule: dict[str, object], facts: Facts = PLAIN) -> str:
    with pytest.raises(Refused) as caught:
        read_rules([rule], facts)
    said = str(caught.value)
    assert "must be among" in said or not [code for code in ACTIONS if "_" in code and code in said]
    return caught.value.field


def test_the_defaults_are_sound_where_everything_is_there():
    check_rules(DEFAULTS.rules, PLAIN)


def test_in_a_project_without_gold_only_rules_that_need_none_can_fire():
    bare = Facts(labels=4, graded=False, gold_items=0, practice_items=0, pays=True)
    firing = able(DEFAULTS.rules, bare)
    assert firing
    assert not [rule for rule in firing if KINDS[rule.evidence].gold]


@pytest.mark.parametrize(
    ("rule", "facts", "field"),
    [
        ({"evidence": "gold", "actions": PAUSE}, {"gold_items": 0}, "evidence"),
        ({"evidence": "peers", "actions": PAUSE}, {"labels": 0}, "evidence"),
        ({"evidence": "peers", "actions": PAUSE}, {"graded": True}, "evidence"),
        ({"evidence": "gold", "threshold": 1.5, "actions": PAUSE}, {}, "threshold"),
        ({"evidence": "gold", "window": 2, "actions": PAUSE}, {"labels": 2}, "threshold"),
        ({"evidence": "gold_errors", "window": 3, "threshold": 0.9, "actions": PAUSE}, {}, "threshold"),
        ({"evidence": "unread", "threshold": 1.01, "actions": PAUSE}, {}, "threshold"),
        ({"evidence": "class_drift", "window": 16, "threshold": 4.5, "actions": PAUSE}, {}, "threshold"),
        ({"evidence": "together", "threshold": 4, "actions": PAUSE}, {"gold_items": 0}, "threshold"),
        ({"evidence": "gold_gap", "window": 10, "actions": PAUSE}, {}, "window"),
        ({"evidence": "gold", "window": 50, "actions": PAUSE}, {}, "window"),
        ({"evidence": "copying", "window": 50, "actions": PAUSE}, {}, "window"),
        ({"evidence": "gold", "actions": ["practice"]}, {"practice_items": 0}, "actions"),
        ({"evidence": "gold", "actions": ["hold_pay"]}, {"pays": False}, "actions"),
        ({"evidence": "gold", "actions": ["ban"]}, {}, "actions"),
        ({"evidence": "gold", "actions": ["lower_weight"]}, {}, "amount"),
        ({"evidence": "gold", "actions": ["set_skill"], "amount": 1.5}, {}, "amount"),
        ({"evidence": "gold", "actions": PAUSE, "amount": 0.5}, {}, "amount"),
        ({"evidence": "luck", "actions": PAUSE}, {}, "evidence"),
        ({"evidence": "gold", "actions": []}, {}, "actions"),
        ({"evidence": "gold", "actions": PAUSE, "colour": 1}, {}, "colour"),
        ({"evidence": "gold", "threshold": float("nan"), "actions": PAUSE}, {}, "threshold"),
        ({"evidence": "gold", "window": True, "actions": PAUSE}, {}, "window"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_or_cannot_fire_is_refused_by_field(rule, facts, field):
    assert refused(rule, Facts(**{**vars(PLAIN), **facts})) == f"rules.0.{field}"


def test_the_same_rule_twice_is_refused():
    rule = {"evidence": "gold", "actions": PAUSE}
    with pytest.raises(Refused) as caught:
        read_rules([rule, rule], PLAIN)
    assert caught.value.field == "rules.1"


def test_what_is_said_to_be_reachable_is_reached_and_no_more():
    """Ten wrong answers of four labels fail the gold test; the reach says so, and three do not."""
    kind = KINDS["gold"]
    assert kind.reach(10, 4) == 1.0
    assert kind.reach(3, 4) < 1.0
    assert kind.reach(0, 2) == 1.0


def test_the_window_looks_at_the_latest_answers_of_each_person():
    annotator = np.array([0, 1, 0, 0, 1, 0])
    rows = latest(annotator, np.arange(6), 2)
    assert rows.tolist() == [1, 3, 4, 5]
    assert latest(annotator, np.array([0, 1, 2]), 1).tolist() == [1, 2]


def matched(kinds, book=DEFAULTS, **more):
    """[person]: kind of person, and the actions that the rules would lead to."""
    people, _, log = campaign(kinds, **more)
    around = look_around(log, np.random.default_rng(0), windows_of(book))
    return [
        (person.kind, {a for match in matches(book, known) for a in match.actions})
        for person, known in zip(people, around.profiles, strict=True)
    ]


def test_default_rules_meet_the_dishonest_and_spare_the_honest():
    kinds = {"competent": 14, "honest_minority": 3, "fast_expert": 2, "slow_reader": 2}
    kinds |= {"lone_expert": 1, "colour_blind": 1}
    found = matched({**kinds, "random": 2, "one_label": 1, "too_fast": 1, "gold_aware": 1})
    for kind, actions in found:
        assert ("pause" in actions) == (kind not in kinds), (kind, actions)
        if kind in kinds:
            assert actions <= QUIET


def test_who_is_wrong_in_a_regular_way_is_read_and_not_punished():
    found = matched({"competent": 12, "label_flipper": 2})
    flippers = [actions for kind, actions in found if kind == "label_flipper"]
    assert all(actions <= {"notify"} for actions in flippers)


def test_a_group_that_copies_shares_one_vote():
    found = matched({"competent": 12, "many_accounts": 3})
    assert all("lower_weight" in actions for kind, actions in found if kind == "many_accounts")
    assert not any("lower_weight" in actions for kind, actions in found if kind == "competent")


def test_a_window_notices_who_turned_bad_where_the_whole_record_is_too_good():
    """Two labels, 200 good answers, then 60 at random: gold over the last 20 gold answers says it."""
    options = {"turns_bad": {"turns_after": 220, "accuracy": 0.95}}
    book = Book(2, (Rule("peers", 1.0, ("warn",), window=60),))
    found = matched({"competent": 9, "turns_bad": 1}, book, options=options, n_items=500, seed=2)
    assert [kind for kind, actions in found if actions] == ["turns_bad"]


def test_people_looked_at_together_are_judged_as_each_alone():
    rng = np.random.default_rng(5)
    who, label = np.repeat([0, 1, 2], 60), rng.integers(4, size=180)
    belief = np.eye(4)[np.where(rng.random(180) < np.array([0.2, 0.9, 0.9])[who], label, 0)]
    seen = Seen(who, label, 0.96 * belief + 0.01, rng.random(180) < 0.2, 3)
    asked = [("gold_errors", 5), ("streak", 40)]
    together = look_closely(seen, asked, noticed=[2])
    for a, profile in enumerate(together):
        alone = replace(seen.part(who == a), annotator=np.zeros(60, dtype=int), n_annotators=1)
        assert look_closely(alone, asked, noticed=[0] if a == 2 else []) == [profile]
    assert together[0].findings != together[1].findings


def test_what_a_person_reads_names_no_count_and_not_which_test_it_was():
    gold = words(("pause",), "gold", "gold", None)
    others = words(("pause",), "bad_stretch", "agreement", 3)
    assert gold == others
    assert not any(character.isdigit() for character in gold)
    assert "gold" not in gold.lower()


def test_the_start_of_a_stretch_is_told_in_tens():
    said = {words(("set_aside",), "bad_stretch", "agreement", place) for place in range(36, 45)}
    assert len(said) == 1
    assert "about 40 answers" in said.pop()


def test_all_evidence_and_every_action_has_a_name_of_its_own():
    assert set(KINDS) < set(EVIDENCE)
    assert set(ACTIONS) == set(Action.values) == {*SAYS, "ban"}
    for names in (EVIDENCE, ACTIONS):
        told = [str(name) for name in names.values()]
        assert len(set(told)) == len(told)
        assert not [name for name in told if "_" in name]
