"""What annotators get over HTTP: seats, verdicts, and the same reply to the same request."""

import uuid
from typing import Any

import pytest
from django.db.models.functions import Now
from rest_framework.test import APIClient

import factories
from accounts.models import User
from accounts.services import create_token
from labeling.models import Answer, Assignment, AssignmentState, Item, LedgerEntry, Project
from labeling.services.expiry import return_expired_seats

pytestmark = pytest.mark.django_db


def client(user: User) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(user).secret}")
    return api


@pytest.fixture
def project(organization) -> Project:
    made = factories.project(organization, price_micros=20_000, gold_share=0)
    for n in range(6):
        factories.item(made, seats=2, position=n)
    return made


def claim(api: APIClient, project: Project, count: int = 1, **more: Any) -> Any:
    path = f"/api/v1/projects/{project.public_id}/claims"
    return api.post(path, {"count": count, **more}, format="json")


def seats(api: APIClient, project: Project, count: int = 1) -> list[dict[str, Any]]:
    return claim(api, project, count).json()["assignments"]


def entry(seat: dict[str, Any], value: Any = "owl", **more: Any) -> dict[str, Any]:
    key = str(uuid.uuid4())
    return {"assignment": seat["id"], "value": value, "seconds": 2.5, "key": key, **more}


def send(api: APIClient, *answers: Any, **more: Any) -> Any:
    return api.post("/api/v1/answers", {"answers": list(answers), **more}, format="json")


def verdicts(reply: Any) -> list[str]:
    assert reply.status_code == 200, reply.content
    return [answer["verdict"] for answer in reply.json()["answers"]]


def end_leases(*names: str) -> None:
    Assignment.objects.filter(public_id__in=names).update(lease_until=Now())


def test_a_claim_has_exactly_the_promised_shape(project, ada) -> None:
    body = claim(client(ada), project, 2).json()
    assert set(body) == {"assignments", "why_empty"}
    assert body["why_empty"] is None
    assert len(body["assignments"]) == 2
    for seat in body["assignments"]:
        assert set(seat) == {"id", "item", "lease_until"}
        assert set(seat["item"]) == {"id", "payload", "media"}
        assert seat["item"]["media"] is None


def test_an_answer_is_stored_paid_and_followed_by_the_next_seat(project, ada) -> None:
    api = client(ada)
    [seat] = seats(api, project)
    reply = send(api, entry(seat), claim={"project": project.public_id, "count": 1})
    assert verdicts(reply) == ["stored"]
    [following] = reply.json()["claim"]["assignments"]
    assert following["item"]["id"] != seat["item"]["id"]
    assert LedgerEntry.objects.get().amount_micros == 20_000
    me = api.get("/api/v1/me").json()["projects"][0]
    assert (me["done"], me["paid_micros"], me["pending_micros"]) == (1, 20_000, 20_000)


def test_the_same_request_again_changes_nothing_and_brings_the_same_seats(project, ada) -> None:
    api = client(ada)
    body = entry(seats(api, project)[0])
    first = send(api, body, claim={"project": project.public_id, "count": 2})
    again = send(api, body, claim={"project": project.public_id, "count": 2})
    assert verdicts(first) == ["stored"]
    assert verdicts(again) == ["replayed"]
    assert again.json()["claim"] == first.json()["claim"]
    assert again.json()["answers"][0]["answer"] == first.json()["answers"][0]["answer"]
    assert Answer.objects.count() == LedgerEntry.objects.count() == 1


def test_a_claim_with_a_key_can_be_sent_again(project, ada) -> None:
    api, key = client(ada), str(uuid.uuid4())
    first = claim(api, project, 2, key=key).json()
    assert claim(api, project, 2, key=key).json() == first
    assert Assignment.objects.count() == 2
    held = api.get(f"/api/v1/projects/{project.public_id}/claims").json()
    assert held["assignments"] == first["assignments"]


def test_one_bad_answer_does_not_spoil_the_others(project, ada) -> None:
    api = client(ada)
    first, second, third = seats(api, project, 3)
    reply = send(
        api,
        entry(first),
        entry(second, value="dog"),
        entry(third, surprise=1),
        {"assignment": third["id"], "value": "owl"},
        "what",
        entry({"id": "unknown"}),
    )
    assert verdicts(reply) == ["stored", "invalid", "invalid", "invalid", "invalid", "gone"]
    fields = [answer["field"] for answer in reply.json()["answers"]]
    assert fields == [None, "value", "surprise", "key", "answer", None]
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("seconds", [-1, 1e9, "fast", True, []])
def test_seconds_that_cannot_be_are_named(project, ada, seconds) -> None:
    api = client(ada)
    reply = send(api, entry(seats(api, project)[0], seconds=seconds))
    assert verdicts(reply) == ["invalid"]
    assert reply.json()["answers"][0]["field"] == "seconds"


def test_a_key_is_the_same_answer_for_ever(project, ada) -> None:
    api = client(ada)
    first, second = seats(api, project, 2)
    body = entry(first)
    assert verdicts(send(api, body)) == ["stored"]
    assert verdicts(send(api, {**body, "value": "cat"})) == ["replayed"]
    reply = send(api, {**body, "assignment": second["id"]})
    assert (verdicts(reply), reply.json()["answers"][0]["field"]) == (["invalid"], "key")
    assert Answer.objects.get().value == "owl"


def test_a_second_answer_under_another_key_is_gone(project, ada) -> None:
    api = client(ada)
    [seat] = seats(api, project)
    assert verdicts(send(api, entry(seat), entry(seat))) == ["stored", "gone"]
    assert verdicts(send(api, entry(seat))) == ["gone"]
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("swept", [False, True])
def test_a_late_answer_counts_while_the_seat_is_free(project, ada, swept) -> None:
    api = client(ada)
    [seat] = seats(api, project)
    end_leases(seat["id"])
    assert return_expired_seats() == 1 if swept else True
    body = entry(seat)
    assert [verdicts(send(api, body)) for _ in range(3)] == [["late_stored"]] * 3
    assert LedgerEntry.objects.count() == 1
    assert Item.objects.get(public_id=seat["item"]["id"]).seats_taken == 1


@pytest.mark.parametrize("swept", [False, True])
def test_a_late_answer_that_nobody_needs_is_kept_but_not_paid(project, ada, swept) -> None:
    api = client(ada)
    [seat] = seats(api, project)
    end_leases(seat["id"])
    assert return_expired_seats() == 1 if swept else True
    Item.objects.filter(public_id=seat["item"]["id"]).update(status="settled", has_seat=False)
    body = entry(seat)
    assert [verdicts(send(api, body)) for _ in range(2)] == [["late_extra"]] * 2
    assert Answer.objects.get().counted is False
    assert LedgerEntry.objects.count() == 0
    item = Item.objects.get(public_id=seat["item"]["id"])
    assert item.seats_taken == 0
    assert Assignment.objects.get().state == AssignmentState.EXPIRED


def test_a_late_answer_never_takes_a_seat_that_is_another_s(organization, ada, ben) -> None:
    project = factories.project(organization, gold_share=0)
    factories.item(project, seats=1)
    [seat] = seats(client(ada), project)
    end_leases(seat["id"])
    return_expired_seats()
    assert len(seats(client(ben), project)) == 1
    assert verdicts(send(client(ada), entry(seat))) == ["late_extra"]


@pytest.mark.parametrize("act", ["skip", "release", "flag"])
def test_a_seat_given_back_goes_to_others_and_never_returns(project, ada, ben, act) -> None:
    api = client(ada)
    held = seats(api, project, 6)
    path = f"/api/v1/assignments/{held[0]['id']}/{act}"
    for _ in range(2):
        assert api.post(path, {"reason": "blurred"}, format="json").status_code == 200
    assert claim(api, project).json()["why_empty"] == "caught_up"
    assert verdicts(send(api, entry(held[0]))) == ["gone"]
    assert len(seats(client(ben), project, 6)) == 6
    assert api.get("/api/v1/me").json()["projects"][0]["pending_micros"] == 5 * 20_000


def test_what_was_answered_cannot_be_skipped(project, ada) -> None:
    api = client(ada)
    [seat] = seats(api, project)
    send(api, entry(seat))
    reply = api.post(f"/api/v1/assignments/{seat['id']}/skip", {}, format="json")
    assert reply.status_code == 409


def test_renewing_stretches_what_is_held_and_leaves_out_the_rest(project, ada, ben) -> None:
    api = client(ada)
    first, second = seats(api, project, 2)
    [other] = seats(client(ben), project)
    end_leases(second["id"])
    names = [first["id"], second["id"], other["id"], "unknown"]
    reply = api.post("/api/v1/assignments/renew", {"assignments": names}, format="json").json()
    assert [seat["id"] for seat in reply["assignments"]] == [first["id"]]
    assert reply["assignments"][0]["lease_until"] >= first["lease_until"]


def test_another_s_seat_does_not_exist(project, ada, ben) -> None:
    [seat] = seats(client(ada), project)
    api = client(ben)
    assert verdicts(send(api, entry(seat))) == verdicts(send(api, entry({"id": "nothing"})))
    for act in ("skip", "release", "flag"):
        body = {"reason": "x"}
        foreign = api.post(f"/api/v1/assignments/{seat['id']}/{act}", body, format="json")
        unknown = api.post(f"/api/v1/assignments/nothing/{act}", body, format="json")
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.content == unknown.content


def test_a_foreign_project_looks_like_an_unknown_one(project, zed) -> None:
    factories.Membership.objects.update(role="annotator")
    foreign, unknown = claim(client(zed), project), claim(client(zed), Project(public_id="none"))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert client(zed).get("/api/v1/me/projects").json() == {"projects": [], "next": None}


def test_answers_are_not_stored_when_the_next_project_is_foreign(project, ada) -> None:
    api = client(ada)
    [seat] = seats(api, project)
    reply = send(api, entry(seat), claim={"project": "none", "count": 1})
    assert reply.status_code == 404
    assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "answers"),
        ({"answers": []}, "answers"),
        ({"answers": [{}] * 51}, "answers"),
        ({"answers": "x"}, "answers"),
        ({"answers": [{}], "more": 1}, "more"),
        ({"answers": [{}], "claim": {"project": "x", "count": 0}}, "claim.count"),
        ({"answers": [{}], "claim": {"project": "x", "count": 1, "y": 1}}, "claim.y"),
    ],
)
def test_a_wrong_request_names_the_field(ada, body, field) -> None:
    reply = client(ada).post("/api/v1/answers", body, format="json")
    assert reply.status_code == 400
    assert reply["Content-Type"] == "application/problem+json"
    assert [error["field"].split(".0")[0] for error in reply.json()["errors"]] == [field]


@pytest.mark.parametrize("count", [0, 51, "many", None, 1.5, [1]])
def test_a_claim_takes_one_to_fifty(project, ada, count) -> None:
    reply = claim(client(ada), project, count)
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["field"] == "count"


def test_nobody_holds_more_than_fifty_seats(organization, ada) -> None:
    project = factories.project(organization, gold_share=0)
    for _ in range(60):
        factories.item(project, seats=1)
    api = client(ada)
    assert len(seats(api, project, 50)) == 50
    assert claim(api, project, 1).json() == {"assignments": [], "why_empty": "limit"}


@pytest.mark.parametrize(
    ("status", "why"), [("paused", "paused"), ("done", "done"), ("live", "nothing_open")]
)
def test_an_empty_claim_says_why(organization, ada, status, why) -> None:
    project = factories.project(organization, status=status)
    assert claim(client(ada), project).json() == {"assignments": [], "why_empty": why}


def test_open_projects_say_what_is_asked_and_paid(project, ada) -> None:
    [mine] = client(ada).get("/api/v1/me/projects").json()["projects"]
    assert mine["id"] == project.public_id
    assert mine["instructions"] == "Name the animal."
    assert mine["configuration"] == {"labels": [{"value": "cat"}, {"value": "owl"}]}
    assert (mine["price_micros"], mine["done"], mine["why_not"]) == (20_000, 0, None)


def test_the_list_of_projects_costs_the_same_however_many(
    organization, ada, django_assert_max_num_queries
) -> None:
    for _ in range(5):
        factories.project(organization)
    api = client(ada)
    with django_assert_max_num_queries(7):
        assert len(api.get("/api/v1/me/projects").json()["projects"]) == 5


def test_without_a_token_nothing_is_shown(project) -> None:
    assert APIClient().get("/api/v1/me").status_code == 401
    assert claim(APIClient(), project).status_code == 401


def test_the_document_describes_every_route(client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path in ("/answers", "/assignments/renew", "/projects/{project}/claims", "/me"):
        assert f"/api/v1{path}" in paths
