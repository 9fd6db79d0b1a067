"""Gold takes the place of ordinary items and cannot be told from them by anything that is observable."""

import json
import random
import re
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

import factories
from accounts.models import Organization, User
from labeling.models import Assignment, Item, Project
from labeling.services import candidates
from labeling.services.candidates import NEWCOMER_SHARE, gold_chance
from labeling.services.claiming import claim

SHARES = st.floats(0, 0.99)
CLAIMED = st.integers(0, 10**6)
pytestmark = pytest.mark.django_db


@given(SHARES, CLAIMED, CLAIMED)
def test_the_chance_falls_to_the_share_of_the_project(share, one, other) -> None:
    early, late = (gold_chance(share, n) for n in sorted((one, other)))
    rounding = 1e-12
    assert share <= late + rounding
    assert late <= early + rounding
    assert early <= max(share, NEWCOMER_SHARE) + rounding
    assert gold_chance(0, one) == 0
    assert gold_chance(share, 10**9) == pytest.approx(share, abs=1e-6)


def mixed(organization: Organization, work: int, gold: int, **fields: Any) -> Project:
    project = factories.project(organization, **{"gold_share": 0.2, **fields})
    rows = [("work", n) for n in range(work)] + [("gold", n) for n in range(gold)]
    Item.objects.bulk_create(
        Item(
            project=project,
            external_id=f"{role}{n}",
            payload={"text": "x"},
            role=role,
            status="open",
            seats_wanted=1000,
            has_seat=True,
            position=n,
        )
        for role, n in rows
    )
    return project


def roles(project: Project, user: User, claims: int, count: int = 1) -> list[str]:
    found: list[str] = []
    for _ in range(claims):
        seats = claim(project, user, count).assignments
        found += [seat.item.role for seat in seats]
        Assignment.objects.filter(pk__in=[s.pk for s in seats]).update(state="answered")
    return found


def test_newcomers_meet_gold_more_often(organization, monkeypatch) -> None:
    monkeypatch.setattr(candidates, "chance", random.Random(5))
    project = mixed(organization, 60, 60, gold_share=0.05)
    met = [roles(project, factories.annotator(organization, f"p{n}"), 5, 8) for n in range(12)]
    early = [role for person in met for role in person[:10]]
    late = [role for person in met for role in person[25:]]
    assert 0.2 < early.count("gold") / len(early) < 0.47
    assert late.count("gold") / len(late) < early.count("gold") / len(early)


def test_a_gold_item_is_never_served_twice_to_a_person(organization, ada, monkeypatch) -> None:
    monkeypatch.setattr(candidates, "chance", random.Random(1))
    project = mixed(organization, 80, 6, gold_share=0.9)
    assert roles(project, ada, 30, 2).count("gold") == 6
    items = Assignment.objects.filter(annotator=ada).values_list("item", flat=True)
    assert len(set(items)) == len(items)


def test_two_people_meet_gold_in_different_orders(organization, monkeypatch) -> None:
    monkeypatch.setattr(candidates, "chance", random.Random(2))
    project = mixed(organization, 40, 12, gold_share=0.9)
    for n, item in enumerate(Item.objects.filter(role="gold")):
        Item.objects.filter(pk=item.pk).update(position=n * (1 << 58))
    orders = set()
    for n in range(3):
        person = factories.annotator(organization, f"p{n}")
        roles(project, person, 10)
        met = Assignment.objects.filter(annotator=person, item__role="gold").order_by("pk")
        orders.add(tuple(met.values_list("item", flat=True)))
    assert len(orders) == 3


@pytest.mark.parametrize("gold", [0, 5])
def test_how_much_work_there_is_never_depends_on_gold(organization, ada, gold) -> None:
    """When the ordinary items end, the claims end: what is left of gold shows nothing."""
    project = mixed(organization, 0, gold, gold_share=0.99)
    assert claim(project, ada, 5).why_empty == "nothing_open"
    assert claim(project, ada, 5).assignments == []
    Item.objects.create(
        project=project, external_id="w", status="open", seats_wanted=1, has_seat=True
    )
    assert len(claim(project, ada, 5).assignments) == 1


def world(organization: Organization, user: User, role: str) -> list[str]:
    """Every byte that a worker gets on the way through one item, with random parts named."""
    project = factories.project(organization, gold_share=0.99, price_micros=7)
    asked = factories.item(project, "asked", seats=9, position=1, payload={"text": "?"}, role=role)
    factories.item(project, "other", seats=9, position=2, payload={"text": "!"})
    api, names = APIClient(), {asked.public_id: "ITEM", project.public_id: "PROJECT"}
    api.force_authenticate(user)
    path = f"/api/v1/projects/{project.public_id}/claims"
    replies = [api.post(path, {"count": 1}, format="json")]
    seat = replies[0].json()["assignments"][0]
    assert seat["item"]["id"] == asked.public_id
    names[seat["id"]] = "SEAT"
    wrong = {"assignment": seat["id"], "value": "?", "key": str(uuid.UUID(int=9))}
    right = {**wrong, "value": "owl", "key": str(uuid.UUID(int=project.pk))}
    sent = [{"answers": [answer]} for answer in (wrong, right, right)]
    replies += [api.post("/api/v1/answers", body, format="json") for body in sent]
    replies += [api.post(f"/api/v1/assignments/{seat['id']}/skip", {}, format="json")]
    replies += [api.get(path)]
    return [_plain(reply, names) for reply in replies]


def _plain(reply: Any, names: dict[str, str]) -> str:
    text = json.dumps([reply.status_code, dict(reply.headers), reply.json()], sort_keys=True)
    for name, plain in names.items():
        text = text.replace(name, plain)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "TIME", text)
    text = re.sub(r'"answer": "\w+"', '"answer": "ANSWER"', text)
    return re.sub(r"0{8}-[0-9a-f-]+", "KEY", text)


def test_twin_worlds_one_with_gold_and_one_without_look_the_same(
    organization, ada, monkeypatch
) -> None:
    monkeypatch.setattr(candidates, "chance", random.Random(3))
    assert world(organization, ada, "gold") == world(organization, ada, "work")
