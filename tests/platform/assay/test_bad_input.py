"""Every field of every operation that takes JSON: what does not fit is refused by name, and nothing is stored.

A right body is made for each operation; then one field after the other holds something wrong. An operation
that is new in the OpenAPI document fails here until its right body stands below.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from rest_framework.test import APIClient

import factories
from accounts.models import User
from accounts.services import create_token
from api_document import document
from labeling.models import Answer, Enrollment, Item, Project
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.verdicts import Submission
from learning.models import Certificate, LabelingFunction, ModelVersion
from quality.services.appeals import appeal
from quality.services.by_hand import decide_by_hand

pytestmark = pytest.mark.django_db

Path = tuple[str | int, ...]
Ids = dict[str, str]
METHODS = ("post", "put", "patch")
LONG = "x" * 150_000
WRONG: tuple[Any, ...] = (True, 7.5, "no such thing", [[]], {"no": "field"})
BAD_TEXTS = (LONG, "a\0b", "a\ud800b")
TOO_MANY = 10_001
HUGE = 10**30
ENDLESS = "1e400"
FREE = (
    "value",
    "label",
    "configuration",
)  # what the label type asks for: refused there, not by type
# Refused for what they name, an account or items that are not what they would have to be.
NEED_MORE = {"create_token", "give_review", "promote_to_gold", "retire_gold", "keep_gold"}
NEED_MORE |= {"forecast_certificate", "request_certificate", "answer_audit", "audit_again"}
NEED_MORE |= {"schedule_audits", "synthesize_items"}
MAY_BE_EMPTY = (("groups",), ("languages",), ("stop_rules",))  # who belongs to nothing; no rule
COUNTED = ("accounts", "labeling", "quality", "learning", "jobs")


def key() -> str:
    return str(uuid.uuid4())


RULE = {"evidence": "copying", "threshold": 1.0, "actions": ["warn"]}
BODIES: dict[str, Callable[[Ids], dict[str, Any]]] = {
    "claim_seats": lambda ids: {"count": 1, "key": key()},
    "submit_answers": lambda ids: {
        "answers": [
            {"assignment": ids["assignment"], "value": "owl", "seconds": 1.5, "key": key()}
        ],
        "claim": {"project": ids["project"], "count": 1},
    },
    "revise_answer": lambda ids: {"value": "cat", "seconds": 1.5, "key": key()},
    "skip_seat": lambda ids: {"reason": "unclear", "text": "so so"},
    "flag_seat": lambda ids: {"reason": "broken", "text": "so so"},
    "release_seat": lambda ids: {"reason": "break", "text": "so so"},
    "renew_seats": lambda ids: {"assignments": [ids["assignment"]]},
    "create_project": lambda ids: {
        **settings(),
        "organization": ids["organization"],
        "label_type": "choice",
        "currency": "USD",
    },
    "change_project": lambda ids: settings(),
    "set_project_status": lambda ids: {"status": "paused"},
    "withdraw_items": lambda ids: {"items": ["none"]},
    "start_answers_export": lambda ids: {"format": "csv", "people": "pseudonyms"},
    "start_labels_export": lambda ids: {"format": "csv"},
    "add_people": lambda ids: {"count": 1, "groups": ["a"], "languages": ["de"], "door": "d"},
    "describe_person": lambda ids: {"groups": ["a"], "languages": ["de"], "door": "d"},
    "set_bonus": lambda ids: {"bonus_micros": 5},
    "add_gold": lambda ids: {
        "role": "gold",
        "known": [{"item": "pool", "label": "owl", "explanation": "so"}],
    },
    "decide": lambda ids: {
        "annotator": ids["person"],
        "actions": ["warn"],
        "reason": "too quick",
        "words": "Please take your time.",
    },
    "reverse_decision": lambda ids: {"reason": "it was good work"},
    "answer_appeal": lambda ids: {"outcome": "uphold", "words": "We have looked."},
    "appeal_decision": lambda ids: {"decision": ids["second_decision"], "text": "Why?"},
    "set_rules": lambda ids: {"rules": [RULE], "version": 1},
    "try_rules": lambda ids: {"rules": [RULE]},
    "give_review": lambda ids: {"item": ids["item"], "value": "owl", "note": "clear"},
    "claim_reviews": lambda ids: {"count": 1},
    "set_quality_policy": lambda ids: {"reviews": "final", "suspect_gold": "propose"},
    "promote_to_gold": lambda ids: {"items": [ids["item"]]},
    "retire_gold": lambda ids: {"items": [ids["item"]], "reason": "seen by all"},
    "keep_gold": lambda ids: {"item": ids["item"]},
    "add_labelling_function": lambda ids: {
        "name": "says owl",
        "kind": "keyword",
        "parameters": {"field": "text", "words": ["hoot"], "label": "owl"},
    },
    "try_labelling_function": lambda ids: {
        "kind": "keyword",
        "parameters": {"field": "text", "words": ["hoot"], "label": "owl"},
    },
    "switch_labelling_function": lambda ids: {"active": False},
    "change_plan": lambda ids: {
        "features": "auto",
        "estimator": "logistic",
        "first_strategy": "diverse",
        "strategy": "priced",
        "shares": {"priced": 0.9, "random": 0.1},
        "random_share": 0.1,
        "round_size": 50,
        "retrain_after": 50,
        "interactive_after": 0,
        "retrain_share": 0.1,
        "retrain_hours": 24,
        "certainty": 0.9,
        "turn_away": False,
        "stop_rules": ["certainty"],
    },
    "set_stream_budget": lambda ids: {"budget": 0.5},
    "stream": lambda ids: {"id": "new", "payload": {"text": "hoot"}},
    "forecast_certificate": lambda ids: {
        "bound": 0.05,
        "confidence": 0.9,
        "looks": 1,
        "per_class": False,
        "share": 1.0,
        "sizes": [100],
        "price_micros": 5,
    },
    "request_certificate": lambda ids: {
        "bound": 0.05,
        "confidence": 0.9,
        "looks": 1,
        "per_class": False,
        "share": 1.0,
        "audit_items": 100,
    },
    "answer_audit": lambda ids: {"item": ids["item"], "value": "owl"},
    "audit_again": lambda ids: {"items": 10},
    "schedule_audits": lambda ids: {"days": 7, "items": 10},
    "synthesize_items": lambda ids: {"items": 3, "generator": ""},
    "withdraw_certificate": lambda ids: {"because": "the scanner was changed"},
    "create_token": lambda ids: {"user": "nobody", "name": "load", "days": 3},
}


def settings() -> dict[str, Any]:
    return {
        "name": "Birds",
        "configuration": {"labels": ["cat", "owl"]},
        "instructions": "Look.",
        "redundancy": "adaptive",
        "seats_min": 1,
        "seats_max": 3,
        "partial_share": 0.5,
        "target_certainty": 0.9,
        "order": "random",
        "lease_seconds": 60,
        "gold_share": 0.1,
        "gold_rule": "fixed",
        "max_answers_per_person": 9,
        "max_share_per_person": 0.5,
        "max_answers_per_day": 9,
        "practice_bound": 0.5,
        "who_may_work": {"groups": ["a"], "skills": [{"at_least": 0.5}]},
        "media_rules": {"required": True, "types": ["image/png"], "most_pixels": 9},
        "match_people": False,
        "shuffle_labels": False,
        "by_invitation": False,
        "price_micros": 7,
        "budget_micros": 700,
    }


def operations() -> dict[str, tuple[str, str]]:
    """By name, for those that take JSON: path and method."""
    return {
        operation["operationId"]: (path, method)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
        and "application/json" in operation.get("requestBody", {}).get("content", {})
    }


@pytest.fixture
def project(organization: Any) -> Project:
    made = factories.project(organization, gold_share=0)
    for n in range(5):
        factories.item(made, seats=3, position=n)
    factories.item(made, "pool")
    return made


@pytest.fixture
def ids(project: Project, ada: User) -> Ids:
    first, second = claim(project, ada, 2).assignments
    submit(ada, [Submission(first.public_id, "owl", None, uuid.uuid4())])
    one, other = (_warned(project) for _ in range(2))
    LabelingFunction.objects.create(project=project, name="old", kind="keyword", parameters={})
    model = ModelVersion.objects.create(project=project, number=1, labels_seen=9)
    Certificate.objects.create(project=project, model=model, bound=0.1, confidence=0.9)
    return {
        "function": "old",
        "number": "1",
        "item": Item.objects.get(external_id="pool").public_id,
        "decision": one,
        "second_decision": other,
        "appeal": appeal(ada, one, "Why?").public_id or "",
        "organization": project.organization.public_id,
        "project": project.public_id,
        "person": Enrollment.objects.get().pseudonym,
        "assignment": second.public_id,
        "answer": Answer.objects.get().public_id,
    }


def _warned(project: Project) -> str:
    name = Enrollment.objects.get(project=project).pseudonym
    made = decide_by_hand(project, name, actions=["warn"], reason="too quick", by=None)
    return made.public_id or ""


class Operation:
    """One operation, asked by somebody who may ask it."""

    def __init__(self, name: str, ids: Ids, ada: User, mia: User) -> None:
        path, self.method = operations()[name]
        worker = any(word in path for word in ("/claims", "/answers", "/assignments", "/me/"))
        staff = any(word in path for word in ("/exports", "/reviews"))
        self.user = ada if worker and not staff else mia
        self.path = path.format(**ids)
        self.api = APIClient(raise_request_exception=False)
        token = create_token(self.user).secret
        self.api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def send(self, body: Any) -> Any:
        raw = json.dumps(body).replace(f'"{ENDLESS}"', ENDLESS)
        content = raw.encode("utf-8", "surrogatepass")
        return self.api.generic(
            self.method.upper(), self.path, content, content_type="application/json"
        )


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every field and entry of a body."""
    if path:
        yield path, value
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, entry in inner:
        yield from places(entry, (*path, name))


def put(body: Any, path: Path, value: Any) -> Any:
    """The body with another value at that place."""
    if not path:
        return value
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[path[0]] = put(body[path[0]], path[1:], value)
    return copy


def alone(body: Any, path: Path) -> Any:
    """A bad answer spoils nothing else in its request: without the claim that would be made all the same."""
    return {"answers": body["answers"]} if path[0] == "answers" else body


def wrong_values(path: Path, right: Any) -> Iterator[Any]:
    """What cannot be right there, whatever the rules are."""
    if not any(name in FREE for name in path):
        yield from (value for value in WRONG if not is_alike(value, right))
    if isinstance(right, str):
        yield from (text for text in BAD_TEXTS if text is not LONG or path[0] != "payload")
    if isinstance(right, list):
        yield [right[0]] * TOO_MANY
        if path not in MAY_BE_EMPTY:
            yield []
    if isinstance(right, int | float) and not isinstance(right, bool):
        yield from (HUGE, -HUGE, ENDLESS)


def is_alike(value: Any, right: Any) -> bool:
    """Whether the two are of one JSON type: then the value may be right."""
    numbers = [type(one) in (int, float) for one in (value, right)]
    return all(numbers) or type(value) is type(right)


def counts() -> dict[str, int]:
    """Rows of every table, in one query."""
    models = [model for app in COUNTED for model in apps.get_app_config(app).get_models()]
    tables = [model._meta.db_table for model in models]
    each = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(each)
        return dict(cursor.fetchall())


def problems(reply: Any) -> str:
    """What was refused, in one text; empty if nothing was."""
    if reply.status_code >= 400:
        return str(reply.content.decode())
    outcomes = reply.json().get("answers", []) if "json" in reply["Content-Type"] else []
    return "".join(str(each["field"]) for each in outcomes if each["verdict"] == "invalid")


def is_about(said: str, path: Path) -> bool:
    """Whether the refusal names the field, or says that the body as such cannot be read."""
    named = [str(name) for name in path if isinstance(name, str)]
    whole = said == "answer"  # one of several answers is no answer at all
    earlier = (
        "Not valid JSON" in said or "present state" in said
    )  # refused before fields are looked at
    return whole or named[-1] in said or named[0] in said or earlier


def test_every_operation_that_takes_json_has_a_right_body_here() -> None:
    assert set(BODIES) == set(operations())


@pytest.mark.parametrize("name", BODIES)
def test_what_does_not_fit_is_refused_by_name_and_nothing_is_stored(name, ids, ada, mia) -> None:
    operation, right = Operation(name, ids, ada, mia), BODIES[name](ids)
    before = counts()
    for path, value in places(right):
        for wrong in wrong_values(path, value):
            body = put(alone(right, path), path, wrong)
            reply = operation.send(body)
            said, shown = problems(reply), str(wrong)[:40]
            assert reply.status_code < 500, (path, shown)
            assert said, (path, shown, reply.content[:300])
            assert is_about(said, path), (path, shown, said[:300])
    assert counts() == before


@pytest.mark.parametrize("name", BODIES)
def test_unknown_fields_and_bodies_that_are_no_object_are_refused(name, ids, ada, mia) -> None:
    operation, before = Operation(name, ids, ada, mia), counts()
    reply = operation.send({**BODIES[name](ids), "surprise": 1})
    assert reply.status_code == 400
    assert reply.json()["errors"] == [{"field": "surprise", "message": "Unknown field."}]
    for body in ([], "text", 7, None, [{}]):
        assert 400 <= operation.send(body).status_code < 500, body
    assert counts() == before


@pytest.mark.parametrize("name", sorted(set(BODIES) - NEED_MORE))
def test_the_right_body_is_taken(name, ids, ada, mia) -> None:
    """Else the two tests above would show nothing."""
    assert Operation(name, ids, ada, mia).send(BODIES[name](ids)).status_code < 300


def test_foreign_ids_in_a_body_are_as_unknown_ones(ids, ada, zed, project) -> None:
    elsewhere = factories.project(factories.organization("Elsewhere"))
    factories.item(elsewhere, seats=3)
    zoe = factories.annotator(elsewhere.organization, "zoe")
    [foreign] = claim(elsewhere, zoe, 1).assignments
    operation = Operation("submit_answers", ids, ada, zed)
    replies = []
    for assignment, claimed in ((foreign.public_id, elsewhere.public_id), ("unknown", "unknown")):
        answer = {"assignment": assignment, "value": "owl", "key": key()}
        [outcome] = operation.send({"answers": [answer]}).json()["answers"]
        refused = operation.send({"answers": [answer], "claim": {"project": claimed, "count": 1}})
        known = {name: outcome[name] for name in ("verdict", "answer", "field", "message")}
        replies.append((known, refused.status_code, refused.json()))
    assert replies[0] == replies[1]
    assert replies[0][0]["verdict"] == "gone"
    assert Item.objects.get(project=elsewhere).seats_taken == 1
