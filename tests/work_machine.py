"""Random work against the model, and short histories that chance would rarely put together.

A rule is offered only when it has something to act on: a lease to end, an answer to send again. What an
engine gets wrong is often several acts deep (a lease ends, the sweep comes by, the seat goes to somebody
else, then the answer arrives), so such chains are rules as well, from whatever state there is.
"""

import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from labeling.errors import Conflict
from labeling.models import Answer
from labeling.services import leases, people, projects
from labeling.services.revising import Wording, revise
from work_model import ANSWERED, LEASED, PRICE, SWEPT
from work_world import ITEMS, LABELS, NAMES, PICK, World

One = TypeVar("One")


def run(examples: int, steps: int, **more: Any) -> None:
    """Random work, the same every time. Raises whatever the first difference is."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )
    run_state_machine_as_test(WorkMachine, settings=chosen)


def pick(which: int, among: Sequence[One]) -> One:
    return among[which % len(among)]


class PeopleAtWork(World):
    """What people do, and what time does to their leases."""

    @rule(name=st.sampled_from(NAMES), count=st.integers(1, 4))
    def claim(self, name: str, count: int) -> None:
        self.do_claim(name, count)

    @rule(which=PICK, label=st.sampled_from(LABELS))
    @precondition(lambda self: self.seats(state=LEASED))
    def answer(self, which: int, label: str) -> None:
        self.do_send(pick(which, self.seats(state=LEASED)), uuid.uuid4(), label)

    @rule(which=PICK)
    @precondition(lambda self: self.seats())
    def answer_whatever_seat(self, which: int) -> None:
        self.do_send(pick(which, self.seats()), uuid.uuid4())

    @rule(which=PICK)
    @precondition(lambda self: self.model.keys)
    def replay(self, which: int) -> None:
        key = pick(which, list(self.model.keys))
        self.do_send(self.model.keys[key][0], key)

    @rule(which=PICK, other=PICK)
    @precondition(lambda self: self.model.keys)
    def use_a_key_twice(self, which: int, other: int) -> None:
        key = pick(which, list(self.model.keys))
        holder = self.holder(self.model.keys[key][0])
        self.do_send(pick(other, [s for s in self.seats() if self.holder(s) == holder]), key)

    @rule(which=PICK, label=st.sampled_from(LABELS))
    @precondition(lambda self: self.seats(state=ANSWERED))
    def revise(self, which: int, label: str) -> None:
        seat = pick(which, self.seats(state=ANSWERED))
        last = Answer.objects.filter(assignment__public_id=seat).order_by("-revision")[0]
        if self.model.items[last.item_id].gold:
            return  # what becomes of gold follows from a neighbour: see test_revising
        wording, before = Wording(label, None, uuid.uuid4()), Answer.objects.count()
        try:
            made = revise(last.annotator, last.public_id, wording)
        except Conflict:
            assert not self.model.can_revise(seat)
            return
        assert self.model.can_revise(seat)
        assert made.revision == last.revision + 1
        assert revise(last.annotator, last.public_id, wording) == made
        assert Answer.objects.count() == before + 1

    @rule(which=PICK, act=st.sampled_from([leases.skip, leases.release]))
    @precondition(lambda self: self.seats(state=LEASED))
    def give_back(self, which: int, act: Any) -> None:
        self.do_end(pick(which, self.seats(state=LEASED)), act)

    @rule(which=PICK)
    @precondition(lambda self: self.seats())
    def renew(self, which: int) -> None:
        self.do_renew(pick(which, self.seats()))

    @rule(which=PICK)
    @precondition(lambda self: self.seats(state=LEASED, late=False))
    def let_a_lease_end(self, which: int) -> None:
        self.do_let_end(pick(which, self.seats(state=LEASED, late=False)))

    @rule()
    def sweep(self) -> None:
        self.do_sweep()


class ManagerAtWork(World):
    """What a manager changes meanwhile."""

    @rule(n=st.integers(1, 4))
    def change_redundancy(self, n: int) -> None:
        self.do_change(seats_max=n)

    @rule(share=st.sampled_from([0.0, 0.2, 0.9]))
    def change_gold(self, share: float) -> None:
        self.do_change(gold_share=share)

    @rule(price=st.sampled_from([PRICE, 0, 3 * PRICE]))
    def change_price(self, price: int) -> None:
        self.do_change(price_micros=price)

    @rule(name=st.sampled_from(NAMES), micros=st.sampled_from([0, 5]))
    def change_bonus(self, name: str, micros: int) -> None:
        people.set_bonus(self.project, self.people[name], micros)
        self.model.bonus[name] = micros

    @rule(order=st.sampled_from(["priority", "random", "oldest"]))
    def change_order(self, order: str) -> None:
        self.do_change(order=order)

    @rule()
    def pause_or_resume(self) -> None:
        self.model.paused = not self.model.paused
        projects.set_status(self.project, "paused" if self.model.paused else "live")

    @rule(name=st.sampled_from(NAMES), act=st.sampled_from(["pause", "ban", "reinstate"]))
    def decide(self, name: str, act: str) -> None:
        self.do_decide(name, act)

    @rule(place=st.integers(0, ITEMS - 1), close=st.sampled_from(["settled", "withdrawn"]))
    def close_item(self, place: int, close: str) -> None:
        self.do_close(sorted(self.model.items)[place], close)

    @rule(which=PICK, restoring=st.booleans())
    @precondition(lambda self: self.seats())
    def move_pay(self, which: int, restoring: bool) -> None:
        self.do_move_pay(pick(which, self.seats()), restoring=restoring)


class ShortHistories(World):
    """Several acts in the order in which they hurt."""

    @rule(which=PICK, meanwhile=st.sampled_from(["settled", "withdrawn", "pause", "nothing"]))
    @precondition(lambda self: self.seats(state=LEASED))
    def answer_late(self, which: int, meanwhile: str) -> None:
        seat = pick(which, self.seats(state=LEASED))
        self.do_let_end(seat)
        self._let_happen(meanwhile, seat)
        self._send_twice(seat)

    @rule(which=PICK, meanwhile=st.sampled_from(["somebody else", "settled", "nothing"]))
    @precondition(lambda self: self.seats(state=LEASED))
    def answer_after_the_sweep(self, which: int, meanwhile: str) -> None:
        seat = pick(which, self.seats(state=LEASED))
        self.do_let_end(seat)
        self.do_sweep()
        self._let_happen(meanwhile, seat)
        self._send_twice(seat)

    @rule(which=PICK)
    @precondition(lambda self: self.seats(state=SWEPT))
    def answer_long_after(self, which: int) -> None:
        self._send_twice(pick(which, self.seats(state=SWEPT)))

    @rule(which=PICK)
    @precondition(lambda self: self.seats(state=ANSWERED))
    def move_pay_twice(self, which: int) -> None:
        seat = pick(which, self.seats(state=ANSWERED))
        for restoring in (False, False, True, True, False):
            self.do_move_pay(seat, restoring=restoring)

    @rule(high=st.integers(2, 4))
    def lower_redundancy_under_work(self, high: int) -> None:
        self.do_change(seats_max=high)
        for name in NAMES:
            self.do_claim(name, 4)
        self.do_change(seats_max=1)

    def _let_happen(self, meanwhile: str, seat: str) -> None:
        model = self.model.seats[seat]
        if meanwhile == "somebody else":
            for name in NAMES:
                self.do_claim(name, 4)
        elif meanwhile == "pause":
            self.do_decide(model.person, "pause")
        elif meanwhile != "nothing" and not self.model.items[model.item].gold:
            self.do_close(model.item, meanwhile)

    def _send_twice(self, seat: str) -> None:
        key = uuid.uuid4()
        self.do_send(seat, key)
        self.do_send(seat, key)


class WorkMachine(PeopleAtWork, ManagerAtWork, ShortHistories):
    """Everybody at once."""
