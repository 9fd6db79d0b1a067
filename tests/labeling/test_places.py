"""A person's place in the queue hides nothing from them, whatever opens again behind them."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models import Max, Min
from django.db.models.functions import Now

import factories
from accounts.models import User
from accounts.services import create_token
from at_work import answer, crowd, open_items
from labeling.models import Assignment, Enrollment, Item, Opening, Project
from labeling.queries import openings
from labeling.services import candidates, leases, opening, places
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.expiry import return_expired_seats
from labeling.services.fast import Turn, take_turn
from labeling.services.fast.turn import Turned
from labeling.services.in_line import bring_in_line
from missed import missed

NAMES = 3
on_postgresql = pytest.mark.django_db(transaction=True)


class Slow:
    """Another transaction, which opens items of its own and takes its time to commit."""

    def __init__(self, project: Project) -> None:
        self.project, self.items = (
            project,
            open_items(project, 12, seats=5, role="audit", prefix="slow"),
        )
        Item.objects.filter(pk__in=[i.pk for i in self.items]).update(
            has_seat=False, status="settled"
        )
        self.connection = psycopg.connect(**_address())

    def open_one(self) -> None:
        if self.items:
            self.connection.execute(
                "UPDATE labeling_item SET status = 'open', has_seat = true WHERE id = %s",
                [self.items.pop().pk],
            )

    def commit(self) -> None:
        self.connection.commit()


def _address() -> dict[str, Any]:
    settings = connection.get_connection_params()
    return {name: settings.get(name) for name in ("host", "port", "dbname", "user", "password")}


class Work:
    """Random acts on a small project, each committed by itself."""

    def __init__(self, project: Project, seed: int) -> None:
        self.project, self.luck = project, random.Random(seed)
        self.people = crowd(project, NAMES)
        self.tokens = [create_token(person).token.digest for person in self.people]
        self.items = open_items(project, 15, seats=2)
        self.slow = Slow(project)

    def act(self) -> None:
        acts = [self.claim] * 4 + [self.turn] * 4 + [self.answer] * 2 + [self.slow.open_one]
        acts += [self.give_back, self.expire, self.settle, self.reopen, self.add, self.align]
        self.luck.choice([*acts, self.slow.commit])()

    def _person(self) -> int:
        return self.luck.randrange(NAMES)

    def _some(self) -> list[int]:
        return [item.pk for item in self.luck.sample(self.items, 2)]

    def _held(self, person: int) -> list[Assignment]:
        held = Assignment.objects.filter(annotator=self.people[person], state="leased")
        return list(held.order_by("pk"))

    def claim(self) -> None:
        claim(self.project, self.people[self._person()], self.luck.choice([1, 2]))

    def turn(self) -> None:
        wanted = self.luck.choice([1, 2])
        take_turn(Turn(self.tokens[self._person()], self.project.public_id, wanted=wanted))

    def answer(self) -> None:
        person = self._person()
        submit(self.people[person], [answer(seat) for seat in self._held(person)])

    def give_back(self) -> None:
        person = self._person()
        for seat in self._held(person)[:1]:
            leases.skip(self.people[person], seat.public_id)

    def expire(self) -> None:
        ended = Now() - timedelta(seconds=1)
        Assignment.objects.filter(annotator=self.people[self._person()], state="leased").update(
            lease_until=ended
        )
        return_expired_seats()

    def settle(self) -> None:
        opening.settle(self._some())

    def reopen(self) -> None:
        self.luck.choice([opening.reopen, opening.want_more])(self._some(), 1)

    def add(self) -> None:
        """New items, of a higher or lower priority than all that came before."""
        item = factories.item(
            self.project, f"more{len(self.items)}", seats=0, status="pool", has_seat=False,
            priority=self.luck.choice([-5, 0, 5]),
        )  # fmt: skip
        self.items.append(item)
        opening.open_items(self.project.pk, [item.pk], 2)

    def align(self) -> None:
        Project.objects.filter(pk=self.project.pk).update(seats_max=self.luck.choice([2, 3]))
        bring_in_line(Project.objects.get(pk=self.project.pk), {"seats_max"})


@contextmanager
def working(project: Project, seed: int) -> Iterator[Work]:
    work = Work(project, seed)
    try:
        yield work
    finally:
        work.slow.connection.close()


@pytest.fixture
def fixed(organization: Any) -> Project:
    return factories.project(organization, gold_share=0.0, redundancy="fixed", seats_max=2)


def hidden(project: Project, seed: int, acts: int) -> list[Any]:
    """The first items that somebody's place hid from them, if any."""
    with working(project, seed) as work:
        for _ in range(acts):
            work.act()
            if found := missed(project):
                return found
    return []


@on_postgresql
@pytest.mark.parametrize("seed", range(3))
def test_a_place_hides_nothing(fixed, seed) -> None:
    assert hidden(fixed, seed, acts=60) == []


@pytest.mark.nightly
@on_postgresql
@pytest.mark.parametrize("seed", range(100, 115))
def test_a_place_hides_nothing_for_long(fixed, seed) -> None:
    assert hidden(fixed, seed, acts=300) == []


def _only_what_is_committed(project: int, mark: int) -> openings.Openings:
    """Numbers as if they were committed in their order."""
    lowest, _ = openings.openings_since(project, mark)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return openings.Openings(lowest, cursor.fetchone()[0])


def _look_at_nothing(*_: Any) -> openings.Openings:
    return openings.Openings(None, 0)


@on_postgresql
@pytest.mark.parametrize("broken", [_only_what_is_committed, _look_at_nothing])
def test_places_that_go_back_too_rarely_are_found_out(fixed, monkeypatch, broken) -> None:
    monkeypatch.setattr(places, "openings_since", broken)
    assert hidden(fixed, 1, acts=200)


@on_postgresql
@pytest.mark.parametrize("way", ["reference", "turn"])
def test_what_opened_before_and_commits_later_is_found(fixed, way) -> None:
    """Opened before the claim, in a transaction that ends after it: the claim could not see it."""
    items = open_items(fixed, 4, seats=3)
    [ada] = crowd(fixed, 1)
    behind = items[0]
    claimed = [names_of(way, fixed, ada) for _ in range(2)]
    assert claimed == [["0"], ["1"]]
    other = factories.item(fixed, "late", seats=2, position=0, status="settled", has_seat=False)
    with psycopg.connect(**_address()) as slow:
        slow.execute(
            "UPDATE labeling_item SET status = 'open', has_seat = true WHERE id = %s", [other.pk]
        )
        assert names_of(way, fixed, ada) == ["2"]
        assert behind.pk != other.pk
    assert names_of(way, fixed, ada) == ["late"]


def names_of(way: str, project: Project, person: User) -> list[str]:
    """What one claim brings."""
    if way == "reference":
        seats = claim(project, person, 1).assignments
        return [seat.item.external_id for seat in seats]
    turned = take_turn(Turn(create_token(person).token.digest, project.public_id, wanted=1))
    assert isinstance(turned, Turned)
    items = Item.objects.filter(public_id__in=[seat.item for seat in turned.seats])
    return list(items.values_list("external_id", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["reference", "turn"])
def test_a_place_moves_with_what_one_has_had(fixed, way) -> None:
    open_items(fixed, 20, seats=3)
    [ada] = crowd(fixed, 1)
    Opening.objects.all().delete()
    for _ in range(17):
        names_of(way, fixed, ada)
    assert Enrollment.objects.get(annotator=ada).place == 16  # found before the last was taken


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["reference", "turn"])
def test_after_a_while_the_search_begins_at_the_head(fixed, way) -> None:
    """Whatever went wrong, nothing is hidden for longer."""
    open_items(fixed, 3, seats=3)
    [ada] = crowd(fixed, 1)
    names_of(way, fixed, ada)
    Opening.objects.all().delete()
    stale = {"place": 10, "placed_at": Now() - places.LASTS}
    Enrollment.objects.update(**stale | {"placed_at": Now()})
    assert names_of(way, fixed, ada) == []
    Enrollment.objects.update(**stale)
    assert names_of(way, fixed, ada) == ["1"]


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["reference", "turn"])
def test_marks_of_another_server_are_not_believed(fixed, way) -> None:
    """As after a restore: transactions are numbered anew, and lower."""
    open_items(fixed, 3, seats=3)
    [ada] = crowd(fixed, 1)
    names_of(way, fixed, ada)
    Opening.objects.all().delete()
    Enrollment.objects.update(place=10, placed_at=Now(), place_mark=1 << 60)
    assert names_of(way, fixed, ada) == ["1"]


@pytest.mark.django_db
def test_invitations_come_after_the_place(organization) -> None:
    from labeling.services.people import invite

    project = factories.project(organization, gold_share=0.0, by_invitation=True)
    open_items(project, 3, seats=3)
    [ada] = crowd(project, 1)
    for name in ("2", "0", "1"):
        invite(project, [(name, ada.pk)])
        assert names_of("reference", project, ada) == [name]


@pytest.mark.django_db
def test_openings_are_noted_once_a_transaction(fixed) -> None:
    """Of many items that open together, the first says it all."""
    items = [
        factories.item(fixed, str(n), seats=0, status="pool", has_seat=False) for n in range(9)
    ]
    Opening.objects.all().delete()
    opening.open_items(fixed.pk, [item.pk for item in items], 2)
    span = Item.objects.filter(project=fixed).aggregate(low=Min("position"), high=Max("position"))
    assert list(Opening.objects.values_list("position", flat=True)) == [span["low"]]
    assert span["low"] < span["high"]


@pytest.mark.django_db
def test_gold_and_practice_are_not_in_this_queue(fixed) -> None:
    open_items(fixed, 2, seats=9, role="gold")
    open_items(fixed, 2, seats=9, role="practice", prefix="p")
    assert not Opening.objects.exists()


@pytest.mark.django_db
def test_old_openings_are_swept(fixed) -> None:
    open_items(fixed, 1, seats=1)
    assert places.sweep_openings() == 0
    Opening.objects.update(created_at=Now() - places.KEPT - timedelta(seconds=1))
    assert places.sweep_openings() == 1
    assert candidates.HEAD == places.HEAD
