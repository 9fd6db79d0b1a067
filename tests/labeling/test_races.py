"""Two short sessions in every order of their statements, then everything is counted again."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models.functions import Now

import factories
from accounts.models import Role, User
from at_work import answer, open_items, recount_money
from interleaving import Act, Session, in_every_order
from labeling.models import Answer, Assignment, Item, LedgerEntry, Project
from labeling.queries import counted_answers, spent_micros
from labeling.services import people
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.expiry import return_expired_seats

pytestmark = pytest.mark.django_db(transaction=True)

Scene = Callable[["World"], tuple[Act, Act]]
PRICE = 5


class World:
    """A fresh project with two people; ``held`` is a seat that Ada has on its first item."""

    def __init__(self, *, n: int = 1, items: int = 2, **fields: Any) -> None:
        organization = factories.organization(uuid.uuid4().hex)
        values = {"gold_share": 0, "price_micros": PRICE, "redundancy": "fixed", **fields}
        self.project = factories.project(organization, seats_min=1, seats_max=n, **values)
        self.items = open_items(self.project, items, n)
        self.ada, self.ben = (self._person(name) for name in ("ada", "ben"))
        [self.held] = claim(self.project, self.ada, 1).assignments

    def _person(self, name: str) -> User:
        person = factories.member(
            self.project.organization, name + uuid.uuid4().hex, Role.ANNOTATOR
        )
        people.enroll(self.project, person)
        return person

    def lease_ended(self) -> "World":
        ended = Now() - timedelta(seconds=1)
        Assignment.objects.filter(pk=self.held.pk).update(lease_until=ended)
        return self


def both(*sessions: Session, but: type[Exception] | None = None) -> list[Any]:
    """The results; an error other than the one that may be is raised."""
    for session in sessions:
        if session.error and not (but and isinstance(session.error, but)):
            raise session.error
    return [session.result for session in sessions]


def check(
    make: Callable[[], World], scene: Scene, but: type[Exception] | None = None
) -> list[tuple[World, list[Any]]]:
    """Play the scene in every order; count everything again after each; the results of all of them."""
    played: list[tuple[World, list[Any]]] = []
    worlds: list[World] = []

    def fresh() -> tuple[Act, Act]:
        worlds.append(make())
        return scene(worlds[-1])

    for sessions in in_every_order(fresh):
        results = both(*sessions, but=but)
        count_again(Project.objects.get(pk=worlds[-1].project.pk))
        played.append((worlds[-1], results))
    assert len(played) > 4  # there were points at which to interrupt
    return played


def count_again(project: Project) -> None:
    """Counters, limits and sums of this project, from its rows."""
    seats = Assignment.objects.filter(project=project)
    live = Counter(seats.filter(state__in=("leased", "answered")).values_list("item_id", flat=True))
    for item in Item.objects.filter(project=project):
        assert item.seats_taken == live[item.pk] <= item.seats_wanted
    answers = counted_answers(project.pk)
    assert seats.filter(state="answered").count() == answers.count()
    assert LedgerEntry.objects.filter(project=project).count() == answers.count()
    assert spent_micros(project.pk) == PRICE * answers.count()
    recount_money(project)


def verdict(outcomes: Any) -> str:
    return outcomes[0].verdict


def test_two_claims_never_get_the_same_seat() -> None:
    played = check(
        partial(World, items=3),
        lambda w: (partial(claim, w.project, w.ada, 1), partial(claim, w.project, w.ben, 1)),
    )
    for _, (one, other) in played:
        assert len(one.assignments) == len(other.assignments) == 1
        assert one.assignments[0].item_id != other.assignments[0].item_id


def test_a_claim_and_an_answer_of_one_person() -> None:
    played = check(
        World,
        lambda w: (partial(claim, w.project, w.ada, 1), partial(submit, w.ada, [answer(w.held)])),
    )
    assert {verdict(outcomes) for _, (_, outcomes) in played} == {"stored"}


def test_an_answer_sent_twice_at_once_is_stored_once() -> None:
    def twice(w: World) -> tuple[Act, Act]:
        sent = [answer(w.held)]
        return partial(submit, w.ada, sent), partial(submit, w.ada, sent)

    for w, (one, other) in check(World, twice):
        assert sorted([verdict(one), verdict(other)]) == ["replayed", "stored"]
        assert Answer.objects.filter(project=w.project).count() == 1


def test_a_late_answer_and_the_sweep() -> None:
    played = check(
        lambda: World().lease_ended(),
        lambda w: (partial(submit, w.ada, [answer(w.held)]), return_expired_seats),
    )
    assert {verdict(outcomes) for _, (outcomes, _) in played} == {"late_stored"}
