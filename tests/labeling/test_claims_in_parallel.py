"""Many people at once on PostgreSQL: afterwards everything is counted again from the rows."""

import random
import time
from collections import Counter

import pytest
from django.db import IntegrityError, connection
from django.db.models import Count, F
from django.utils import timezone

import factories
from accounts.models import User
from at_work import answer, crowd, open_items, recount, work_until_empty
from labeling.models import Answer, Assignment, Item, Project
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.expiry import return_expired_seats
from labeling.services.projects import update_project
from labeling.services.seats import take_seats
from together import together

PEOPLE = 16
PRICE = 20_000
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("items", [60, pytest.param(300, marks=pytest.mark.nightly)])
def test_sixteen_people_answer_everything_exactly(organization, items) -> None:
    project = factories.project(organization, price_micros=PRICE)
    people = crowd(project, PEOPLE)
    open_items(project, items, seats=3)
    verdicts = together(
        [lambda p=p, n=n: work_until_empty(project, p, n) for n, p in enumerate(people)]
    )
    recount(project)
    assert Counter(v for each in verdicts for v in each)["stored"] == Answer.objects.count()
    assert not Item.objects.filter(has_seat=True, assignments__isnull=True).exists()
    answered = Counter(Answer.objects.values_list("item_id", flat=True))
    assert sum(answered.values()) > items * 3 * 0.9  # the rest was skipped by everybody left


def count_then_insert(project: Project, annotator: User, count: int) -> list[Assignment]:
    """What seems to work: look how many are there, then add one. No lock, no counter, no CHECK."""
    mine = Assignment.objects.filter(annotator=annotator).values("item")
    for item in Item.objects.filter(project=project).exclude(pk__in=mine).order_by("pk"):
        if item.assignments.count() < item.seats_wanted:
            time.sleep(0.05)  # long enough for the others to count as well
            lease = {
                "label_set_version": 1,
                "instructions_version": 1,
                "lease_until": timezone.now(),
            }
            return [item.assignments.create(project=project, annotator=annotator, **lease)]
    return []


def over_assigned(project: Project) -> int:
    """How many items have more leases than they want."""
    taken = Item.objects.filter(project=project).annotate(n=Count("assignments"))
    return taken.filter(n__gt=F("seats_wanted")).count()


@pytest.mark.parametrize("right", [True, False])
def test_counting_and_then_inserting_is_caught(organization, right) -> None:
    project = factories.project(organization, gold_share=0)
    people = crowd(project, 8)
    open_items(project, 10, seats=1)
    take = (
        (lambda p: claim(project, p, 1)) if right else (lambda p: count_then_insert(project, p, 1))
    )
    for _ in range(2):
        together([lambda p=p: take(p) for p in people])
    assert (over_assigned(project) == 0) is right


def test_a_counter_without_a_lock_is_caught_by_its_check(organization) -> None:
    """The last word is the database's: an update that over-assigns fails as a whole."""
    project = factories.project(organization)
    [item] = open_items(project, 1, seats=1)
    take_seats([item.pk])
    with pytest.raises(IntegrityError, match="never_over_assigned"):
        take_seats([item.pk])


def test_seats_come_back_while_people_answer(organization) -> None:
    """Leases that end at any moment, sweeps in parallel, answers too late and in time."""
    project = factories.project(
        organization, price_micros=PRICE, budget_micros=60 * PRICE, gold_share=0.3
    )
    people = crowd(project, 6)
    open_items(project, 30, seats=2)
    gold = open_items(project, 6, seats=1000, role="gold", prefix="g")

    def work(person: User, seed: int) -> list[str]:
        luck, verdicts = random.Random(seed), []
        for _ in range(12):
            seats = claim(project, person, 2).assignments
            ended = [seat.pk for seat in seats if luck.random() < 0.5]
            Assignment.objects.filter(pk__in=ended).update(lease_until=timezone.now())
            sent = [answer(seat) for seat in seats]
            first = [outcome.verdict for outcome in submit(person, sent)]
            again = [outcome.verdict for outcome in submit(person, sent)]
            assert [v.replace("replayed", "stored") for v in again] == first
            verdicts += first
        return verdicts

    def sweep() -> list[str]:
        for _ in range(40):
            return_expired_seats()
        return []

    calls = [lambda p=p, n=n: work(p, n) for n, p in enumerate(people)]
    verdicts = Counter(v for each in together([*calls, sweep, sweep]) for v in each)
    recount(project)
    assert {"stored", "late_stored"} <= set(verdicts) <= {"stored", "late_stored", "late_extra"}
    seen = Assignment.objects.filter(item__in=gold).values("item", "annotator")
    assert len(seen) == seen.distinct().count()


def test_changing_redundancy_while_people_claim_doubles_nothing(organization) -> None:
    project = factories.project(organization, redundancy="fixed", seats_min=1, seats_max=3)
    people = crowd(project, 8)
    open_items(project, 25, seats=3)

    def change() -> list[str]:
        for seats in (1, 5, 2, 4) * 2:
            update_project(project, {"seats_max": seats})
        return []

    calls = [lambda p=p, n=n: work_until_empty(project, p, n) for n, p in enumerate(people)]
    together([*calls, change])
    recount(project)
    wanted = Item.objects.filter(seats_wanted__gt=F("seats_taken"), status="open", has_seat=False)
    assert not wanted.exists()


def test_the_same_request_many_times_at_once_is_stored_once(organization, ada) -> None:
    project = factories.project(organization, gold_share=0, price_micros=PRICE)
    open_items(project, 5, seats=1)
    sent = [answer(seat) for seat in claim(project, ada, 5).assignments]
    outcomes = together([lambda: submit(ada, sent)] * 8)
    for n in range(5):
        verdicts = Counter(each[n].verdict for each in outcomes)
        assert verdicts == {"stored": 1, "replayed": 7}
        assert len({each[n].answer for each in outcomes}) == 1
    recount(project)


@pytest.mark.parametrize("table", ["labeling_answer", "labeling_ledgerentry"])
@pytest.mark.parametrize("change", ["UPDATE {} SET created_at = now()", "DELETE FROM {}"])
def test_answers_and_money_cannot_be_changed(organization, ada, table, change) -> None:
    project = factories.project(organization, gold_share=0)
    open_items(project, 1, seats=1)
    submit(ada, [answer(seat) for seat in claim(project, ada, 1).assignments])
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(change.format(table))
