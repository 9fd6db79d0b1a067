"""The turn on SQLite: the steps of the database function as plain statements, in one IMMEDIATE transaction.

There is one writer at a time, so nothing needs a lock; the gate around the transaction keeps the line
fair, and turns that wait at it share one transaction (see ``crossing``). The steps have the order of the
database function, so that the two can be read side by side. They go to the driver itself: Django's cursor
rewrites each statement before it runs it.
"""

import sqlite3
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from labeling.limits import SEATS_AT_ONCE
from labeling.models import Enrollment
from labeling.services.candidates import gold_chance
from labeling.services.claiming import WhyEmpty
from labeling.services.fast.crossing import Ferry
from labeling.services.fast.questions import forget
from labeling.services.fast.statements import (
    ANSWER,
    ANYTHING_OPEN,
    CLOSE,
    DOOR,
    GOLD_ITEM,
    HELD,
    LEASE,
    OPENINGS,
    ORDINARY_ITEMS,
    PAY,
    PERSON_DID,
    SEAT,
    TAKE,
)
from labeling.services.fast.telling import tell
from labeling.services.fast.turn import Chances, NextSeat, Turn, Turned, chances
from labeling.services.money import top_up
from labeling.services.places import HEAD, LASTS

_ferry: Ferry[Turned | None] = Ferry()


class Uncommon(Exception):
    """Something that the reference must judge; whatever was written is rolled back."""


class Project(NamedTuple):
    id: int
    status: str
    label_set_version: int
    instructions_version: int
    lease_seconds: int
    gold_share: float
    max_answers_per_person: int | None
    price_micros: int


class Person(NamedTuple):
    """The person's enrollment."""

    id: int
    status: str
    answers: int
    claimed: int
    allowance: int
    place: int | None
    place_mark: int | None
    place_lasts: bool


class Item(NamedTuple):
    id: int
    public_id: str
    payload: str
    picture: bool
    position: int


def take_turn(turn: Turn) -> Turned | None:
    drawn = chances(turn)
    try:
        if connection.in_atomic_block:
            return _attempt(turn, drawn)
        return _ferry.take(lambda: _attempt(turn, drawn))
    except (DatabaseError, sqlite3.Error):
        return None  # nothing of it was kept: the reference tries again, and says what is wrong


def _attempt(turn: Turn, drawn: Chances) -> Turned | None:
    """Inside a transaction: the whole turn, or nothing of it. Raises if the transaction itself is gone."""
    till = _Till(turn, drawn)
    till.driver.execute("SAVEPOINT turn")  # Django's takes longer than five statements of the turn
    try:
        turned = till.work()
    except (Uncommon, DatabaseError, sqlite3.Error):
        _undo(till.driver)
        forget(turn.project)  # it may be asked under another version by now
        return None
    till.driver.execute("RELEASE turn")
    if till.answered:
        tell(till.project.id, till.answered)
    return turned


def _undo(driver: sqlite3.Connection) -> None:
    """Nothing of the turn. SQLite may have undone everybody's turns (a full disk): then there is no savepoint, and
    this raises, so that nobody is told what is not stored.
    """
    driver.execute("ROLLBACK TO turn")
    driver.execute("RELEASE turn")
    transaction.set_rollback(False)  # whatever an ORM call inside has said


def _written(moment: datetime) -> str:
    """As Django writes it."""
    return str(connection.ops.adapt_datetimefield_value(moment))


class _Till:
    """One turn under way."""

    project: Project
    person: Person

    def __init__(self, turn: Turn, drawn: Chances) -> None:
        self.turn, self.drawn = turn, drawn
        self.driver: sqlite3.Connection = connection.connection
        self.moment = timezone.now()
        self.now = _written(self.moment)
        self.answered: list[int] = []  # items
        self.placed_at: str | None = None  # if the person's place was looked for from the head

    def work(self) -> Turned:
        self._enter()
        held = self._held() - len(self.turn.given)
        self._store()
        items, why = self._claim(held) if self.turn.wanted else ([], None)
        lease_until = self._lease(items)
        self._run(PERSON_DID, *self.person[2:-1], self.placed_at, self.person.id)
        seats = [NextSeat(n, *item[1:4]) for n, item in zip(self.drawn.seats, items, strict=False)]
        return Turned(self.drawn.answers, seats, lease_until if seats else None, why)

    def _enter(self) -> None:
        """Who it is, where they are, and whether they may."""
        since = _written(self.moment - LASTS)
        found = self._one(DOOR, since, self.turn.token, self.now, self.turn.project)
        self.me, self.project = found[0], Project(*found[1:9])
        self.person, is_member = Person(*found[9:17]), found[17]
        if self.turn.wanted and (self.project.status == "draft" or not is_member):
            raise Uncommon

    def _held(self) -> int:
        rows = self._run(HELD, self.me, self.project.id, self.now).fetchall()
        key = self.turn.claim_key
        if key and (key.hex,) in rows:
            raise Uncommon  # the same seats again
        return min(len(rows), SEATS_AT_ONCE + len(self.turn.given))

    def _store(self) -> None:
        self.answered = [self._store_one(n) for n in range(len(self.turn.given))]
        self.person = self.person._replace(answers=self.person.answers + len(self.answered))

    def _store_one(self, n: int) -> int:
        given, project, me = self.turn.given[n], self.project.id, self.me
        seat, item, price = self._one(
            SEAT, given.assignment, me, project, self.now, self.turn.version
        )
        self._run(CLOSE, seat)
        stored = self._run(  # a key that is there already is refused by its index
            ANSWER,
            *(self.drawn.answers[n], project, item, seat, me, given.key.hex),
            *(given.value, given.label_code, given.seconds, self.now),
        )
        self._run(PAY, project, me, stored.lastrowid, price, self.now)
        return int(item)

    def _claim(self, held: int) -> tuple[list[Item], str | None]:
        """Items for new seats, or why there are none."""
        if why := self._why_not(held):
            return [], why
        free = self._affordable(held)
        if free == 0:
            return [], WhyEmpty.BUDGET
        self._go_back()
        items = self._choose(free)
        return (items, None) if items else ([], self._why_nothing())

    def _why_not(self, held: int) -> str | None:
        if self.project.status not in ("live", "pilot"):
            return WhyEmpty.DONE if self.project.status == "done" else WhyEmpty.PAUSED
        if self.person.status != "active":
            return WhyEmpty.YOU_ARE_PAUSED
        return WhyEmpty.LIMIT if self._free(held) <= 0 else None

    def _free(self, held: int) -> int:
        left, limit = (
            min(self.turn.wanted, SEATS_AT_ONCE - held),
            self.project.max_answers_per_person,
        )
        return left if limit is None else min(left, limit - self.person.answers - held)

    def _affordable(self, held: int) -> int:
        free, price = self._free(held), self.project.price_micros
        if price == 0:
            return free
        if self.person.allowance < price * free:
            enrollment = Enrollment.objects.get(pk=self.person.id)
            top_up(enrollment, price * free, price)
            self.person = self.person._replace(allowance=enrollment.allowance_micros)
        return min(free, self.person.allowance // price)

    def _go_back(self) -> None:
        """As ``labeling.services.places`` says."""
        person, known = self.person, self.person.place_mark or 0
        lowest, mark = self._one(OPENINGS, self.project.id, known, known)
        place = HEAD if person.place is None or not person.place_lasts else person.place
        place = place if lowest is None else min(place, lowest)
        self.person = person._replace(place=place, place_mark=mark)
        self.placed_at = None if person.place_lasts else self.now

    def _choose(self, free: int) -> list[Item]:
        """Ordinary items, with gold in the place of some. The first is where the person stands now."""
        where = (self.project.id, self.person.place, self.me)
        items = [Item(*row) for row in self._run(ORDINARY_ITEMS, *where, free).fetchall()]
        if items:
            self.person = self.person._replace(place=items[0].position)
        taken: list[int] = []
        for place in range(len(items)):
            if self._is_gold_place(place):
                gold = self._gold_item(self.drawn.starts[len(taken)], taken)
                if gold is None:
                    break
                items[place] = gold
                taken.append(gold.id)
        return items

    def _is_gold_place(self, place: int) -> bool:
        odds = gold_chance(self.project.gold_share, self.person.claimed + place)
        return self.drawn.draws[place] < odds

    def _gold_item(self, start: int, taken: list[int]) -> Item | None:
        for first in (start, HEAD):
            values = (self.project.id, first, self.me, str(taken))
            row = self._run(GOLD_ITEM, *values).fetchone()
            if row:
                return Item(*row)
        return None

    def _why_nothing(self) -> str:
        others = self._run(ANYTHING_OPEN, self.project.id).fetchone()
        return WhyEmpty.CAUGHT_UP if others else WhyEmpty.NOTHING_OPEN

    def _lease(self, items: list[Item]) -> datetime:
        project, key = self.project, self.turn.claim_key
        until = self.moment + timedelta(seconds=project.lease_seconds)
        versions = (project.label_set_version, project.instructions_version)
        ends = (_written(until), project.price_micros, key.hex if key else None, self.now)
        for name, item in zip(self.drawn.seats, items, strict=False):
            self._run(TAKE, item.id)
            self._run(LEASE, name, project.id, item.id, self.me, *versions, *ends)
        self.person = self.person._replace(
            claimed=self.person.claimed + len(items),
            allowance=self.person.allowance - len(items) * project.price_micros,
        )
        return until

    def _one(self, statement: str, *values: Any) -> Any:
        row = self._run(statement, *values).fetchone()
        if row is None:
            raise Uncommon
        return row

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        return self.driver.execute(statement, values)
