"""A classifier that sees everything a person sees cannot tell gold from ordinary items.

Everything: ids, fields, sizes, order within a reply, place in the day's work, lease, verdict, pay. Not
the time a reply takes: on a machine that others share it says nothing either way. And not what other
people saw: whoever knows of an item from somebody else that it is gold needs no classifier, so the tasks
it is tested on are to items that it was not trained on.
"""

import json
import random
import uuid
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

import factories
from accounts.models import User
from accounts.services import create_token
from labeling.models import Assignment, Item, ItemRole, Project
from labeling.services import candidates, opening
from labeling.services.importing import open_pool
from labeling.services.opening import open_gold

pytestmark = pytest.mark.django_db

PEOPLE, TASKS, AT_ONCE = 4, 500, 25
MIXED = np.random.default_rng(1).permutation(900)
CHANCE_LEVEL = 0.58  # without a leak the area is .51 with a deviation of .03, by ten worlds
NUMBER = 13  # the column of what the item itself says


class Observer:
    """Works through the API and writes down all that comes back, one row of numbers a task."""

    def __init__(self, user: User, project: Project) -> None:
        self.api = APIClient()
        self.api.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(user).secret}")
        self.project = project.public_id
        self.rows: list[list[float]] = []
        self.seats: list[str] = []
        self.paid = 0

    def work(self, tasks: int) -> None:
        path = f"/api/v1/projects/{self.project}/claims"
        claimed = self.api.post(path, {"count": AT_ONCE}, format="json").json()
        while len(self.rows) < tasks:
            claimed = self._answer(claimed["assignments"])

    def _answer(self, seats: list[dict[str, Any]]) -> Any:
        assert seats, "the person ran out of work"
        answers = [self._said(seat) for seat in seats]
        following = {"project": self.project, "count": AT_ONCE}
        body = {"answers": answers, "claim": following}
        reply = self.api.post("/api/v1/answers", body, format="json").json()
        me = self.api.get("/api/v1/me").json()["projects"][0]
        earned, self.paid = me["paid_micros"] - self.paid, me["paid_micros"]
        for place, (seat, outcome) in enumerate(zip(seats, reply["answers"], strict=True)):
            self.seats.append(seat["id"])
            self.rows.append([*_seen(seat, outcome), place, len(self.rows), len(seats), earned])
        return reply["claim"]

    def _said(self, seat: dict[str, Any]) -> dict[str, Any]:
        value = ("cat", "owl")[len(self.rows) % 2]
        return {"assignment": seat["id"], "value": value, "key": str(uuid.uuid4())}


def _seen(seat: dict[str, Any], outcome: dict[str, Any]) -> list[float]:
    item, until = seat["item"], datetime.fromisoformat(seat["lease_until"])
    texts = [seat["id"], item["id"], outcome["answer"] or ""]
    return [
        *[float(ord(text[n])) for text in texts for n in (0, 1, -1)],
        len(json.dumps(seat)),
        len(json.dumps(outcome)),
        hash(tuple(seat)) % 97,
        hash(tuple(item)) % 97,
        float(item["payload"]["text"].split()[-1]),
        until.timestamp() % 3600,
        until.microsecond,
        hash(outcome["verdict"]) % 97,
    ]


def area(rows: Sequence[Sequence[float]], seen: Sequence[Assignment]) -> float:
    """Area under the ROC curve of a forest, on tasks to items that it was not trained on."""
    forest = RandomForestClassifier(60, min_samples_leaf=10, random_state=0)
    gold, items = is_gold(seen), [seat.item_id for seat in seen]
    said = cross_val_predict(
        forest,
        np.array(rows),
        np.array(gold),
        groups=items,
        cv=GroupKFold(5),
        method="predict_proba",
    )
    return float(roc_auc_score(gold, said[:, 1]))


def is_gold(seen: Sequence[Assignment]) -> list[bool]:
    return [seat.item.role == ItemRole.GOLD for seat in seen]


def observe(
    organization: Any, file: Sequence[int], **settings: Any
) -> tuple[list[list[float]], list[Assignment]]:
    """What people see of items with these numbers in them, in the order of the file; 220 of them gold."""
    project = factories.project(organization, gold_share=0.2, price_micros=3, redundancy="fixed",
                                seats_min=1, seats_max=PEOPLE, **settings)  # fmt: skip
    gold = set(MIXED[:220].tolist())
    Item.objects.bulk_create(
        Item(
            project=project,
            external_id=str(n),
            payload={"text": f"owl {n:03}"},
            role=ItemRole.GOLD if n in gold else ItemRole.WORK,
        )
        for n in file
    )
    open_pool(project)
    open_gold(project.pk)
    rows: list[list[float]] = []
    seats: list[str] = []
    for n in range(PEOPLE):
        observer = Observer(factories.annotator(organization, f"{organization.name}-{n}"), project)
        observer.work(TASKS)
        rows += observer.rows
        seats += observer.seats
    known = {seat.public_id: seat for seat in Assignment.objects.select_related("item")}
    return rows, [known[seat] for seat in seats]


def test_gold_cannot_be_told_from_what_a_person_sees(organization, monkeypatch) -> None:
    monkeypatch.setattr(candidates, "chance", random.Random(7))
    rows, seen = observe(organization, range(900))
    assert 0.15 < np.mean(is_gold(seen)) < 0.35
    # Ids are random: one world in some hundreds is above the level by chance, and a leak is in every one.
    again = (
        area(*observe(factories.organization(name), range(900))) for name in ("second", "third")
    )
    assert any(found <= CHANCE_LEVEL for found in chain([area(rows, seen)], again))
    leaking = [[*row, row[0] + 40 * told] for row, told in zip(rows, is_gold(seen), strict=True)]
    assert area(leaking, seen) > 0.9  # the same classifier sees what there is to see


@pytest.mark.nightly
def test_gold_is_not_out_of_turn_where_items_tell_their_place_in_the_file(
    organization, monkeypatch
) -> None:
    monkeypatch.setattr(candidates, "chance", random.Random(7))
    rows, seen = observe(organization, range(900), order="oldest")
    assert area(with_steps(rows), seen) <= CHANCE_LEVEL


@pytest.mark.nightly
def test_the_order_of_the_file_would_tell_gold(organization, monkeypatch) -> None:
    monkeypatch.setattr(candidates, "chance", random.Random(7))
    monkeypatch.setattr(opening, "_came_in", lambda item: item.pk)
    rows, seen = observe(organization, range(900), order="oldest")
    assert area(with_steps(rows), seen) > 0.8


def with_steps(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """And how far each number is from those around it."""
    numbers = np.array([row[NUMBER] for row in rows])
    usual = [np.median(numbers[max(n - 5, 0) : n + 6]) for n in range(len(numbers))]
    return [
        [*row, *step] for row, step in zip(rows, zip(numbers - usual, strict=True), strict=True)
    ]
