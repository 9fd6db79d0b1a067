"""The OpenAPI document is complete and valid, and what it promises about input holds.

Bodies and queries are made from the document itself, right ones and wrong ones (schemathesis), and sent to
every operation as somebody who may use it. Whatever comes, the answer is never a 5xx; wrong input gets a
4xx in problem+json.
"""

import io
import json
import uuid
from contextlib import redirect_stderr
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.urls import resolve
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.test import APIClient
from schemathesis.core import NotSet
from schemathesis.generation.modes import GenerationMode

import factories
from accounts.models import User
from accounts.services import create_token
from api_document import document, make_document
from labeling.models import Answer, Enrollment, Project
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.verdicts import Submission

pytestmark = pytest.mark.django_db


class NoMatter(dict[str, str]):
    """Names of things that exist, and for any other a name of nothing."""

    def __missing__(self, name: str) -> str:
        return "nothing"


METHODS = {"get", "post", "put", "patch", "delete", "options", "head", "trace"}
OF_WORKERS = ("/me", "/claims", "/answers", "/assignments")


def operations() -> list[tuple[str, str]]:
    paths = document()["paths"]
    return [(path, method) for path in paths for method in paths[path] if method in METHODS]


@pytest.fixture
def project(organization) -> Project:
    made = factories.project(organization, gold_share=0)
    for n in range(5):
        factories.item(made, seats=3, position=n)
    return made


def client(user: User) -> APIClient:
    api = APIClient(raise_request_exception=False)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(user).secret}")
    return api


def test_the_document_is_made_without_warnings_and_is_valid() -> None:
    GENERATOR_STATS.reset()
    said = io.StringIO()
    with redirect_stderr(said):
        validate_schema(make_document())
    assert not said.getvalue()
    assert not GENERATOR_STATS


def test_methods_that_are_not_there_are_refused(project, mia) -> None:
    api, paths = client(mia), document()["paths"]
    for path in paths:
        missing = METHODS - set(paths[path]) - {"head", "options", "trace"}
        for method in sorted(missing):
            reply = api.generic(method.upper(), _filled(path, project))
            assert reply.status_code in (404, 405), (method, path)
    assert api.generic("BREW", "/api/v1/me").status_code == 405


def test_every_view_names_the_parameters_of_its_operations() -> None:
    paths = document()["paths"]
    for path, method in operations():
        found = [
            one["name"] for one in paths[path][method].get("parameters", ()) if one["in"] == "query"
        ]
        view = resolve(path.replace("{", "").replace("}", "")).func.view_class
        named = getattr(view, "query_parameters", {}).get(method.upper(), ())
        assert set(found) == set(named), f"{view.__name__}.query_parameters for {method} {path}"


def test_every_operation_refuses_parameters_that_it_does_not_name(ada, mia, values) -> None:
    for path, method in operations():
        reply = who(path, ada, mia).generic(
            method.upper(), path.format_map(NoMatter(values)), QUERY_STRING="anything=1"
        )
        assert reply.status_code == 400, (method, path)
        assert reply.json()["errors"] == [{"field": "anything", "message": "Unknown parameter."}]


def _filled(path: str, project: Project) -> str:
    return path.replace("{project}", project.public_id).replace("{", "").replace("}", "")


def send(api: APIClient, case: Any, path: str) -> Any:
    body = case.body
    if isinstance(body, NotSet):
        return api.generic(case.method, path, QUERY_STRING=_query(case))
    if case.media_type == "application/json":
        raw = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8", "surrogatepass")
        return api.generic(
            case.method, path, raw, content_type="application/json", QUERY_STRING=_query(case)
        )
    return api.generic(case.method, path, b"", content_type="multipart/form-data; boundary=x")


def _query(case: Any) -> str:
    return urlencode(case.query or {}, doseq=True, errors="replace")


@cache
def schema() -> Any:
    return schemathesis.openapi.from_dict(document())


def hammer(path: str, method: str, api: APIClient, values: dict[str, str], examples: int) -> None:
    """Right and wrong input of one operation."""
    operation = schema()[path][method]
    names = {name: value for name, value in values.items() if "{" + name + "}" in path}
    takes_input = len(operation.body) + len(operation.query) > 0
    for mode in (GenerationMode.POSITIVE, *[GenerationMode.NEGATIVE] * takes_input):
        cases = operation.as_strategy(generation_mode=mode, path_parameters=names)
        _run(cases, api, mode, examples)


def _run(cases: Any, api: APIClient, mode: GenerationMode, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def check(case: Any) -> None:
        path = case.formatted_path
        reply = send(api, case, path)
        assert reply.status_code < 500, (case.method, path, case.body, reply.status_code)
        if reply.status_code >= 400:
            assert reply["Content-Type"].startswith("application/problem+json"), path
        if _is_wrong(case):
            assert _is_refused(reply), (case.method, path, case.body, case.query)

    check()


def _is_wrong(case: Any) -> bool:
    """Whether body or query break the document. Wrong headers and cookies are not what is sent here."""
    wrong = {where.name for where, made in case.meta.components.items() if made.mode.is_negative}
    body = "BODY" in wrong and not isinstance(case.body, NotSet) and not _is_put_right(case.body)
    said = [
        value for value in (case.query or {}).values() if value not in ([], {})
    ]  # in an address
    return body or ("QUERY" in wrong and len(said) == len(case.query) > 0)


def _is_put_right(value: Any) -> bool:
    """Space around a text is taken off before its length is judged: with it a text may be too long, and fit."""
    if isinstance(value, str):
        return value != value.strip()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_is_put_right(part) for part in parts)


def _is_refused(reply: Any) -> bool:
    """As a whole, or, of several answers, one by one."""
    if reply.status_code >= 400:
        return True
    return b'"verdict":"invalid"' in getattr(reply, "content", b"")


@pytest.fixture
def values(project, ada) -> dict[str, str]:
    """Ids that exist, so that input gets past the look-up."""
    first, second = claim(project, ada, 2).assignments
    submit(ada, [Submission(first.public_id, "owl", None, uuid.uuid4())])
    return {
        "project": project.public_id,
        "person": Enrollment.objects.get().pseudonym,
        "assignment": second.public_id,
        "answer": Answer.objects.get().public_id,
    }


def who(path: str, ada: User, mia: User) -> APIClient:
    """Somebody who may use the operation, so that input does not stop at a 404."""
    return client(ada if any(word in path for word in OF_WORKERS) else mia)


@pytest.mark.parametrize(("path", "method"), operations())
def test_no_input_breaks_an_operation(path, method, ada, mia, values) -> None:
    hammer(path, method, who(path, ada, mia), values, examples=3)


@pytest.mark.nightly
@pytest.mark.parametrize(("path", "method"), operations())
def test_no_input_breaks_an_operation_for_long(path, method, ada, mia, values) -> None:
    hammer(path, method, who(path, ada, mia), values, examples=150)
