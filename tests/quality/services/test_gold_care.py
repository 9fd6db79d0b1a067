"""Gold over time: suggested, promoted, served evenly, suspected, retired; and how known it has become."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

import crowd_at_work
import factories
import scenes
from labeling.errors import NotFound, Refused
from labeling.models import Item, ItemRole, ItemStatus, Project
from labeling.services.claiming import claim
from labeling.services.people import enroll
from quality.models import Consensus, GoldAnswer, GoldResult, Skill, Suspicion
from quality.queries import labels
from quality.queries.gold_exposure import LEAKS, gold_exposure, leak_of
from quality.queries.gold_list import gold_items
from quality.queries.gold_record import GoldLog, gold_log
from quality.queries.gold_suggestions import gold_suggestions
from quality.queries.project_quality import suspicions
from quality.services.gold_care import keep_gold, promote, retire_gold
from quality.services.gold_serving import balance_gold
from quality.services.refit import Unfenced
from quality.services.reviewing import set_policy
from quality.services.settling import settle_all
from quality.services.suspicions import suspect_gold
from standing import standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    with standing(django_db_blocker):
        owners = factories.organization("Crowd")
        yield crowd_at_work.play(owners, {"competent": 6}, n_gold=12, n_work=60, name="one")


@pytest.fixture
def played(crowd, db):
    return replace(crowd, project=Project.objects.get(pk=crowd.project.pk))


def test_suggestions_are_certain_missed_by_somebody_first_and_balanced(played):
    rows = gold_suggestions(played.project, 8)
    assert len(rows) == 8
    assert all(row.confidence >= 0.94 and row.answers >= 2 for row in rows)
    assert set(Counter(row.label for row in rows).values()) == {2}
    first = [next(row for row in rows if row.label == label) for label in crowd_at_work.LABELS]
    assert any(row.said_otherwise for row in first)
    truth = {item.public_id: played.truth[item.pk] for item in played.work}
    right = [crowd_at_work.LABELS[truth[row.item]] == row.label for row in rows]
    assert np.mean(right) >= 0.99


def test_a_promoted_item_is_gold_from_then_on_and_keeps_its_label(played, mia):
    chosen = gold_suggestions(played.project, 4)
    before = {row.item: row.label for row in labels(played.project)}
    results = GoldResult.objects.count()
    assert promote(played.project, [row.item for row in chosen], actor=mia) == 4
    items = Item.objects.filter(public_id__in=[row.item for row in chosen])
    assert {(item.role, item.status) for item in items} == {(ItemRole.GOLD, ItemStatus.OPEN)}
    settle_all(played.project.pk)
    assert GoldResult.objects.count() == results  # what made the label scores nobody
    assert {row.item: row.label for row in labels(played.project)} == before
    newcomer = scenes.factories.annotator(played.project.organization, "newcomer")
    scenes.say(played.project, newcomer, items[0], "ant")
    settle_all(played.project.pk)
    assert GoldResult.objects.filter(annotator=newcomer).count() == 1


def test_what_is_not_settled_is_not_promoted_and_nothing_changes(played):
    [row] = gold_suggestions(played.project, 1)
    [fresh] = (scenes.factories.item(played.project, "fresh"),)
    with pytest.raises(Refused):
        promote(played.project, [row.item, fresh.public_id])
    assert not GoldAnswer.objects.filter(source="promoted").exists()


def test_retired_promoted_gold_is_ordinary_work_again(played):
    [row] = gold_suggestions(played.project, 1)
    promote(played.project, [row.item])
    assert retire_gold(played.project, [row.item]) == 1
    settle_all(played.project.pk)
    item = Item.objects.get(public_id=row.item)
    assert (item.role, item.status) == (ItemRole.WORK, ItemStatus.SETTLED)
    assert Consensus.objects.get(item=item).value == row.label


def mislabel(played) -> Item:
    """One gold item whose known answer is wrong."""
    wrong = played.gold[0]
    GoldAnswer.objects.filter(item=wrong).update(
        value="bee" if played.truth[wrong.pk] != 1 else "cat",
        label_code=1 if played.truth[wrong.pk] != 1 else 2,
    )
    GoldResult.objects.filter(answer__item=wrong).update(right=False)
    return wrong


def test_wrong_gold_is_proposed_with_its_evidence_and_right_gold_is_not(played):
    assert suspect_gold(played.project, Unfenced()) == 0
    wrong = mislabel(played)
    assert suspect_gold(played.project, Unfenced()) == 1
    [row] = suspicions(played.project)
    assert row.item == wrong.public_id
    assert row.said_instead == crowd_at_work.LABELS[played.truth[wrong.pk]]
    assert row.statistic >= row.threshold
    assert GoldAnswer.objects.get(item=wrong).retired_at is None


def test_gold_that_a_manager_keeps_is_not_proposed_again(played, mia):
    wrong = mislabel(played)
    suspect_gold(played.project, Unfenced())
    keep_gold(played.project, wrong.public_id, actor=mia)
    suspect_gold(played.project, Unfenced())
    assert suspicions(played.project) == []
    with pytest.raises(NotFound):
        keep_gold(played.project, wrong.public_id)


def test_where_the_project_says_so_suspects_are_retired_and_people_scored_anew(played):
    set_policy(played.project, suspect_gold="retire")
    wrong = mislabel(played)
    seen = dict(Skill.objects.values_list("annotator", "gold_seen"))
    suspect_gold(played.project, Unfenced())
    assert Suspicion.objects.get().state == "retired"
    wrong.refresh_from_db()
    assert wrong.status == ItemStatus.WITHDRAWN
    after = dict(Skill.objects.values_list("annotator", "gold_seen"))
    assert after == {who: n - 1 for who, n in seen.items()}


def test_gold_is_served_evenly_over_labels_however_lopsided_it_is(organization):
    """Nine ants for each of the others: every label gets a quarter of the ring."""
    kinds = ["ant"] * 27 + ["bee", "cat", "dog"] * 1
    project = scenes.factories.project(organization, crowd_at_work.LABELS, gold_share=0.5)
    gold = scenes.open_known(project, kinds)
    assert balance_gold(project) == len(gold)
    rows = Item.objects.filter(project=project, role="gold").order_by("position")
    codes = dict(GoldAnswer.objects.values_list("item_id", "label_code"))
    share, before = Counter(), 0
    for item in rows:
        share[codes[item.pk]] += (item.position - before) / (1 << 62)
        before = item.position
    assert [share[k] for k in range(4)] == pytest.approx([0.25] * 4, abs=0.01)


def test_claims_meet_rare_labels_as_often_as_common_ones(organization):
    project = scenes.factories.project(organization, ["ant", "bee"], gold_share=0.99)
    scenes.open_known(project, ["ant"] * 30 + ["bee"] * 3)
    balance_gold(project)
    scenes.open_work(project, 40, seats=50)
    codes = dict(GoldAnswer.objects.values_list("item_id", "label_code"))
    met = Counter()
    for person in scenes.people(organization, 40):
        enroll(project, person)
        for seat in claim(project, person, 2).assignments:
            if seat.item_id in codes:
                met[codes[seat.item_id]] += 1
    assert 0.3 < met[1] / met.total() < 0.7  # a tenth of the gold, half of the servings


def test_the_meter_counts_who_saw_what(played):
    meter = gold_exposure(played.project.pk)
    assert (meter.people, meter.nearly_all, meter.most_seen, meter.median_seen) == (6, 6, 6, 6.0)
    assert [step.answers for step in meter.steps] == [60, 12, 0, 0, 0]
    assert not meter.leaking
    listed = gold_items(played.project.pk, cursor=None, limit=1000).rows
    assert {item.seen for item in listed} == {6}


def log(right: np.ndarray) -> GoldLog:
    """[person, item]: everybody answers every item, in the order of people."""
    people, items = right.shape
    item, who = np.tile(np.arange(items), people), np.repeat(np.arange(people), items)
    known = np.zeros(item.size, dtype=np.int64)
    return GoldLog(item, who, np.where(right.ravel(), 0, 1), known, right.ravel())


def test_gold_whose_answers_go_round_shows_and_leaving_bad_people_do_not():
    """Late answers beat what the same people can; better people who come later are no leak."""
    able = np.linspace(0.6, 0.95, 40)
    ordinary = dict(enumerate((able - 0.1).tolist()))  # others err as well

    def leaks(chance: np.ndarray) -> list[float]:
        draws = (np.random.default_rng(seed).random((40, 30)) for seed in range(20))
        return [leak_of(log(draw < chance[:, None]), ordinary).low or 0.0 for draw in draws]

    knowing = np.where(np.arange(40) >= 20, 0.98, able)
    assert sum(low > LEAKS for low in leaks(able)) <= 1
    assert all(low > LEAKS for low in leaks(knowing))


def test_without_a_survey_the_meter_says_why_it_is_silent(played):
    assert gold_exposure(played.project.pk).leak.reason


def test_the_log_is_in_order_of_arrival(played):
    found = gold_log(played.project.pk)
    assert found.nth.max() == 5
    assert np.bincount(found.nth).tolist() == [12] * 6
