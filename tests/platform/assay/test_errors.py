"""Whatever goes wrong is said in the same shape, and nothing more is said than that."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.utils import OperationalError
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import path
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assay.error_pages import server_error
from assay.errors import field_errors, register_problem
from jobs.models import Job
from labeling.errors import Conflict, Refused

RAISED: dict[str, Exception] = {
    "conflict": Conflict("It is over.", field="status"),
    "refused": Refused("Too many."),
    "missing": Http404("who is Ada?"),
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation("inner detail"),
    "database": OperationalError("password=hunter2"),
    "throttled": Throttled(wait=3.2),
    "bug": ZeroDivisionError("inner detail"),
}


class Raising(APIView):
    permission_classes = ()
    authentication_classes = ()

    def get(self, request: Request, name: str) -> Response:
        raise RAISED[name]


class Inner(serializers.Serializer[Any]):
    value = serializers.CharField(max_length=3)


class Echo(APIView):
    permission_classes = ()
    authentication_classes = ()

    class Input(serializers.Serializer[Any]):
        answers = Inner(many=True)

    def post(self, request: Request) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(body.validated_data)


urlpatterns = [path("api/raise/<name>", Raising.as_view()), path("api/echo", Echo.as_view())]
handler404 = "assay.error_pages.not_found"
handler500 = "assay.error_pages.server_error"


@pytest.fixture
def client(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("conflict", 409),
        ("refused", 400),
        ("missing", 404),
        ("denied", 403),
        ("suspicious", 400),
        ("database", 503),
        ("throttled", 429),
        ("bug", 500),
    ],
)
def test_every_error_is_a_problem_document(client: Client, name: str, status: int) -> None:
    answer = client.get(f"/api/raise/{name}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert not {"hunter2", "inner detail", "Ada"} & set(
        answer.content.decode().replace('"', " ").split(" ")
    )


def test_no_error_tells_what_is_inside(client: Client) -> None:
    said = "".join(client.get(f"/api/raise/{name}").content.decode() for name in RAISED)
    for secret in ("hunter2", "inner detail", "Ada", "Traceback", "ZeroDivision"):
        assert secret not in said


def test_a_domain_error_names_its_field(client: Client) -> None:
    body = client.get("/api/raise/conflict").json()
    assert body["errors"] == [{"field": "status", "message": "It is over."}]


def test_a_mistake_of_ours_has_a_reference_that_the_log_has_too(
    client: Client, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    told = client.get("/api/raise/bug").json()["reference"]
    assert any(told in record.getMessage() for record in caplog.records)
    settings.ROOT_URLCONF = "assay.urls"
    page = server_error(RequestFactory().get("/p/x")).content.decode()
    shown = re.search(r'dir="ltr">([0-9a-f]{8})</span>', page)
    assert shown
    assert any(shown[1] in record.getMessage() for record in caplog.records)


def test_an_error_says_when_to_try_again(client: Client) -> None:
    assert client.get("/api/raise/throttled").headers["Retry-After"] == "4"
    assert client.get("/api/raise/database").headers["Retry-After"] == "1"


def test_an_app_can_register_its_own_errors(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Teapot(Exception):
        message = "Short and stout."

    monkeypatch.setitem(RAISED, "teapot", Teapot())
    register_problem(Teapot, 418, "A teapot.")
    body = client.get("/api/raise/teapot").json()
    assert (body["status"], body["title"], body["detail"]) == (418, "A teapot.", "Short and stout.")


def post(client: Client, body: str | bytes) -> Any:
    return client.post("/api/echo", body, content_type="application/json")


def test_input_errors_name_every_field_by_its_path(client: Client) -> None:
    answer = post(client, '{"answers": [{"value": "ok"}, {"value": "much too long"}, {}]}')
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [
        "answers.1.value",
        "answers.2.value",
    ]


@pytest.mark.parametrize("body", ["{", '{"answers": 1e400}', b"\xff", '{"answers": "\\u0000"}'])
def test_broken_json_is_400(client: Client, body: str | bytes) -> None:
    answer = post(client, body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_body_beyond_the_limit_is_413(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert post(client, '{"answers": []}' + " " * 100).status_code == 413


def test_an_unknown_path_of_the_api_is_a_problem_document(client: Client) -> None:
    answer = client.get("/api/nothing")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/api/echo?a=%00", "/api/raise/a%00b"])
def test_an_address_with_a_nul_is_400(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_the_page_of_a_bug_needs_no_database(settings: Any) -> None:
    """There is no `db` here: a query would fail this test."""
    from assay.error_pages import server_error

    answer = server_error(RequestFactory().get("/tasks"))
    assert answer.status_code == 500
    assert b"<h1>" in answer.content


def test_errors_about_no_field_have_an_empty_one() -> None:
    assert list(field_errors({"non_field_errors": ["No."]})) == [{"field": "", "message": "No."}]


@pytest.mark.django_db
def test_health_says_whether_the_database_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/health").status_code == 200

    def away() -> None:
        raise OperationalError("password=hunter2")

    monkeypatch.setattr("assay.health.connection.cursor", away)
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert b"hunter2" not in answer.content


def test_managers_see_the_jobs_of_their_own_organization_only(
    mia: Any, ada: Any, zed: Any, organization: Any
) -> None:
    Job.objects.bulk_create(Job(kind="tests.work", tenant=organization.pk) for _ in range(60))
    Job.objects.create(kind="tests.nobody")
    assert jobs_seen_by(mia) == 60
    assert jobs_seen_by(zed) == 0
    assert jobs_seen_by(ada) == 0
    assert Client().get("/api/v1/jobs").status_code == 401


def jobs_seen_by(person: Any) -> int:
    client = Client()
    client.force_login(person)
    seen, address = 0, "/api/v1/jobs"
    while address:
        body = client.get(address).json()
        seen, address = seen + len(body["results"]), body["next"]
    return seen
