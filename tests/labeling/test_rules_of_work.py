"""What a manager can set, and change while work runs: who works, how much, on what, for how much."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from rest_framework.test import APIClient

import factories
import scenes
from accounts.services import create_token
from at_work import answer, open_items, recount_money
from labeling import matching, skills
from labeling.errors import Refused
from labeling.models import (
    Answer,
    Assignment,
    Enrollment,
    EntryKind,
    GoldRule,
    Item,
    ItemRole,
    ItemStatus,
    LedgerEntry,
    Order,
    Project,
)
from labeling.queries import spent_micros
from labeling.services import people
from labeling.services.admission import describe_person
from labeling.services.answering import submit
from labeling.services.candidates import gold_chance
from labeling.services.caps import seats_left
from labeling.services.claiming import claim
from labeling.services.fast.statements import PLAIN
from labeling.services.importing import open_pool
from labeling.services.paying import restore_pay, reverse_pay
from labeling.services.plain_rules import uses_only_plain_rules
from labeling.services.practice import open_practice
from labeling.services.projects import update_project
from labeling.services.redundancy import in_share
from quality.models import GoldAnswer
from quality.queries.matching import information
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organization) -> Project:
    return factories.project(organization, gold_share=0, price_micros=10)


@pytest.fixture
def sources() -> Iterator[None]:
    """Whoever else registers is registered again afterwards."""
    kept = matching._Registered.source, skills._Registered.source
    yield
    matching._Registered.source = staticmethod(kept[0])
    skills._Registered.source = kept[1]


def work(project: Project, person, count: int) -> list[Assignment]:
    seats = claim(project, person, count).assignments
    submit(person, [answer(seat) for seat in seats])
    return seats


def wanted(project: Project) -> list[int]:
    items = Item.objects.filter(project=project, role=ItemRole.WORK)
    return list(items.order_by("pk").values_list("seats_wanted", flat=True))


# ---- redundancy


def test_a_share_of_the_items_gets_more_answers(project) -> None:
    partial = {"redundancy": "partial", "seats_min": 1, "seats_max": 4, "partial_share": 0.3}
    project = update_project(project, partial)
    made = [factories.item(project) for _ in range(200)]
    open_pool(project)
    seats = dict(Item.objects.values_list("pk", "seats_wanted"))
    assert all(seats[i.pk] == (4 if in_share(i.pk, 0.3) else 1) for i in made)
    assert 30 <= sum(n == 4 for n in seats.values()) <= 90


def test_a_larger_share_contains_the_smaller_one() -> None:
    some = {i for i in range(1000) if in_share(i, 0.2)}
    assert some < {i for i in range(1000) if in_share(i, 0.4)}


def test_raising_redundancy_asks_again_about_what_was_settled(project, ada) -> None:
    project = update_project(project, {"redundancy": "fixed", "seats_min": 1, "seats_max": 1})
    open_items(project, 2, seats=1)
    work(project, ada, 1)
    settle_all(project.pk)
    assert sorted(Item.objects.values_list("status", flat=True)) == ["open", "settled"]
    update_project(project, {"seats_max": 3})
    assert wanted(project) == [3, 3]
    assert set(Item.objects.values_list("status", "has_seat")) == {("open", True)}


def test_lowering_redundancy_settles_what_has_enough_and_honours_leases(project, ada, ben) -> None:
    project = update_project(project, {"redundancy": "fixed", "seats_min": 1, "seats_max": 3})
    answered, leased = open_items(project, 2, seats=3)
    scenes.say(project, ada, answered, "owl")
    scenes.take(project, ada, leased)
    held = scenes.take(project, ben, leased)
    settle_all(project.pk)
    project = update_project(project, {"seats_max": 1})
    settle_all(project.pk)
    answered.refresh_from_db()
    leased.refresh_from_db()
    assert answered.status == ItemStatus.SETTLED
    assert (leased.seats_taken, leased.seats_wanted, leased.has_seat) == (2, 2, False)
    assert scenes.answer(ben, held, "owl") == "stored"


def test_withdrawn_items_are_offered_no_more_but_leases_are_honoured(project, ada, mia) -> None:
    items = open_items(project, 3, seats=2, prefix="x")
    [held] = claim(project, ada, 1).assignments
    api = client(mia)
    path = f"/api/v1/projects/{project.public_id}/items/withdraw"
    reply = api.post(path, {"items": ["x0", "x1", "none"]}, format="json").json()
    assert reply == {"withdrawn": 2, "unknown": ["none"]}
    [other] = claim(project, ada, 5).assignments
    assert other.item == items[2]
    assert scenes.answer(ada, held, "owl") == "stored"
    assert spent_micros(project.pk) == 10


# ---- how much one person may do


def test_nobody_answers_more_than_their_share(project, ada, ben) -> None:
    open_items(project, 20, seats=2)
    project = update_project(project, {"max_share_per_person": 0.25})
    assert len(work(project, ada, 50)) == 5
    assert claim(project, ada, 1).why_empty == "limit"
    assert len(claim(project, ben, 50).assignments) == 5


def test_a_new_day_brings_new_answers(project, ada) -> None:
    project = update_project(project, {"max_answers_per_day": 3})
    open_items(project, 9, seats=1)
    assert len(work(project, ada, 2)) == 2
    assert len(claim(project, ada, 9).assignments) == 1
    assert claim(project, ada, 1).why_empty == "limit"
    person = people.lock_person(project.pk, ada.pk)
    tomorrow = replace(person, now=person.now + timedelta(days=1))
    assert (seats_left(person, 0), seats_left(tomorrow, 0)) == (1, 3)


# ---- what is handed out


def test_fixed_gold_is_the_same_chance_for_everybody() -> None:
    assert {gold_chance(0.1, n, GoldRule.FIXED) for n in (0, 5, 500)} == {0.1}
    assert gold_chance(0.1, 0) > gold_chance(0.1, 50) > gold_chance(0.1, 5000) > 0.1


@pytest.mark.parametrize("order", [Order.PRIORITY, Order.OLDEST])
def test_the_order_decides_who_comes_first(project, ada, order) -> None:
    project = update_project(project, {"order": order, "redundancy": "fixed"})
    made = [factories.item(project, priority=p) for p in (0, 5, 1)]
    open_pool(project)
    taken = [seat.item_id for seat in claim(project, ada, 3).assignments]
    by_priority = [made[1].pk, made[2].pk, made[0].pk]
    assert taken == by_priority


def test_people_get_the_item_where_their_answer_is_worth_most(project, ada, sources) -> None:
    items = open_items(project, 6, seats=1)
    worth = {item.pk: n for n, item in enumerate(items)}
    matching.set_source(lambda _project, _person, ids: [worth[pk] for pk in ids])
    assert claim(project, ada, 1).assignments[0].item == items[0]
    project = update_project(project, {"match_people": True})
    taken = [seat.item_id for seat in claim(project, ada, 2).assignments]
    assert taken == [items[5].pk, items[4].pk]


def test_an_answer_is_worth_most_where_there_is_doubt_that_the_person_can_clear() -> None:
    belief = np.array([[0.5, 0.5, 0.0], [0.98, 0.01, 0.01], [0.0, 0.5, 0.5]])
    confusion = np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.1, 0.8, 0.1]])
    found = information(belief, confusion)
    assert found[0] > found[2] > 0
    assert found[0] > found[1] > 0
    assert information(belief, np.full((3, 3), 1 / 3)) == pytest.approx(0)


# ---- who may work


def test_practice_comes_first_until_it_is_passed(project, ada) -> None:
    project = update_project(project, {"practice_bound": 0.7})
    open_items(project, 3, seats=1)
    for n in range(12):
        item = factories.item(project, f"practice-{n}", role=ItemRole.PRACTICE)
        GoldAnswer.objects.create(item=item, value="owl", label_code=1)
    assert open_practice(project.pk) == 12
    first = work(project, ada, 3)
    assert {seat.item.role for seat in first} == {ItemRole.PRACTICE}
    work(project, ada, 5)
    assert {seat.item.role for seat in claim(project, ada, 2).assignments} == {ItemRole.WORK}
    assert Enrollment.objects.get().practiced_at


def test_who_fails_the_practice_gets_no_work(project, ada) -> None:
    project = update_project(project, {"practice_bound": 0.5})
    open_items(project, 3, seats=1)
    for n in range(3):
        item = factories.item(project, f"practice-{n}", role=ItemRole.PRACTICE)
        GoldAnswer.objects.create(item=item, value="cat", label_code=0)
    open_practice(project.pk)
    assert len(work(project, ada, 9)) == 3
    assert claim(project, ada, 1).why_empty == "practice_failed"


def test_practice_items_are_not_in_the_ordinary_queue(project, ada) -> None:
    factories.item(project, "practice", role=ItemRole.PRACTICE)
    open_practice(project.pk)
    assert claim(project, ada, 1).why_empty == "nothing_open"


def test_only_who_belongs_and_speaks_the_language_may_work(project, organization, ada) -> None:
    open_items(project, 3, seats=1)
    wanted = {"groups": ["owlers"], "languages": ["de", "fr"]}
    project = update_project(project, {"who_may_work": wanted})
    assert claim(project, ada, 1).why_empty == "not_admitted"
    assert client(ada).get("/api/v1/me/projects").json()["projects"][0]["why_not"] == "not_admitted"
    describe_person(organization, ada, groups=["owlers"], languages=["en"])
    assert claim(project, ada, 1).why_empty == "not_admitted"
    describe_person(organization, ada, groups=["owlers"], languages=["en", "fr"])
    assert len(claim(project, ada, 1).assignments) == 1


def test_skill_elsewhere_must_be_known_and_skill_here_must_not_be_too_low(
    project, organization, ada, sources
) -> None:
    open_items(project, 3, seats=1)
    other = factories.project(organization)
    bounds: dict[int, float] = {}
    skills.set_source(skills.Skills(at_work=lambda pk, _person: bounds.get(pk)))
    need = [{"project": other.public_id, "at_least": 0.7}, {"at_least": 0.6}]
    project = update_project(project, {"who_may_work": {"skills": need}})
    assert claim(project, ada, 1).why_empty == "not_admitted"
    bounds[other.pk] = 0.8
    assert len(claim(project, ada, 1).assignments) == 1
    bounds[project.pk] = 0.5
    assert claim(project, ada, 1).why_empty == "not_admitted"


def test_a_skill_in_a_project_that_is_not_there_is_refused(project, organization) -> None:
    elsewhere = factories.project(factories.organization())
    for name in ("mistyped", elsewhere.public_id):
        need = {"skills": [{"project": name, "at_least": 0.7}]}
        with pytest.raises(Refused, match=name):
            update_project(project, {"who_may_work": need})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"who_may_work": []}, "who_may_work"),
        ({"who_may_work": {"age": [1]}}, "who_may_work.age"),
        ({"who_may_work": {"groups": []}}, "who_may_work.groups"),
        ({"who_may_work": {"languages": [7]}}, "who_may_work.languages"),
        ({"who_may_work": {"skills": [{"at_least": 2}]}}, "who_may_work.skills"),
        ({"gold_rule": "rising"}, "gold_rule"),
        ({"max_share_per_person": 0}, "max_share_per_person"),
        ({"max_answers_per_day": True}, "max_answers_per_day"),
        ({"practice_bound": 1}, "practice_bound"),
        ({"match_people": 1}, "match_people"),
    ],
)
def test_a_setting_that_cannot_be_is_named(project, changes, field) -> None:
    with pytest.raises(Refused) as refused:
        update_project(project, changes)
    assert refused.value.field == field


# ---- money


def test_a_bonus_is_an_entry_of_its_own_and_within_the_budget(organization, ada, ben, mia) -> None:
    project = factories.project(organization, gold_share=0, price_micros=10, budget_micros=100)
    open_items(project, 20, seats=2)
    people.enroll(project, ada)
    name = Enrollment.objects.get().pseudonym
    path = f"/api/v1/projects/{project.public_id}/people/{name}/bonus"
    reply = client(mia).put(path, {"bonus_micros": 5}, format="json")
    assert reply.json() == {"person": name, "bonus_micros": 5}
    assert len(work(project, ada, 4)) == 4
    kinds = sorted(LedgerEntry.objects.values_list("kind", "amount_micros"))
    assert kinds == [(EntryKind.ANSWER, 10)] * 4 + [(EntryKind.BONUS, 5)] * 4
    while work(project, ben, 1):
        pass
    assert spent_micros(project.pk) == 100
    recount_money(project)
    assert client(mia).put(path, {"bonus_micros": -1}, format="json").status_code == 400


def test_pay_is_taken_back_once_and_comes_back_once(project, ada) -> None:
    open_items(project, 3, seats=1)
    people.set_bonus(project, ada, 5)
    work(project, ada, 3)
    ids = list(Answer.objects.values_list("pk", flat=True))
    assert restore_pay(project.pk, ada.pk, ids) == []
    assert reverse_pay(project.pk, ada.pk, ids[:2]) == ids[:2]
    assert spent_micros(project.pk) == 15
    assert reverse_pay(project.pk, ada.pk, ids) == ids[2:]
    assert spent_micros(project.pk) == 0
    assert restore_pay(project.pk, ada.pk, ids) == ids
    assert restore_pay(project.pk, ada.pk, ids) == reverse_pay(project.pk, ada.pk, ids) == []
    assert spent_micros(project.pk) == 45


# ---- for the faster twin, and over HTTP


UNUSUAL_SETTINGS = [
    {"who_may_work": {"groups": ["x"]}},
    {"max_share_per_person": 0.5},
    {"max_answers_per_day": 5},
    {"practice_bound": 0.5},
    {"match_people": True},
    {"gold_rule": "fixed"},
    {"by_invitation": True},
    {"pays_bonuses": True},
]


@pytest.mark.parametrize("changes", [{}, *UNUSUAL_SETTINGS])
def test_the_twin_leaves_unusual_projects_to_the_reference(project, changes) -> None:
    Project.objects.filter(pk=project.pk).update(**changes)
    for rule in (
        "labeling_is_plain(p)",
        PLAIN,
    ):  # of the database function, and of the twin on SQLite
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {rule} FROM labeling_project p WHERE p.id = %s", [project.pk])
            assert cursor.fetchone() == (not changes,)
    assert uses_only_plain_rules(Project.objects.get(pk=project.pk)) == (not changes)


def test_settings_are_changed_and_shown_over_http(project, mia) -> None:
    path = f"/api/v1/projects/{project.public_id}"
    changes = {"max_answers_per_day": 7, "gold_rule": "fixed", "who_may_work": {"groups": ["a"]}}
    shown = client(mia).patch(path, changes, format="json").json()["settings"]
    assert {name: shown[name] for name in changes} == changes
    reply = client(mia).patch(path, {"who_may_work": {"groups": 3}}, format="json")
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["field"] == "who_may_work.groups"


def client(user) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(user, name=uuid.uuid4().hex).secret}")
    return api
