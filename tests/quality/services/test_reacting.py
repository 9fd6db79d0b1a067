"""Rules at work in a project: evidence written down, decisions that name their version, all taken back."""

from dataclasses import replace

import numpy as np
import pytest
from django.db import connection, transaction

import crowd_at_work
import factories
import scenes
from accounts.models import AuditEntry
from jobs.models import Job
from labeling.errors import Conflict, Refused
from labeling.models import Enrollment, EnrollmentStatus, LedgerEntry, Project
from labeling.queries import spent_micros
from quality.models import (
    Action,
    Appeal,
    Consensus,
    Decision,
    Finding,
    Rule,
    RuleSet,
    SetAside,
    Skill,
    Survey,
)
from quality.queries.decided import decisions
from quality.queries.findings import surveyed
from quality.queries.fits import confusions, learned_confusions, parameters_of
from quality.queries.rules import current_book
from quality.rules.book import DEFAULTS
from quality.services.by_hand import decide_by_hand
from quality.services.decisions import reverse
from quality.services.looking import affected
from quality.services.refit import Unfenced
from quality.services.rule_sets import set_rules
from quality.services.settling import settle_all
from quality.services.surveying import survey_project
from quality.tasks import survey_left_behind
from standing import standing

pytestmark = pytest.mark.django_db
SNAPSHOT = (Decision, SetAside, Finding, Survey, RuleSet, Rule, LedgerEntry, AuditEntry, Appeal)


def survey(project):
    return survey_project(project.pk, Unfenced())


def snapshot():
    tables = [list(model.objects.order_by("pk").values()) for model in SNAPSHOT]
    return [*tables, list(Skill.objects.order_by("pk").values())]


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    kinds = {"competent": 8, "many_accounts": 3, "gold_aware": 1, "label_flipper": 1}
    with standing(django_db_blocker):
        yield crowd_at_work.play(factories.organization("Crowd"), kinds, name="one")


@pytest.fixture
def mixed(crowd, db):
    return replace(crowd, project=Project.objects.get(pk=crowd.project.pk))


def test_a_survey_writes_down_what_it_found_and_acts_on_it(mixed):
    assert not Decision.objects.exists()
    survey(mixed.project)
    found = {(row.annotator_id, row.kind) for row in Finding.objects.all()}
    [aware] = mixed.of("gold_aware")
    assert (aware.pk, "gold_gap") in found
    paused = Decision.objects.get(annotator=aware)
    assert {paused.action, *paused.also} == {"pause", "hold_pay", "set_aside"}
    weighed = Decision.objects.filter(action=Action.LOWER_WEIGHT)
    assert [row.amount for row in weighed] == pytest.approx([1 / 3] * len(weighed))
    caught = weighed | Decision.objects.filter(action=Action.PAUSE)  # one fails on gold as well
    assert {row.annotator for row in caught} == {aware, *mixed.of("many_accounts")}
    assert not Decision.objects.filter(annotator__in=mixed.of("competent")).exists()
    flipper = Decision.objects.filter(annotator__in=mixed.of("label_flipper"))
    assert {row.action for row in flipper} <= {"notify"}


def test_every_decision_names_the_version_of_the_rules_and_the_default_is_version_one(mixed):
    assert current_book(mixed.project.pk) == DEFAULTS
    survey(mixed.project)
    assert {row.rule.rule_set.version for row in Decision.objects.all()} == {1}
    assert current_book(mixed.project.pk) == DEFAULTS


def test_a_second_survey_finds_the_same_and_decides_nothing_more(mixed):
    survey(mixed.project)
    decided = list(Decision.objects.order_by("pk").values())
    assert survey(mixed.project)["decisions"] == 0
    assert list(Decision.objects.order_by("pk").values()) == decided


def test_a_dry_run_names_who_would_be_affected_and_writes_nothing(mixed, mia):
    before = snapshot()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
        would = affected(mixed.project, DEFAULTS)
        transaction.set_rollback(True)
    assert snapshot() == before
    survey(mixed.project)
    did = {(row.annotator, row.actions[0]) for row in decisions(mixed.project).rows}
    assert {(one.annotator, one.actions[0]) for one in would} == did


def test_other_rules_are_a_new_version_and_the_old_one_stays(mixed, mia):
    warn = [{"evidence": "gold_gap", "threshold": 3.0, "actions": ["warn"]}]
    made = set_rules(mixed.project, warn, actor=mia, based_on=1)
    assert (made.version, current_book(mixed.project.pk)) == (2, made)
    assert [row.version for row in RuleSet.objects.order_by("version")] == [1, 2]
    with pytest.raises(Conflict):
        set_rules(mixed.project, warn, actor=mia, based_on=1)
    survey(mixed.project)
    assert {row.action for row in Decision.objects.all()} == {Action.WARN}
    assert {row.rule.rule_set.version for row in Decision.objects.all()} == {2}


def test_a_rule_that_could_never_fire_changes_nothing(mixed, mia):
    with pytest.raises(Refused) as caught:
        set_rules(mixed.project, [{"evidence": "gold", "window": 99, "actions": ["warn"]}])
    assert caught.value.field == "rules.0.window"
    assert not RuleSet.objects.exists()


def test_a_lower_weight_is_felt_by_labels_and_taken_back_whole(mixed):
    settle_all(mixed.project.pk)
    before = dict(Consensus.objects.values_list("item_id", "posterior"))
    survey(mixed.project)
    settle_all(mixed.project.pk)
    assert dict(Consensus.objects.values_list("item_id", "posterior")) != before
    for row in Decision.objects.all():
        reverse(row, by=None, reason="a school class working together")
    settle_all(mixed.project.pk)
    assert dict(Consensus.objects.values_list("item_id", "posterior")) == before


def test_reversing_restores_pay_votes_and_work(mixed, mia):
    paid = spent_micros(mixed.project.pk)
    survey(mixed.project)
    assert spent_micros(mixed.project.pk) < paid
    assert SetAside.objects.exists()
    for row in Decision.objects.all():
        assert reverse(row, by=mia, reason="looked at by hand")
    assert spent_micros(mixed.project.pk) == paid
    assert not SetAside.objects.exists()
    assert set(Enrollment.objects.values_list("status", flat=True)) == {EnrollmentStatus.ACTIVE}
    assert survey(mixed.project)["decisions"] == 0  # forgiven is forgiven


def test_an_accuracy_set_by_hand_is_what_votes_are_read_with(mixed, mia):
    person = mixed.of("competent")[0]
    name = Enrollment.objects.get(annotator=person).pseudonym
    decide_by_hand(
        mixed.project, name, actions=["set_skill"], reason="an expert", by=mia, amount=0.97
    )
    ids = Skill.objects.filter(annotator=person).values_list("annotator_id", flat=True)
    parameters = parameters_of(mixed.project.pk)
    who = np.array(list(ids))
    used = confusions(mixed.project.pk, who, parameters)[0]
    assert np.diag(used) == pytest.approx([0.97] * 4)
    assert learned_confusions(mixed.project.pk, who, parameters)[0][0, 0] != pytest.approx(0.97)


def test_two_decisions_on_the_same_answers_give_them_back_only_together(project, ada, ben):
    [item] = scenes.open_work(project, 1)
    scenes.say(project, ada, item, "3")
    name = Enrollment.objects.get(annotator=ada).pseudonym
    first, second = (
        decide_by_hand(project, name, actions=["set_aside"], reason="to look at", by=None)
        for _ in range(2)
    )
    assert SetAside.objects.get().decision == first
    reverse(first, by=None, reason="fine")
    assert SetAside.objects.get().decision == second
    reverse(second, by=None, reason="fine")
    assert not SetAside.objects.exists()


def test_a_lost_survey_is_found_by_the_sweep(mixed):
    Job.objects.all().delete()
    survey_left_behind()
    survey_left_behind()
    assert Job.objects.filter(kind="quality.survey").count() == 1
    survey(mixed.project)
    Job.objects.all().delete()
    survey_left_behind()
    assert not Job.objects.filter(kind="quality.survey").exists()


def test_camps_that_nothing_tells_apart_flag_the_project_and_name_items(organization):
    played = crowd_at_work.play(
        organization, {"competent": 7, "colluder": 6}, n_gold=0, n_work=200, share=0.6
    )
    survey(played.project)
    known = surveyed(played.project.pk)
    assert known.flagged
    assert 10 <= len(known.ask_expert) <= 20
    assert set(known.ask_expert) <= {item.public_id for item in played.work}
