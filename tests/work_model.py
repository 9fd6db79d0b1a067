"""What handing out work and taking in answers should do, without a database: a few dictionaries.

The model is told which items a claim brought (that is the engine's choice) and checks that they could
be had; everything else it foretells exactly: verdicts, counters, money.
"""

from dataclasses import dataclass, field
from uuid import UUID

PRICE = 7
LEASED, SWEPT, ANSWERED, ENDED = "leased", "swept", "answered", "ended"


@dataclass
class ModelItem:
    """``taken`` is live leases plus counted answers."""

    wanted: int
    gold: bool = False
    status: str = "open"
    taken: int = 0


@dataclass
class ModelSeat:
    """``late``: its time is over. ``said``: a value was stored under it, counted or not.

    ``pay`` was promised when it was taken. ``reversed``: how often money moved back and forth since.
    """

    person: str
    item: int
    pay: int = PRICE
    reversed: int = 0
    state: str = LEASED
    late: bool = False
    said: bool = False
    revisions: int = 0


@dataclass
class Model:
    n: int
    items: dict[int, ModelItem]
    status: dict[str, str]
    paused: bool = False
    price: int = PRICE
    bonus: dict[str, int] = field(default_factory=dict)
    seats: dict[str, ModelSeat] = field(default_factory=dict)
    keys: dict[UUID, tuple[str, str]] = field(default_factory=dict)

    # ---- claims

    def why_not(self, person: str) -> str | None:
        if self.paused:
            return "paused"
        return None if self.status[person] == "active" else "you_are_paused"

    def could_take(self, person: str) -> set[int]:
        """Ordinary items with a free seat that the person has not had."""
        return {i for i in self.askable(person) if not self.items[i].gold}

    def askable(self, person: str) -> set[int]:
        seen = {seat.item for seat in self.seats.values() if seat.person == person}
        free = {i for i, x in self.items.items() if x.status == "open" and x.taken < x.wanted}
        return free - seen

    def take(self, person: str, item: int, name: str) -> None:
        assert item in self.askable(person), "an item that could not be had"
        self.seats[name] = ModelSeat(person, item, self.price + self.bonus.get(person, 0))
        self.items[item].taken += 1

    # ---- answers

    def verdict(self, name: str, key: UUID) -> str:
        """The verdict on an answer under this key, and what follows from it."""
        if key in self.keys:
            seat, before = self.keys[key]
            if seat != name:
                return "invalid"
            return before if before.startswith("late") else "replayed"
        seat = self.seats[name]
        if seat.said or seat.state in (ANSWERED, ENDED):
            return "gone"
        said = self._stored(seat)
        seat.said = True
        self.keys[key] = (name, said)
        return said

    def _stored(self, seat: ModelSeat) -> str:
        item = self.items[seat.item]
        if seat.state == LEASED and not seat.late:
            seat.state = ANSWERED
            return "stored"
        wanted = item.status == "open" and self.status[seat.person] == "active"
        if seat.state == LEASED and wanted:
            seat.state = ANSWERED
            return "late_stored"
        if seat.state == LEASED:
            seat.state, item.taken = SWEPT, item.taken - 1
            return "late_extra"
        if wanted and item.taken < item.wanted:
            seat.state, item.taken = ANSWERED, item.taken + 1
            return "late_stored"
        return "late_extra"

    def can_revise(self, name: str) -> bool:
        seat = self.seats[name]
        return (
            seat.state == ANSWERED
            and self.status[seat.person] == "active"
            and (self.items[seat.item].status == "open")
        )

    # ---- seats that end

    def can_end(self, name: str) -> bool:
        return self.seats[name].state == LEASED

    def end(self, name: str) -> None:
        seat = self.seats[name]
        seat.state = ENDED
        self.items[seat.item].taken -= 1

    def sweep(self) -> int:
        due = [seat for seat in self.seats.values() if seat.state == LEASED and seat.late]
        for seat in due:
            seat.state = SWEPT
            self.items[seat.item].taken -= 1
        return len(due)

    # ---- money

    def reverse(self, name: str) -> bool:
        """Whether pay is taken back: once, from an answer that earned it."""
        return self._move(name, 0)

    def restore(self, name: str) -> bool:
        """Whether it is paid after all: once, where it was taken back."""
        return self._move(name, 1)

    def _move(self, name: str, after: int) -> bool:
        seat = self.seats[name]
        moves = seat.state == ANSWERED and seat.reversed == after
        seat.reversed += moves
        return moves

    # ---- the manager

    def redundancy(self, n: int) -> None:
        self.n = n
        for item in self.items.values():
            if item.gold or item.status == "withdrawn":
                continue
            before, item.wanted = item.wanted, max(n, item.taken)
            if item.wanted > max(before, item.taken):
                item.status = "open"

    def close(self, item: int, status: str) -> None:
        if self.items[item].status != "withdrawn":
            self.items[item].status = status

    # ---- what must be true at any instant

    @property
    def answers(self) -> int:
        return sum(seat.state == ANSWERED for seat in self.seats.values())

    @property
    def owed(self) -> int:
        """What the ledger sums to: of every answer its promise, unless that was taken back."""
        paid = (seat for seat in self.seats.values() if seat.state == ANSWERED)
        return sum(seat.pay for seat in paid if seat.reversed != 1)

    @property
    def taken_back(self) -> int:
        """Stays set aside, so that it can be paid after all."""
        return sum(seat.pay for seat in self.seats.values() if seat.reversed == 1)

    @property
    def promised(self) -> int:
        """To leases that are neither answered nor returned."""
        return sum(seat.pay for seat in self.seats.values() if seat.state == LEASED)
