"""The engine and the model side by side: each act is done to both, and everything is compared after it."""

import random
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import transaction
from django.db.models.functions import Now
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition

import factories
from labeling.models import (
    Answer,
    Assignment,
    Budget,
    Enrollment,
    EntryKind,
    Item,
    ItemRole,
    LedgerEntry,
    Project,
)
from labeling.queries import answer_arrays, pending_micros, spent_micros
from labeling.services import candidates, leases, opening, people, projects
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.expiry import return_expired_seats
from labeling.services.paying import restore_pay, reverse_pay
from labeling.services.verdicts import Submission
from work_model import ANSWERED, LEASED, PRICE, Model, ModelItem, ModelSeat

NAMES = ("ada", "ben", "cy")
ITEMS, GOLD = 5, 2
LABELS = ("cat", "owl")
PICK = st.integers(0, 1000)  # one of those that there are by then


class World(RuleBasedStateMachine):
    """One project, three people, a handful of items. Lives in a transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(n=0, items={}, status={})
        self.frame = ExitStack()

    @initialize(n=st.integers(1, 3))
    def begin(self, n: int) -> None:
        self.frame.enter_context(transaction.atomic())
        self._play_the_same_every_time(n)
        organization = factories.organization()
        self.people = {n: factories.annotator(organization, n + uuid.uuid4().hex) for n in NAMES}
        self.project = factories.project(
            organization, LABELS, price_micros=PRICE, gold_share=0.2, redundancy="fixed",
            seats_min=1, seats_max=n, budget_micros=1000 * PRICE,
        )  # fmt: skip
        work = [factories.item(self.project, seats=n, position=p) for p in range(ITEMS)]
        gold = [
            factories.item(self.project, role=ItemRole.GOLD, seats=opening.GOLD_SEATS, position=p)
            for p in range(GOLD)
        ]
        self.model = Model(
            n=n,
            items={i.pk: ModelItem(n) for i in work}
            | {i.pk: ModelItem(opening.GOLD_SEATS, gold=True) for i in gold},
            status=dict.fromkeys(NAMES, "active"),
        )
        for person in self.people.values():
            people.enroll(self.project, person)
        self._start_work()

    def _start_work(self) -> None:
        """Chance alone would often leave everything untouched: each has answered one item and holds another."""
        for name in NAMES:
            self.do_claim(name, 2)
        for name in NAMES:
            mine = [seat for seat in self.seats(state=LEASED) if self.holder(seat) == name]
            if mine:
                self.do_send(mine[0], uuid.uuid4())

    def _play_the_same_every_time(self, seed: int) -> None:
        chance = random.Random(seed)
        places = SimpleNamespace(randbelow=chance.randrange)
        self.frame.enter_context(mock.patch.object(candidates, "chance", chance))
        self.frame.enter_context(mock.patch.object(opening, "secrets", places))

    def teardown(self) -> None:
        if self.model.items:
            transaction.set_rollback(True)
        self.frame.close()

    # ---- what there is

    def seats(self, *, state: str = "", late: bool | None = None) -> list[str]:
        """Names of the seats so far, in the order in which they were taken."""
        seats = self.model.seats.items()
        return [
            name for name, seat in seats if state in ("", seat.state) and late in (None, seat.late)
        ]

    def holder(self, seat: str) -> str:
        return self.model.seats[seat].person

    # ---- acts

    def do_claim(self, name: str, count: int) -> None:
        project = Project.objects.get(pk=self.project.pk)
        key = uuid.uuid4()
        taken = claim(project, self.people[name], count, key)
        why = self.model.why_not(name)
        if why:
            assert (taken.assignments, taken.why_empty) == ([], why)
            return
        assert len(taken.assignments) == min(count, len(self.model.could_take(name)))
        if taken.assignments:
            again = claim(project, self.people[name], count, key)
            assert again.assignments == taken.assignments
        for seat in taken.assignments:
            self.model.take(name, seat.item_id, seat.public_id)

    def do_send(self, seat: str, key: uuid.UUID, label: str = "owl") -> None:
        person = self.people[self.holder(seat)]
        [outcome] = submit(person, [Submission(seat, label, None, key)])
        assert outcome.verdict == self.model.verdict(seat, key)

    def do_end(self, seat: str, act: Callable[..., Any]) -> None:
        person = self.people[self.holder(seat)]
        act(person, seat)
        act(person, seat)  # the same act again changes nothing
        self.model.end(seat)

    def do_renew(self, seat: str) -> None:
        model = self.model.seats[seat]
        renewed = leases.renew(self.people[model.person], [seat])
        held = model.state == LEASED and not model.late
        assert [one.public_id for one in renewed] == ([seat] if held else [])

    def do_let_end(self, seat: str) -> None:
        ended = Now() - timedelta(seconds=1)
        Assignment.objects.filter(public_id=seat).update(lease_until=ended)
        self.model.seats[seat].late = True

    def do_sweep(self) -> None:
        assert return_expired_seats() == self.model.sweep()
        assert return_expired_seats() == 0

    def do_move_pay(self, seat: str, *, restoring: bool) -> None:
        answers = Answer.objects.filter(assignment__public_id=seat, revision=1)
        ids = list(answers.values_list("pk", flat=True))
        person = self.people[self.holder(seat)].pk
        moved = (restore_pay if restoring else reverse_pay)(self.project.pk, person, ids)
        expected = self.model.restore(seat) if restoring else self.model.reverse(seat)
        assert moved == (ids if expected else [])

    def do_change(self, **settings: Any) -> None:
        projects.update_project(self.project, settings)
        if "seats_max" in settings:
            self.model.redundancy(settings["seats_max"])
        self.model.price = settings.get("price_micros", self.model.price)

    def do_decide(self, name: str, act: str) -> None:
        person = self.people[name]
        if act == "reinstate":
            people.reinstate(self.project, person)
        else:
            getattr(people, act)(self.project, person, "a reason")
        self.model.status[name] = "active" if act == "reinstate" else act

    def do_close(self, item: int, status: str) -> None:
        {"settled": opening.settle, "withdrawn": opening.withdraw}[status]([item])
        self.model.close(item, status)

    # ---- compared after each step

    @invariant()
    @precondition(lambda self: self.model.items)
    def counters_agree(self) -> None:
        live = [s for s in self.model.seats.values() if s.state in (LEASED, ANSWERED)]
        for item in Item.objects.filter(project=self.project):
            expected = self.model.items[item.pk]
            assert (item.seats_taken, item.seats_wanted) == (expected.taken, expected.wanted)
            assert item.status == expected.status
            assert item.seats_taken == _on(item.pk, live) <= item.seats_wanted
            free = item.status == "open" and item.seats_taken < item.seats_wanted
            assert item.has_seat == free

    @invariant()
    @precondition(lambda self: self.model.items)
    def money_agrees(self) -> None:
        assert spent_micros(self.project.pk) == self.model.owed
        assert pending_micros(self.project.pk) == self.model.promised
        own = Enrollment.objects.filter(project=self.project)
        idle = sum(own.values_list("allowance_micros", flat=True))
        spoken_for = self.model.owed + self.model.taken_back + self.model.promised
        budgets = Budget.objects.filter(project=self.project)
        assert sum(budgets.values_list("granted_micros", flat=True)) == idle + spoken_for

    @invariant()
    @precondition(lambda self: self.model.items)
    def answers_agree(self) -> None:
        entries = LedgerEntry.objects.filter(project=self.project, kind=EntryKind.ANSWER)
        assert entries.count() == self.model.answers
        arrays = answer_arrays(self.project.pk)
        pairs = list(zip(arrays.item_id, arrays.annotator_id, strict=True))
        assert len(pairs) == len(set(pairs)) == self.model.answers
        own = Enrollment.objects.filter(project=self.project)
        assert sum(own.values_list("answers", flat=True)) == self.model.answers


def _on(item: int, seats: Sequence[ModelSeat]) -> int:
    return sum(seat.item == item for seat in seats)
