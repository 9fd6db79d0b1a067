"""Scenes for quality: known people say known things about known items, through the real services."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

import factories
from accounts.models import Organization, User
from labeling.limits import ANSWERS_AT_ONCE
from labeling.models import Assignment, Item, ItemRole, Label, Project
from labeling.services.answering import submit
from labeling.services.opening import open_gold, open_items, want_more
from labeling.services.people import enroll
from labeling.services.seats import take_seats
from labeling.services.verdicts import Submission
from quality.models import GoldAnswer

DIGITS = [str(k) for k in range(10)]


def digits_project(organization: Organization, **fields: object) -> Project:
    """Ten classes, one to seven answers; two newcomers who agree settle an item, one does not."""
    settings = {"seats_min": 1, "seats_max": 7, "target_certainty": 0.92, **fields}
    return factories.project(organization, DIGITS, **settings)


def open_work(project: Project, n: int, seats: int = 1) -> list[Item]:
    made = [Item(project=project, external_id=f"work-{i}") for i in range(n)]
    made = Item.objects.bulk_create(made)
    open_items(project.pk, [item.pk for item in made], seats)
    return made


def open_known(project: Project, labels: Sequence[str]) -> list[Item]:
    """Gold items, open to everybody."""
    made = [factories.item(project, f"gold-{i}", role=ItemRole.GOLD) for i in range(len(labels))]
    codes = dict(Label.objects.filter(label_set__project=project).values_list("value", "code"))
    for item, label in zip(made, labels, strict=True):
        GoldAnswer.objects.create(item=item, value=label, label_code=codes[label])
    open_gold(project.pk)
    return made


def say(project: Project, person: User, item: Item, label: str) -> Assignment:
    """The person takes a seat on exactly this item and answers it."""
    seat = take(project, person, item)
    answer(person, seat, label)
    return seat


def say_all(project: Project, person: User, said: Sequence[tuple[Item, str]]) -> None:
    """The person answers all of these; the items must have seats enough."""
    enroll(project, person)
    take_seats([item.pk for item, _ in said])
    seats = Assignment.objects.bulk_create(_seat(project, person, item) for item, _ in said)
    pairs = list(zip(seats, said, strict=True))
    for start in range(0, len(pairs), ANSWERS_AT_ONCE):
        submit(
            person,
            [
                Submission(seat.public_id, label, 2.0, uuid.uuid4())
                for seat, (_, label) in pairs[start : start + ANSWERS_AT_ONCE]
            ],
        )


def take(project: Project, person: User, item: Item) -> Assignment:
    enroll(project, person)
    item.refresh_from_db()
    if item.seats_taken >= item.seats_wanted:
        want_more([item.pk], item.seats_taken + 1)
    take_seats([item.pk])
    seat = _seat(project, person, item)
    seat.save()
    return seat


def _seat(project: Project, person: User, item: Item) -> Assignment:
    return Assignment(
        project=project,
        item=item,
        annotator=person,
        label_set_version=project.label_set_version,
        instructions_version=project.instructions_version,
        lease_until=timezone.now() + timedelta(minutes=10),
        price_micros=project.price_micros,
    )


def answer(person: User, seat: Assignment, label: str, key: uuid.UUID | None = None) -> str:
    """The verdict."""
    [outcome] = submit(person, [Submission(seat.public_id, label, 2.0, key or uuid.uuid4())])
    return outcome.verdict


def people(organization: Organization, n: int, name: str = "person") -> list[User]:
    return [factories.annotator(organization, f"{name}{i}") for i in range(n)]
