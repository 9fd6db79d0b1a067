"""Every response carries the headers that keep foreign code out: pages, API, files, and every kind of error."""

import gzip
import re

import pytest
from django.test import Client

import factories
from accounts.models import User
from assay.middleware import HEADERS
from labeling.models import Project

pytestmark = pytest.mark.django_db
ASKED = {
    "/sign-in": 200,
    "/projects": 200,
    "/api/v1/me": 200,
    "/static/assay/assay.css": 200,
    "/static/assay/nothing.css": 404,
    "/health": 200,
    "/nothing": 404,
    "/api/v1/nothing": 404,
    "/api/v1/answers": 405,
    "/p/%00": 400,
}


def refused(policy: str) -> list[str]:
    """The parts of a policy that would let code in that is not a file of ours."""
    return [word for word in policy.replace(";", " ").split() if "unsafe" in word or "*" in word]


@pytest.mark.parametrize(("path", "status"), ASKED.items())
def test_headers_are_on_every_kind_of_response(mia: User, path: str, status: int) -> None:
    client = Client()
    client.force_login(mia)
    response = client.get(path, follow=path == "/sign-in")
    b"".join(response)  # a file is closed when it was read
    assert response.status_code == status
    assert set(HEADERS) <= set(response.headers)
    assert refused(response.headers["Content-Security-Policy"]) == []


@pytest.mark.parametrize("path", ["/p/{}", "/api/v1/projects/{}/learning"])
def test_headers_are_on_our_mistakes_too(
    mia: User, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project: Project = factories.project(mia.memberships.get().organization)
    monkeypatch.setattr("learning.views.overview.thinned_curve", _broken)
    monkeypatch.setattr("learning.queries.curve", _broken)
    client = Client(raise_request_exception=False)
    client.force_login(mia)
    response = client.get(path.format(project.public_id))
    assert response.status_code == 500
    assert set(HEADERS) <= set(response.headers)
    assert b"a secret detail" not in response.content


def _broken(*_: object) -> None:
    raise ZeroDivisionError("a secret detail")


@pytest.mark.parametrize(
    ("path", "packed"),
    [
        ("/account", True),
        ("/static/assay/assay.css", True),
        ("/static/labeling/task.js", True),
        ("/api/v1/projects", False),
        ("/health", False),
    ],
)
def test_pages_sheets_and_scripts_are_packed(mia: User, path: str, packed: bool) -> None:
    client = Client()
    client.force_login(mia)
    plain = client.get(path)
    reply = client.get(path, headers={"Accept-Encoding": "gzip"})
    sent, whole = b"".join(reply), b"".join(plain)
    assert (reply.headers.get("Content-Encoding") == "gzip") is packed
    if packed:
        assert len(sent) < len(whole) / 2
        assert without_token(gzip.decompress(sent)) == without_token(whole)


def without_token(page: bytes) -> bytes:
    """The token is masked anew each time."""
    return re.sub(rb'(csrf[^"]*" value="|csrf&quot;|X-CSRFToken[^:]*: ?&quot;)[^"&]*', b"", page)
