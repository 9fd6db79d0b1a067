"""The short way and the reference do the same, answer by answer, whatever happens around them."""

import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

import factories
from accounts.models import User
from accounts.services import create_token
from at_work import crowd, open_items, recount
from labeling.api import shortcut
from labeling.models import Answer, Project
from labeling.queries import spent_micros
from labeling.services.fast import Turn, take_turn
from labeling.services.people import enroll
from on_sqlite import run_on_sqlite
from together import together
from twin_worlds import live_through

TAKEN = 3  # turns by the short way at least; the others are there to need the reference


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1])
def test_two_worlds_stay_the_same(seed) -> None:
    assert live_through(seed, acts=60) > TAKEN


@pytest.mark.nightly
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(100, 140))
def test_two_worlds_stay_the_same_for_long(seed) -> None:
    assert live_through(seed, acts=200) > TAKEN


@pytest.mark.nightly
def test_two_worlds_stay_the_same_on_sqlite(tmp_path: Path) -> None:
    script = Path(__file__).with_name("twins_on_sqlite.py")
    # What Django's test client calls.
    turns = run_on_sqlite(script, tmp_path, "2", "60", ALLOWED_HOSTS="testserver").split()
    assert all(int(turn) > TAKEN for turn in turns)


def labor(api: APIClient, project: Project, batch: int) -> Counter[str]:
    """Answer and claim until nothing comes any more. How often each verdict came."""
    path = f"/api/v1/projects/{project.public_id}/claims"
    claim = {"project": project.public_id, "count": batch}
    seats = api.post(path, {"count": batch}, format="json").json()["assignments"]
    verdicts: Counter[str] = Counter()
    while seats:
        answers = [
            {"assignment": seat["id"], "value": "owl", "key": str(uuid.uuid4())} for seat in seats
        ]
        body = {"answers": answers, "claim": claim}
        reply = api.post("/api/v1/answers", body, format="json")
        assert reply.status_code == 200, reply.content
        verdicts.update(answer["verdict"] for answer in reply.json()["answers"])
        seats = reply.json()["claim"]["assignments"]
    return verdicts


def signed_in(user: User) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(user).secret}")
    return api


@pytest.mark.django_db(transaction=True)
def test_sixteen_people_on_the_short_way_are_exact(organization, monkeypatch) -> None:
    """No deadlock, no seat too many, not one answer over the budget; and it was the short way."""
    turns: list[Any] = []
    take = shortcut.take_turn
    monkeypatch.setattr(shortcut, "take_turn", lambda turn: turns.append(take(turn)) or turns[-1])
    price = 1000
    project = factories.project(
        organization, price_micros=price, budget_micros=100 * price, gold_share=0.2
    )
    apis = [signed_in(person) for person in crowd(project, 16)]
    open_items(project, 50, seats=3)
    open_items(project, 5, seats=1000, role="gold", prefix="g")
    calls = [lambda api=api, n=n: labor(api, project, 1 + n % 3) for n, api in enumerate(apis)]
    verdicts = sum(together(calls), Counter())
    assert set(verdicts) == {"stored"}
    assert verdicts["stored"] == Answer.objects.count()
    recount(project)
    assert price * 50 < spent_micros(project.pk) <= price * 100
    assert None not in turns


UNUSUAL = ['say "cat"', "back\\slash", "{a,b}", "NULL", "l\u00f6we \u2028 \U0001f42f", "it's, {}"]


@pytest.mark.django_db
def test_whatever_a_label_is_made_of_arrives(organization, monkeypatch) -> None:
    """Values go to the database inside an array; nothing in them may end it."""
    turns: list[Any] = []
    take = shortcut.take_turn
    monkeypatch.setattr(shortcut, "take_turn", lambda turn: turns.append(take(turn)) or turns[-1])
    project = factories.project(organization, UNUSUAL, gold_share=0.0)
    [ada] = crowd(project, 1)
    open_items(project, len(UNUSUAL), seats=1)
    api, path = signed_in(ada), f"/api/v1/projects/{project.public_id}/claims"
    seats = api.post(path, {"count": len(UNUSUAL)}, format="json").json()["assignments"]
    answers = [
        {"assignment": seat["id"], "value": value, "key": str(uuid.uuid4())}
        for seat, value in zip(seats, UNUSUAL, strict=True)
    ]
    api.post("/api/v1/answers", {"answers": answers}, format="json")
    assert None not in turns
    assert list(Answer.objects.order_by("pk").values_list("value", flat=True)) == UNUSUAL


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_forgot_the_statement_learns_it_again(organization, ada) -> None:
    """As after a DISCARD ALL: one turn goes to the reference, the next is short again."""
    project = factories.project(organization)
    enroll(project, ada)
    open_items(project, 3, seats=1)
    turn = Turn(create_token(ada).token.digest, project.public_id, wanted=1)
    taken = []
    for forgets in (False, True, False):
        if forgets:
            with connection.cursor() as cursor:
                cursor.execute("DEALLOCATE ALL")
        taken.append(take_turn(turn) is not None)
    assert taken == [True, False, True]
