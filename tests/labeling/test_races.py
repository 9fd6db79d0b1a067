"""Two short sessions in every order of their statements, then everything is counted again."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now

import factories
from accounts.models import Role, User
from at_work import answer, open_items, recount_money
from interleaving import Act, Session, in_every_order
from labeling.errors import Conflict
from labeling.models import Answer, Assignment, Item, LedgerEntry, Project
from labeling.queries import counted_answers, spent_micros
from labeling.services import claiming, leases, opening, people
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.expiry import return_expired_seats
from labeling.services.projects import update_project
from labeling.services.revising import Wording, revise

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


def test_a_late_answer_and_a_claim_for_the_same_seat() -> None:
    def scene(w: World) -> tuple[Act, Act]:
        return_expired_seats()
        return partial(submit, w.ada, [answer(w.held)]), partial(claim, w.project, w.ben, 1)

    for _, (outcomes, claimed) in check(lambda: World(items=1).lease_ended(), scene):
        stored = verdict(outcomes) == "late_stored"
        assert stored != bool(claimed.assignments)


def test_a_lower_redundancy_and_a_claim() -> None:
    check(
        partial(World, n=3, items=1),
        lambda w: (
            partial(update_project, w.project, {"seats_max": 1}),
            partial(claim, w.project, w.ben, 1),
        ),
    )


def test_a_higher_redundancy_and_the_sweep() -> None:
    for w, _ in check(
        lambda: World(items=1).lease_ended(),
        lambda w: (partial(update_project, w.project, {"seats_max": 3}), return_expired_seats),
    ):
        item = Item.objects.get(pk=w.items[0].pk)
        assert (item.seats_wanted, item.seats_taken, item.has_seat) == (3, 0, True)


def test_a_ban_and_an_answer() -> None:
    played = check(
        World,
        lambda w: (
            partial(people.ban, w.project, w.ada, "a reason"),
            partial(submit, w.ada, [answer(w.held)]),
        ),
    )
    assert {verdict(outcomes) for _, (_, outcomes) in played} == {"stored"}


def test_a_ban_and_a_claim() -> None:
    for w, (_, claimed) in check(
        World,
        lambda w: (
            partial(people.ban, w.project, w.ben, "a reason"),
            partial(claim, w.project, w.ben, 1),
        ),
    ):
        assert claimed.assignments or claimed.why_empty == "you_are_paused"
        assert claim(w.project, w.ben, 1).why_empty == "you_are_paused"


def test_a_withdrawal_and_a_claim() -> None:
    for w, _ in check(
        partial(World, items=2),
        lambda w: (
            partial(opening.withdraw, [w.items[1].pk]),
            partial(claim, w.project, w.ben, 1),
        ),
    ):
        assert not Item.objects.get(pk=w.items[1].pk).has_seat


def test_a_skip_and_an_answer() -> None:
    for _, (_, outcomes) in check(
        World,
        lambda w: (
            partial(leases.skip, w.ada, w.held.public_id),
            partial(submit, w.ada, [answer(w.held)]),
        ),
        but=Conflict,
    ):
        assert verdict(outcomes) in ("stored", "gone")


def test_a_revision_and_a_settlement() -> None:
    def scene(w: World) -> tuple[Act, Act]:
        submit(w.ada, [answer(w.held)])
        first = Answer.objects.get(assignment=w.held)
        revising = partial(revise, w.ada, first.public_id, Wording("cat", None, uuid.uuid4()))
        return revising, partial(opening.settle, [w.held.item_id])

    played = check(World, scene, but=Conflict)
    revised = [results[0] for _, results in played]
    assert any(revised)
    assert not all(revised)


def test_a_budget_that_is_cut_and_a_claim() -> None:
    for w, (_, claimed) in check(
        partial(World, items=3, budget_micros=2 * PRICE),
        lambda w: (
            partial(update_project, w.project, {"budget_micros": PRICE}),
            partial(claim, w.project, w.ben, 1),
        ),
        but=Conflict,
    ):
        project = Project.objects.get(pk=w.project.pk)
        assert (project.budget_micros == PRICE) != bool(claimed.assignments)


# ---- engines that are broken on purpose


def _count_then_write(item_ids: Any) -> None:
    """What was read when the item was chosen, plus one; without its lock that is a lost update."""
    for item in Item.objects.filter(pk__in=item_ids):
        Item.objects.filter(pk=item.pk).update(seats_taken=item.seats_taken + 1)


def _without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    from labeling.services import candidates

    monkeypatch.setattr(candidates, "_lock_free", lambda items: items)
    monkeypatch.setattr(claiming, "take_seats", _count_then_write)


def _answers_without_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    from labeling.services import expiry

    monkeypatch.setattr(expiry, "_lock_holders", _holders_not_locked)


def _holders_not_locked(due: Any) -> list[Any]:
    people_due = {annotator for _, annotator in due}
    return list(people.Enrollment.objects.filter(annotator__in=people_due).order_by("pk"))


def test_count_then_insert_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_locks(monkeypatch)
    with pytest.raises(Exception):  # noqa: B017, PT011  (a wrong count, or a constraint)
        check(
            partial(World, n=3, items=1),
            lambda w: (partial(claim, w.project, w._person("cy"), 1),
                       partial(claim, w.project, w.ben, 1)),
        )  # fmt: skip


def test_a_sweep_that_does_not_lock_the_person_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers_without_the_person(monkeypatch)
    with pytest.raises(Exception):  # noqa: B017, PT011
        test_a_late_answer_and_the_sweep()


def test_a_counter_that_is_not_locked_would_be_wrong() -> None:
    """The interleaver itself: two increments that read first, then write, lose one."""
    w = World(items=1)

    def read_then_write() -> None:
        taken = Item.objects.get(pk=w.items[0].pk).seats_wanted
        Item.objects.filter(pk=w.items[0].pk).update(seats_wanted=taken + 1)

    ends = []
    for sessions in in_every_order(lambda: (read_then_write, read_then_write)):
        both(*sessions)
        ends.append(Item.objects.get(pk=w.items[0].pk).seats_wanted)
        Item.objects.filter(pk=w.items[0].pk).update(seats_wanted=F("seats_taken"))
    assert {end - 1 for end in ends} == {1, 2}
