"""Answers become labels: settled, one more seat, or an expert; whatever is lost, doubled or late."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import scenes
from accounts.models import User
from jobs import hints
from labeling.models import Assignment, Item, ItemStatus, Project
from quality.events import items_settled
from quality.models import Consensus, Fit
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_all, settle_unused
from quality.tasks import settle_left_behind
from together import together

pytestmark = pytest.mark.django_db
UNTIMED = {"id", "updated_at"}


def rows(model: type, project: Project) -> list[dict[str, object]]:
    """All rows of a project without their ids and clocks."""
    found = model.objects.filter(project=project).order_by("pk").values()
    return [{k: v for k, v in row.items() if k not in UNTIMED} for row in found]


def test_one_answer_of_an_unknown_person_is_not_enough(project, ada):
    [item] = scenes.open_work(project, 1)
    scenes.say(project, ada, item, "3")
    assert settle_unused(project.pk) == 1
    known = Consensus.objects.get(item=item)
    item.refresh_from_db()
    assert (known.state, known.value) == ("open", "3")
    assert (item.status, item.seats_wanted, item.has_seat) == (ItemStatus.OPEN, 2, True)


def test_agreement_settles_the_item_and_says_so(project, ada, ben):
    [item] = scenes.open_work(project, 1)
    heard: list[int] = []
    items_settled.connect(
        lambda item_ids, **_: heard.extend(item_ids), weak=False, dispatch_uid="t"
    )
    for person in (ada, ben):
        scenes.say(project, person, item, "3")
        settle_unused(project.pk)
    items_settled.disconnect(dispatch_uid="t")
    item.refresh_from_db()
    known = Consensus.objects.get(item=item)
    assert (known.state, known.value, known.answers_used) == ("settled", "3", 2)
    assert known.confidence >= project.target_certainty
    assert sum(known.posterior) == pytest.approx(1, abs=1e-9)
    assert (item.status, heard) == (ItemStatus.SETTLED, [item.pk])


def held_by_two_newcomers(project: Project, people: list[User]) -> float:
    """Two who agree on one item and know one gold item, after a refit."""
    [item], [gold] = scenes.open_work(project, 1, seats=2), scenes.open_known(project, ["7"])
    for person in people:
        scenes.say_all(project, person, [(gold, "7"), (item, "3")])
    settle_all(project.pk)
    refit(project.pk, Unfenced())
    return Consensus.objects.get(item=item).confidence


def test_two_newcomers_and_one_gold_item_are_no_certainty(project, ada, ben):
    assert held_by_two_newcomers(project, [ada, ben]) < 0.97


def test_the_test_above_notices_a_service_that_promises(project, ada, ben, monkeypatch):
    """The broken variant: what the votes alone say."""
    monkeypatch.setattr(
        "quality.inference.settling.parameters.stated", lambda belief, _doubt, _alike: belief
    )
    assert held_by_two_newcomers(project, [ada, ben]) > 0.985


def test_seats_are_used_up_without_certainty(organization):
    project = scenes.digits_project(organization, seats_max=2)
    [item] = scenes.open_work(project, 1)
    for person, label in zip(scenes.people(organization, 2), "37", strict=True):
        scenes.say(project, person, item, label)
        settle_unused(project.pk)
    item.refresh_from_db()
    assert Consensus.objects.get(item=item).state == "expert"
    assert item.status == ItemStatus.HELD


def test_fixed_redundancy_waits_for_every_answer(organization):
    project = scenes.digits_project(organization, redundancy="fixed", seats_max=3)
    [item] = scenes.open_work(project, 1, seats=3)
    for n, person in enumerate(scenes.people(organization, 3), start=1):
        scenes.say(project, person, item, "3")
        settle_unused(project.pk)
        assert Consensus.objects.get(item=item).state == ("settled" if n == 3 else "open")


def test_settling_twice_changes_nothing(project, ada, ben):
    items = scenes.open_work(project, 3)
    for item in items:
        scenes.say(project, ada, item, "3")
    scenes.say(project, ben, items[0], "3")
    settle_all(project.pk)
    before = (
        rows(Consensus, project),
        rows(Fit, project),
        list(Item.objects.order_by("pk").values()),
    )
    Assignment.objects.update(unused=True)
    Fit.objects.update(answers_since=0)
    assert settle_unused(project.pk) == 4
    Fit.objects.update(answers_since=4)
    after = rows(Consensus, project), rows(Fit, project), list(Item.objects.order_by("pk").values())
    assert after == before


def test_a_repeated_answer_is_used_once(project, ada):
    [item] = scenes.open_work(project, 1)
    seat, key = scenes.take(project, ada, item), uuid.uuid4()
    assert scenes.answer(ada, seat, "3", key) == "stored"
    settle_all(project.pk)
    assert scenes.answer(ada, seat, "3", key) == "replayed"
    assert settle_all(project.pk) == 0
    assert Consensus.objects.get(item=item).answers_used == 1


def test_a_late_answer_to_a_settled_item_is_no_vote(project, ada, ben, mia):
    [item] = scenes.open_work(project, 1)
    late = scenes.take(project, mia, item)
    for person in (ada, ben):
        scenes.say(project, person, item, "3")
    settle_all(project.pk)
    Assignment.objects.filter(pk=late.pk).update(lease_until=timezone.now() - timedelta(hours=1))
    assert scenes.answer(mia, late, "8") == "late_extra"
    assert settle_all(project.pk) == 0
    assert Consensus.objects.get(item=item).answers_used == 2


def test_an_answer_under_way_when_the_item_settled_still_counts(project, ada, ben, mia):
    [item] = scenes.open_work(project, 1)
    under_way = scenes.take(project, mia, item)
    for person in (ada, ben):
        scenes.say(project, person, item, "3")
    settle_all(project.pk)
    assert scenes.answer(mia, under_way, "8") == "stored"
    settle_all(project.pk)
    known = Consensus.objects.get(item=item)
    assert (known.answers_used, known.value) == (3, "3")


@pytest.mark.django_db(transaction=True)
def test_lost_messages_are_found_by_the_sweep(organization, ada, ben, monkeypatch):
    monkeypatch.setattr(hints, "send", lambda task, ids: None)
    project = scenes.digits_project(organization)
    items = scenes.open_work(project, 2)
    for person in (ada, ben):
        scenes.say(project, person, items[0], "3")
    scenes.say(project, ada, items[1], "5")
    assert not Consensus.objects.exists()
    settle_left_behind()
    states = dict(Consensus.objects.values_list("item_id", "state"))
    assert states == {items[0].pk: "settled", items[1].pk: "open"}
    assert not Assignment.objects.filter(unused=True).exists()


@pytest.mark.django_db(transaction=True)
def test_two_settling_at_once_take_each_answer_once(organization):
    project = scenes.digits_project(organization)
    items = scenes.open_work(project, 6)
    crowd = scenes.people(organization, 3)
    for item in items:
        for person in crowd[:2]:
            scenes.say(project, person, item, "3")
    taken = together([lambda: settle_all(project.pk)] * 4)
    assert sum(taken) == 12
    assert Fit.objects.get(project=project).answers_since == 12
    assert set(Consensus.objects.values_list("answers_used", flat=True)) == {2}


def test_the_number_of_queries_does_not_grow_with_the_answers(organization):
    counts, crowd = [], scenes.people(organization, 2)
    for n_items in (5, 20):  # from fifty answers on a refit is asked for as well
        project = scenes.digits_project(organization)
        for item in scenes.open_work(project, n_items):
            for person in crowd:
                scenes.say(project, person, item, "3")
        with CaptureQueriesContext(connection) as queries:
            assert settle_unused(project.pk) == 2 * n_items
        counts.append(len(queries))
    assert counts[0] == counts[1] < 40
