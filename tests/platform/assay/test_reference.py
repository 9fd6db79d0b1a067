"""The pages about the API: they name every operation, their examples keep to the document, words find them."""

import json
import shlex

import pytest
from django.test import Client
from jsonschema import Draft4Validator

from api_document import document
from assay.api_pages import call
from assay.reference import METHODS, Operation, operations

BASE = "https://labels.example"


def test_every_operation_of_the_document_is_there_once() -> None:
    paths = document()["paths"]
    told = sorted((path, m.upper()) for path in paths for m in paths[path] if m in METHODS)
    assert sorted((one.path, one.method) for one in operations()) == told
    assert len({one.name for one in operations()}) == len(told)


def with_body() -> list[Operation]:
    return [one for one in operations() if one.media_type == "application/json"]


@pytest.mark.parametrize("one", with_body(), ids=lambda one: one.name)
def test_the_example_is_what_the_document_allows(one: Operation) -> None:
    told = document()["paths"][one.path][one.method.lower()]["requestBody"]
    schema = told["content"]["application/json"]["schema"]
    wrong = Draft4Validator({**schema, "components": document()["components"]}).iter_errors(
        one.example
    )
    assert [problem.message for problem in wrong] == []


def test_a_call_is_one_line_that_a_shell_reads() -> None:
    for one in operations():
        words = shlex.split(call(one, BASE).replace("\\\n", ""))
        assert words[:3] == ["curl", "-X", one.method]
        assert words[3].startswith(f"{BASE}/api/v1/")
        assert "{" not in words[3]
        if one.media_type == "application/json":
            assert json.loads(words[-1]) == one.example


def test_words_find_operations_and_a_page_says_all_of_one(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()
    assert page.count("?operation=") == len(operations())
    found = client.get("/api/v1/docs?words=budget_micros PATCH", headers={"HX-Request": "true"})
    assert found.content.decode().count("?operation=") == 1
    assert "Nothing has all these words" in client.get("/api/v1/docs?words=xyzzy").content.decode()
    page = client.get("/api/v1/docs?operation=submit_answers").content.decode()
    assert "http://testserver/api/v1/answers" in page
    assert "answers[].key" in page
    assert client.get("/api/v1/docs?operation=nothing").status_code == 404
