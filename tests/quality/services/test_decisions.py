"""Who guesses is paused with a reason; every decision can be taken back with the votes restored."""

import numpy as np
import pytest

import scenes
from accounts.models import User
from labeling.models import Assignment, Enrollment, EnrollmentStatus, Item, ItemStatus, Project
from labeling.queries import spent_micros
from labeling.services.claiming import claim
from quality.events import annotator_paused
from quality.models import Action, Consensus, Decision, SetAside, Skill
from quality.queries import annotators, provenance
from quality.services.decisions import hold_pay, pause_annotator, reverse, set_aside
from quality.services.judging import act_on_failing
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_all
from quality.simulation import crowd
from quality.tasks import judge_left_behind
from together import together

pytestmark = pytest.mark.django_db


def status_of(project: Project, person: User) -> str:
    return Enrollment.objects.get(project=project, annotator=person).status


def guess_gold(project: Project, person: User, n: int = 15) -> list[Item]:
    """The person gives the wrong answer to gold of every class."""
    gold = scenes.open_known(project, [str(k % 10) for k in range(n)])
    scenes.say_all(project, person, [(item, str((k + 3) % 10)) for k, item in enumerate(gold)])
    return gold


def test_who_guesses_on_gold_is_paused_and_told_why(project, ada, mia):
    heard: list[int] = []
    annotator_paused.connect(
        lambda annotator_id, **_: heard.append(annotator_id), weak=False, dispatch_uid="t"
    )
    guess_gold(project, ada)
    settle_all(project.pk)
    annotator_paused.disconnect(dispatch_uid="t")
    decision = Decision.objects.get()
    assert (decision.action, decision.annotator, heard) == (Action.PAUSE, ada, [ada.pk])
    assert "0 of 15 answers match the answers known beforehand" in decision.reason
    assert {e["kind"] for e in decision.evidence["evidence"]} >= {"gold"}
    assert status_of(project, ada) == EnrollmentStatus.PAUSED
    assert claim(project, ada, 1).why_empty == "you_are_paused"
    [row] = annotators(project.pk)
    assert (row.status, row.gold_right, row.gold_seen) == ("paused", 0, 15)
    assert row.reason == decision.reason


def test_always_the_same_label_is_caught_on_gold_balanced_over_classes(organization):
    project = scenes.factories.project(organization, ["cat", "owl"], seats_min=1)
    gold = scenes.open_known(project, ["cat", "owl"] * 20)
    lazy, good = scenes.people(organization, 2)
    scenes.say_all(project, lazy, [(item, "cat") for item in gold])
    scenes.say_all(project, good, [(item, ["cat", "owl"][n % 2]) for n, item in enumerate(gold)])
    settle_all(project.pk)
    assert Decision.objects.get().annotator == lazy


def test_acting_twice_or_at_once_makes_one_decision(project, ada):
    guess_gold(project, ada)
    settle_all(project.pk)
    assert act_on_failing(project.pk) == 0
    judge_left_behind()
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_pause_a_person_once(project, ada):
    guess_gold(project, ada)
    settle_all(project.pk)
    Decision.objects.all().delete()
    Enrollment.objects.update(status=EnrollmentStatus.ACTIVE)
    assert sum(together([lambda: act_on_failing(project.pk)] * 4)) == 1
    assert Decision.objects.count() == 1


def test_votes_of_who_guesses_are_set_aside_and_the_items_asked_again(project, ada, ben):
    items = scenes.open_work(project, 2, seats=2)
    for person in (ada, ben):
        scenes.say_all(project, person, [(item, "3") for item in items])
    settle_all(project.pk)
    assert set(Consensus.objects.values_list("state", flat=True)) == {"settled"}
    guess_gold(project, ada)
    settle_all(project.pk)
    assert SetAside.objects.filter(answer__item__in=items).count() == 2
    assert set(Consensus.objects.values_list("state", "answers_used")) == {("open", 1)}
    assert {i.status for i in Item.objects.filter(pk__in=[i.pk for i in items])} == {"open"}


def test_reversing_gives_back_work_and_votes(project, ada, ben, mia):
    items = scenes.open_work(project, 2, seats=2)
    for person in (ada, ben):
        scenes.say_all(project, person, [(item, "3") for item in items])
    guess_gold(project, ada)
    settle_all(project.pk)
    decision = Decision.objects.get()
    assert reverse(decision, by=mia, reason="the gold was wrong")
    assert not reverse(decision, by=mia, reason="again")
    settle_all(project.pk)
    decision.refresh_from_db()
    assert (decision.reversed_by, decision.reversal_reason) == (mia, "the gold was wrong")
    assert status_of(project, ada) == EnrollmentStatus.ACTIVE
    assert not SetAside.objects.exists()
    assert set(Consensus.objects.values_list("state", "answers_used")) == {("settled", 2)}


def test_what_was_forgiven_is_not_held_against_the_person_again(project, ada, mia):
    guess_gold(project, ada)
    settle_all(project.pk)
    reverse(Decision.objects.get(), by=mia, reason="she had misread the question")
    refit(project.pk, Unfenced())
    settle_all(project.pk)
    judge_left_behind()
    assert Decision.objects.count() == 1
    assert Skill.objects.get(annotator=ada).failing is False
    more = [scenes.factories.item(project, f"more-{n}", role="gold") for n in range(15)]
    for n, item in enumerate(more):
        scenes.GoldAnswer.objects.create(item=item, value=str(n % 10), label_code=n % 10)
    scenes.open_gold(project.pk)
    scenes.say_all(project, ada, [(item, str((n + 3) % 10)) for n, item in enumerate(more)])
    settle_all(project.pk)
    assert Decision.objects.count() == 2


def test_who_turns_bad_loses_only_the_votes_from_there(project):
    """Forty good answers, then forty at random; the others are competent and answer everything."""
    kinds = {"competent": 3, "turns_bad": 1}
    actors = crowd(kinds, 10, 3, options={"turns_bad": {"turns_after": 40, "accuracy": 0.95}})
    people = scenes.people(project.organization, 4)
    gold = scenes.open_known(project, [str(k % 10) for k in range(20)])
    work = scenes.open_work(project, 60, seats=4)
    rng = np.random.default_rng(3)
    asked = [[*gold, *work][n] for n in rng.permutation(80)]
    truth = {item.pk: n % 10 for n, item in enumerate([*gold, *work])}
    for person, actor in zip(people, actors, strict=True):
        said = [(item, str(actor.answer(truth[item.pk], n, n))) for n, item in enumerate(asked)]
        scenes.say_all(project, person, said)
    refit(project.pk, Unfenced())
    settle_all(project.pk)
    decision = Decision.objects.get()
    assert decision.annotator == people[3]
    lost = SetAside.objects.filter(decision=decision).count()
    assert 34 <= lost <= 46
    assert "look like guesses" in decision.reason


def test_a_person_who_swaps_two_labels_is_read_rightly_and_not_paused(organization):
    """Always the other of two: regular, so of use."""
    project = scenes.factories.project(organization, ["cat", "owl"], seats_min=1, seats_max=7)
    gold = scenes.open_known(project, ["cat", "owl"] * 20)
    [flipper] = scenes.people(organization, 1)
    scenes.say_all(project, flipper, [(item, ["owl", "cat"][n % 2]) for n, item in enumerate(gold)])
    settle_all(project.pk)
    assert not Decision.objects.exists()


def test_a_manager_can_set_votes_aside_and_take_it_back(project, ada, ben):
    [item] = scenes.open_work(project, 1)
    for person in (ada, ben):
        scenes.say(project, person, item, "3")
    settle_all(project.pk)
    answer = item.answers.get(annotator=ada)
    stranger = item.answers.get(annotator=ben)
    decision = set_aside(
        project, ada, answer_ids=[answer.pk, stranger.pk], reason="typed by her cat", evidence={}
    )
    settle_all(project.pk)
    known = provenance(item)
    assert Consensus.objects.get(item=item).answers_used == 1
    assert [vote.reason for vote in known.set_aside] == ["typed by her cat"]
    reverse(decision, by=None, reason="it was not")
    settle_all(project.pk)
    assert Consensus.objects.get(item=item).answers_used == 2


def test_a_pause_by_a_manager_stands_once(project, ada):
    scenes.enroll(project, ada)
    assert pause_annotator(project, ada, reason="asked for it", evidence={})
    assert pause_annotator(project, ada, reason="again", evidence={}) is None
    assert status_of(project, ada) == EnrollmentStatus.PAUSED


def test_a_label_is_explained_vote_by_vote(project, ada, ben, mia):
    [item] = scenes.open_work(project, 1)
    for person, label in ((ada, "3"), (ben, "3"), (mia, "8")):
        scenes.say(project, person, item, label)
    settle_all(project.pk)
    known, stored = provenance(item), Consensus.objects.get(item=item)
    assert (known.label, known.rival, [v.said for v in known.votes]) == ("3", "8", ["3", "3", "8"])
    parts = [known.prior, *(v.log_odds for v in known.votes), known.doubt]
    assert known.log_odds == pytest.approx(sum(parts))
    assert known.doubt < 0
    odds = stored.posterior[3] / stored.posterior[8]
    assert known.log_odds == pytest.approx(np.log(odds), abs=1e-3)
    assert known.votes[2].log_odds < 0 < known.votes[0].log_odds


def test_an_item_nobody_answered_has_nothing_to_explain(project):
    [item] = scenes.open_work(project, 1)
    assert provenance(item) is None


def test_gold_that_is_answered_rightly_leaves_people_alone(project, ada):
    gold = scenes.open_known(project, [str(k % 10) for k in range(30)])
    wrong = {4, 11, 18, 25}  # 87 % right
    said = [(item, str((n + (n in wrong)) % 10)) for n, item in enumerate(gold)]
    scenes.say_all(project, ada, said)
    settle_all(project.pk)
    skill = Skill.objects.get(annotator=ada)
    assert (skill.gold_right, skill.gold_seen, skill.failing) == (26, 30, False)
    assert not Decision.objects.exists()
    assert not Assignment.objects.filter(unused=True).exists()
    assert not Consensus.objects.exists()
    assert {i.status for i in Item.objects.filter(role="gold")} == {ItemStatus.OPEN}


def test_held_pay_comes_back_when_the_decision_is_reversed(organization, ada, mia):
    project = scenes.digits_project(organization, price_micros=20_000)
    items = scenes.open_work(project, 3)
    for item in items:
        scenes.say(project, ada, item, "3")
    answers = [item.answers.get().pk for item in items]
    paid = spent_micros(project.pk)
    decision = hold_pay(project, ada, answer_ids=answers[:2], reason="to be checked", evidence={})
    again = hold_pay(project, ada, answer_ids=answers[:2], reason="once more", evidence={})
    assert spent_micros(project.pk) == paid - 2 * 20_000
    reverse(again, by=mia, reason="it held nothing")
    assert spent_micros(project.pk) == paid - 2 * 20_000
    assert reverse(decision, by=mia, reason="checked: it was good work")
    assert not reverse(decision, by=mia, reason="twice")
    assert spent_micros(project.pk) == paid
