"""Two worlds that live through the same random schedule: one by the reference, one by the short way.

The reference is asked by people whose requests carry no token, so that the short way never sees them.
After every act the replies are compared, and the rows as well: whatever a name stands for must be the
same, answer by answer.
"""

import random
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from django.db.models import F
from django.utils import timezone
from rest_framework.test import APIClient

import factories
from accounts.models import User
from accounts.services import create_token
from at_work import open_items
from labeling.api import shortcut
from labeling.errors import Conflict
from labeling.models import (
    Answer,
    Assignment,
    Budget,
    Enrollment,
    Item,
    Label,
    LabelSet,
    LedgerEntry,
    Project,
)
from labeling.services import candidates, opening
from labeling.services.expiry import return_expired_seats
from labeling.services.people import pause, reinstate
from labeling.services.projects import set_status, update_project
from missed import missed

PRICE = 1000
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")


class Chances:
    """The same draws in both worlds, however many of each kind somebody makes beforehand."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.again()

    def again(self) -> None:
        """For the reference, after a turn that was not taken."""
        self._draws, self._starts = random.Random(self._seed), random.Random(-self._seed - 1)

    def random(self) -> float:
        return self._draws.random()

    def randrange(self, end: int) -> int:
        return self._starts.randrange(end)


@dataclass
class World:
    project: Project
    people: list[User]
    apis: list[APIClient]
    last: tuple[int, Any] | None = None

    def held(self, person: int) -> list[Assignment]:
        seats = Assignment.objects.filter(project=self.project, annotator=self.people[person])
        return list(seats.exclude(state="answered").order_by("pk"))

    def send(self, person: int, body: Any) -> str:
        self.last = (person, body)
        return self._plain(self.apis[person].post("/api/v1/answers", body, format="json"))

    def claim(self, person: int, body: Any) -> str:
        path = f"/api/v1/projects/{self.project.public_id}/claims"
        return self._plain(self.apis[person].post(path, body, format="json"))

    def _plain(self, reply: Any) -> str:
        """The reply with what every name stands for in its place."""
        text = f"{reply.status_code} {reply.json()}"
        for name, meaning in self._names():
            text = text.replace(name, meaning)
        return TIME.sub("TIME", text)

    def _names(self) -> list[tuple[str, str]]:
        mine = {"project": self.project}
        kinds = (
            Assignment.objects.filter(**mine).values_list("public_id", "item__external_id"),
            Item.objects.filter(**mine).values_list("public_id", "external_id"),
            Answer.objects.filter(**mine).values_list("public_id", "item__external_id"),
        )
        return [(name, f"<{meaning}>") for rows in kinds for name, meaning in rows]

    def rows(self) -> list[Any]:
        """Everything that is stored, without names and moments."""
        place = {person.pk: n for n, person in enumerate(self.people)}
        mine = {"project": self.project}
        who, what = F("annotator"), F("item__external_id")
        tables: list[list[tuple[Any, ...]]] = [
            list(found)
            for found in (
                Assignment.objects.filter(**mine).order_by("annotator", "pk").values_list(
                    who, what, "state", "price_micros", "label_set_version", "unused", "claim_key",
                    "reason", "instructions_version"
                ),
                Answer.objects.filter(**mine).order_by("annotator", "pk").values_list(
                    who, what, "key", "revision", "value", "label_code", "verdict", "counted", "seconds"
                ),
                LedgerEntry.objects.filter(**mine).order_by("annotator", "pk").values_list(
                    who, "answer__key", "kind", "amount_micros"
                ),
                Enrollment.objects.filter(**mine).order_by("annotator").values_list(
                    who, "status", "answers", "claimed", "allowance_micros"
                ),
            )
        ]  # fmt: skip
        people = [(place[first], *rest) for table in tables for first, *rest in table]
        items = Item.objects.filter(**mine).order_by("pk")
        counters = items.values_list("external_id", "seats_taken", "has_seat", "status")
        return [
            people,
            list(counters),
            list(Budget.objects.filter(**mine).values("granted_micros")),
        ]


def make_world(name: str, people: int, *, short: bool) -> World:
    organization = factories.organization(name)
    project = factories.project(
        organization, price_micros=PRICE, budget_micros=60 * PRICE, gold_share=0.3
    )
    open_items(project, 25, seats=2)
    gold = open_items(project, 6, seats=1000, role="gold", prefix="g")
    for n, item in enumerate(gold):
        Item.objects.filter(pk=item.pk).update(position=n * (1 << 59))
    users = [factories.annotator(organization, f"{name}{n}") for n in range(people)]
    return World(project, users, [_api(user, short) for user in users])


def _api(user: User, short: bool) -> APIClient:
    api = APIClient()
    if short:
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(user).secret}")
    else:
        api.force_authenticate(user)
    return api


Act = Callable[[World], Any]


class Schedule:
    """Random acts, each to be done in both worlds."""

    def __init__(self, seed: int, people: int) -> None:
        self.luck, self.people = random.Random(seed), people

    def next(self) -> Act:
        acts = [self.turn] * 12 + [self.claim] * 3 + [self.late, self.replay, self.sweep, self.skip]
        acts += [self.setting, self.status, self.person, self.version, self.ask_more]
        return self.luck.choice(acts)()

    def _person(self) -> int:
        return self.luck.randrange(self.people)

    def turn(self) -> Act:
        """Some answers, right or wrong, and mostly a claim."""
        person, count = self._person(), self.luck.choice([1, 1, 1, 2, 5])
        picks = [(self.luck.random(), self._value(), self._key()) for _ in range(self._many())]
        wants = self.luck.random() < 0.8

        def act(world: World) -> str:
            held = world.held(person)
            answers = [
                {
                    "assignment": held[int(pick * len(held))].public_id if held else "unknown",
                    "value": value,
                    "seconds": 1.5,
                    "key": key,
                }
                for pick, value, key in picks
            ]
            claim = {"project": world.project.public_id, "count": count} if wants else None
            return world.send(person, {"answers": answers, "claim": claim})

        return act

    def _many(self) -> int:
        return self.luck.choice([1, 1, 1, 2, 4])

    def _value(self) -> Any:
        return self.luck.choice(["owl"] * 8 + ["cat"] * 8 + ["dog", "", None, 7])

    def _key(self) -> str:
        return str(uuid.UUID(int=self.luck.getrandbits(128)))

    def claim(self) -> Act:
        person, body = self._person(), {"count": self.luck.choice([1, 1, 2, 3, 60])}
        if self.luck.random() < 0.3:
            body["key"] = self._key()
        return lambda world: world.claim(person, body)

    def late(self) -> Act:
        """Some leases end."""
        person = self._person()

        def act(world: World) -> None:
            ended = [seat.pk for seat in world.held(person)[::2]]
            leased = Assignment.objects.filter(pk__in=ended, state="leased")
            leased.update(lease_until=timezone.now() - timedelta(seconds=1))

        return act

    def replay(self) -> Act:
        return lambda world: world.send(*world.last) if world.last else None

    def sweep(self) -> Act:
        """The first world's sweep finds the seats of both."""

        def act(_world: World) -> None:
            return_expired_seats()

        return act

    def skip(self) -> Act:
        person = self._person()

        def act(world: World) -> None:
            for seat in [s for s in world.held(person) if s.state == "leased"][:1]:
                world.apis[person].post(f"/api/v1/assignments/{seat.public_id}/skip", {}, "json")

        return act

    def ask_more(self) -> Act:
        """Some items behind everybody want another answer."""
        first, reopens = self.luck.randrange(20), self.luck.random() < 0.5

        def act(world: World) -> None:
            items = Item.objects.filter(project=world.project, role="work").order_by("pk")
            some = list(items.values_list("pk", flat=True)[first : first + 3])
            if reopens:
                opening.settle(some)
                opening.reopen(some)
            else:
                opening.want_more(some)

        return act

    def setting(self) -> Act:
        name, value = self.luck.choice(
            [
                *(("price_micros", price) for price in (0, 700, PRICE)),
                *(("budget_micros", budget) for budget in (None, 60 * PRICE, 90 * PRICE)),
                *(("gold_share", share) for share in (0.0, 0.3, 0.8)),
                *(("max_answers_per_person", most) for most in (12, None)),
            ]
        )

        def act(world: World) -> None:
            with suppress(Conflict):
                update_project(Project.objects.get(pk=world.project.pk), {name: value})

        return act

    def status(self) -> Act:
        """Paused for one request."""
        claim = self.claim()

        def act(world: World) -> str:
            project = Project.objects.get(pk=world.project.pk)
            set_status(project, "paused")
            reply = claim(world)
            set_status(Project.objects.get(pk=world.project.pk), "live")
            return str(reply)

        return act

    def person(self) -> Act:
        person, turn = self._person(), self.turn()

        def act(world: World) -> str:
            pause(world.project, world.people[person], "why")
            reply = turn(world)
            reinstate(world.project, world.people[person])
            return str(reply)

        return act

    def version(self) -> Act:
        """The question changes: seats that are held keep the version that they were given under."""
        labels = self.luck.choice([["cat", "owl"], ["owl", "cat", "fox"]])

        def act(world: World) -> None:
            project = Project.objects.get(pk=world.project.pk)
            version = project.label_set_version + 1
            configuration = {"labels": [{"value": label} for label in labels]}
            made = LabelSet.objects.create(
                project=project, version=version, configuration=configuration
            )
            for code, label in enumerate(labels):
                Label.objects.create(label_set=made, code=code, value=label)
            Project.objects.filter(pk=project.pk).update(label_set_version=version)

        return act


def live_through(seed: int, acts: int, people: int = 3) -> int:
    """Do the acts in both worlds, comparing all the way. How many turns took the short way."""
    turns: list[bool] = []
    take = shortcut.take_turn

    def counting(turn: Any) -> Any:
        turned = take(turn)
        turns.append(turned is not None)
        if turned is None:
            candidates.chance.again()  # type: ignore[attr-defined]
        return turned

    chance, shortcut.take_turn = candidates.chance, counting
    try:
        _live(seed, acts, people)
    finally:
        candidates.chance, shortcut.take_turn = chance, take
    return sum(turns)


def _live(seed: int, acts: int, people: int) -> None:
    worlds = [
        make_world(f"{seed}short", people, short=True),
        make_world(f"{seed}long", people, short=False),
    ]
    schedule = Schedule(seed, people)
    for n in range(acts):
        act = schedule.next()
        replies = []
        for world in worlds:
            candidates.chance = Chances(seed * 10_000 + n)
            replies.append(act(world))
            assert not missed(world.project)
        assert replies[0] == replies[1], f"act {n}:\n{replies[0]}\n{replies[1]}"
        _compare(n, *(world.rows() for world in worlds))


def _compare(act: int, short: list[Any], long: list[Any]) -> None:
    """Only what differs: a list of everything would be compared letter by letter for minutes."""
    different = [
        (mine, theirs)
        for one, other in zip(short, long, strict=True)
        for mine, theirs in zip_longest(one, other)
        if mine != theirs
    ]
    if different:
        raise AssertionError(f"act {act}: {different[:5]}")
