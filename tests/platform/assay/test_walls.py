"""Who may use which route: every route of the resolver, every method, every kind of person.

A route that is not declared here fails, and so does a method that a route has and its declaration has not.
What belongs to another organization is answered exactly as what does not exist; whoever is not signed in
is sent to sign in (pages) or told so (API); and a GET that changes a row is refused by PostgreSQL.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Organization, User
from route_rights import ANYBODY, BODIES, JSON, METHODS, NO_WALL, ROUTES, SAFE, SIGNED_IN
from route_world import World, make_world


@pytest.fixture
def world(organization: Organization, ada: User, mia: User, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_STORE = tmp_path
    return make_world(organization, ada, mia)


def routes(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        else:
            yield address, pattern


FOUND = {pattern.name or address for address, pattern in routes(get_resolver().url_patterns)}


def test_every_route_is_declared() -> None:
    assert set(ROUTES) == FOUND


@contextmanager
def undone(*, read_only: bool = False) -> Iterator[None]:
    """Whatever happens inside did not happen; with ``read_only``, PostgreSQL refuses that it happens at all."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if read_only:
                cursor.execute("SET LOCAL transaction_read_only = on")
        yield
        transaction.set_rollback(True)


def ask(world: World, person: str, method: str, name: str, names: dict[str, str]) -> HttpResponse:
    address = reverse(name, kwargs={part: names[part] for part in ROUTES[name].names})
    body = b"" if method in SAFE else json.dumps(BODIES.get(name, {})).encode()
    client = Client(raise_request_exception=False)
    if person in world.sessions:
        client.cookies["sessionid"] = world.sessions[person]
    with undone(read_only=method in SAFE):
        response: HttpResponse = client.generic(method, address, body, JSON)
        pieces = b"".join(response) if response.streaming else response.content
    response.content_read = pieces  # type: ignore[attr-defined]
    return response


def is_sent_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 401 or response.headers.get("Location", "").startswith(
        "/sign-in"
    )


def is_refused(response: HttpResponse) -> bool:
    return response.status_code in (401, 403, 404, 405) or response.status_code >= 500


def cells(people: frozenset[str] = ANYBODY) -> Iterator[tuple[str, str, frozenset[str], str]]:
    """Route, method, who may, and who asks."""
    for name, route in ROUTES.items():
        for method, allowed in route.methods.items():
            yield from ((name, method, allowed, person) for person in sorted(people))


def is_as_declared(response: HttpResponse, allowed: frozenset[str], person: str) -> bool:
    if person in allowed:
        return not is_refused(response)
    return is_sent_to_sign_in(response) if person == "anonymous" else response.status_code == 404


def has_a_wall(name: str) -> bool:
    """Whether its address names something that is somebody's."""
    names = ROUTES[name].names
    return bool(names) and names[0] not in NO_WALL


def test_only_those_who_may_get_through_and_no_get_writes(world: World) -> None:
    """Whoever may not and is signed in meets walls in the next test, where there is one."""
    wrong = []
    for name, method, allowed, person in cells():
        if has_a_wall(name) and person not in allowed | {"anonymous"}:
            continue
        response = ask(world, person, method, name, world.names)
        if not is_as_declared(response, allowed, person):
            wrong.append(f"{method} {name} as {person}: {response.status_code}")
    assert wrong == []


def test_what_is_not_yours_is_answered_as_what_does_not_exist(world: World) -> None:
    unknown = {part: "x" * len(value) for part, value in world.names.items()}
    wrong = []
    for name, method, allowed, person in cells(SIGNED_IN):
        if not has_a_wall(name):
            continue
        nobodys = ask(world, person, method, name, unknown)
        theirs = nobodys if person in allowed else ask(world, person, method, name, world.names)
        if nobodys.status_code != 404 or signs(theirs) != signs(nobodys):
            wrong.append(f"{method} {name} as {person}: {signs(theirs)}, {signs(nobodys)}")
    assert wrong == []


def signs(response: HttpResponse) -> tuple[int, dict[str, str], bytes]:
    """All that the one who asks can see of it."""
    return response.status_code, dict(response.headers), response.content_read  # type: ignore[attr-defined]


def test_other_methods_are_refused(world: World) -> None:
    """Also to a manager, who gets furthest."""
    wrong = []
    for name, method in product(ROUTES, METHODS):
        if method not in ROUTES[name].methods:
            response = ask(world, "manager", method, name, world.names)
            if response.status_code not in (404, 405) and not is_sent_to_sign_in(response):
                wrong.append(f"{method} {name}: {response.status_code}")
    assert wrong == []


def test_the_read_only_guard_notices_a_write(world: World) -> None:
    """The broken variant: were a GET to write, the cells above would see a 500."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = world.sessions["annotator"]
    with undone(read_only=True):
        response = client.post(
            f"/tasks/{world.names['project']}",
            {"act": "skip", "assignment": world.names["assignment"]},
        )
    assert response.status_code == 500
