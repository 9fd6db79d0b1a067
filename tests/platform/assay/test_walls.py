"""Who may use which route: every route of the resolver, every method, every kind of person.

A route that is not declared here fails, and so does a method that a route has and its declaration has not.
What belongs to another organization is answered exactly as what does not exist; whoever is not signed in
is sent to sign in (pages) or told so (API); and a GET that changes a row is refused by PostgreSQL.
"""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

import factories
import scenes
from accounts.membership import invite
from accounts.models import Organization, Role, User
from accounts.services import create_sign_in_link, create_token, create_user
from jobs.models import Job, State
from labeling import media
from labeling.media_store import checked_image, keep_all
from labeling.models import Enrollment, Import, Project
from labeling.services.claiming import claim
from labeling.services.exporting import export_path
from learning.models import Certificate, LabelingFunction, ModelVersion
from quality.models import Decision
from quality.services.appeals import appeal
from quality.services.by_hand import decide_by_hand
from quality.services.settling import settle_unused

ANYBODY = frozenset(
    {
        "anonymous",
        "annotator",
        "manager",
        "owner",
        "auditor",
        "reviewer",
        "foreign annotator",
        "foreign manager",
    }
)
SIGNED_IN = ANYBODY - {"anonymous"}
STAFF = frozenset({"manager", "owner", "auditor"})
MANAGERS = frozenset({"manager", "owner"})
REVIEWERS = frozenset({"manager", "owner", "reviewer"})
ANNOTATOR = frozenset({"annotator"})
SAFE = ("GET", "HEAD")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
JSON = "application/json"
BODIES = {
    "function-api": {"active": False},
    "flag": {"reason": "broken"},
    "revise": {"value": "cat", "key": "0b9d2f1e-3c55-4b12-9a77-52d1f0a4c001"},
}


@dataclass(frozen=True)
class Route:
    """Who may use it, by method. ``names`` are the parts of its address; the first of them has a wall."""

    methods: dict[str, frozenset[str]]
    names: tuple[str, ...] = ()


def page(who: frozenset[str], *names: str) -> Route:
    return Route({"GET": who}, names)


def act(who: frozenset[str], *names: str) -> Route:
    return Route({"POST": who}, names)


ROUTES = {
    "home": page(SIGNED_IN),
    "health": page(ANYBODY),
    "schema": page(ANYBODY),
    "openapi": page(ANYBODY),
    "jobs-api": page(SIGNED_IN),
    "jobs": page(SIGNED_IN),
    "job-act": act(MANAGERS, "job", "job_act"),
    "me": page(SIGNED_IN),
    "my-projects": page(SIGNED_IN),
    "claims": Route({"GET": ANNOTATOR, "POST": ANNOTATOR}, ("project",)),
    "answers": act(SIGNED_IN),
    "revise": act(ANNOTATOR, "answer"),
    "renew": act(SIGNED_IN),
    "skip": act(ANNOTATOR, "assignment"),
    "release": act(ANNOTATOR, "assignment"),
    "flag": act(ANNOTATOR, "assignment"),
    "projects-api": Route({"GET": SIGNED_IN, "POST": SIGNED_IN}),
    "project-api": Route({"GET": STAFF, "PATCH": MANAGERS}, ("project",)),
    "status-api": act(MANAGERS, "project"),
    "withdraw-api": act(MANAGERS, "project"),
    "people-api": act(MANAGERS, "project"),
    "person-api": Route({"PUT": MANAGERS}, ("project", "person")),
    "bonus-api": Route({"PUT": MANAGERS}, ("project", "person")),
    "gold-imports-api": act(MANAGERS, "project"),
    "organizations-api": page(SIGNED_IN),
    "tokens-api": Route({"GET": MANAGERS, "POST": MANAGERS}, ("organization",)),
    "token-api": Route({"DELETE": MANAGERS}, ("organization", "api_token")),
    "imports-api": act(MANAGERS, "project"),
    "import-api": page(STAFF, "project", "upload"),
    "import-problems": page(STAFF, "project", "upload"),
    "answers-export": Route({"GET": STAFF, "POST": STAFF}, ("project",)),
    "export-file": page(STAFF, "project", "job"),
    "labels-api": page(STAFF, "project"),
    "annotators-api": page(STAFF, "project"),
    "annotator-report": page(STAFF, "project", "annotator"),
    "quality-policy": Route({"GET": STAFF, "PATCH": MANAGERS}, ("project",)),
    "reviews-api": Route({"GET": REVIEWERS, "POST": REVIEWERS}, ("project",)),
    "review-claims": act(REVIEWERS, "project"),
    "gold-api": page(STAFF, "project"),
    "gold-suggestions": page(STAFF, "project"),
    "gold-promotions": act(MANAGERS, "project"),
    "gold-retirements": act(MANAGERS, "project"),
    "gold-kept": act(MANAGERS, "project"),
    "rules-api": Route({"GET": STAFF, "PUT": MANAGERS}, ("project",)),
    "rules-tried": act(MANAGERS, "project"),
    "survey-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "decisions-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "reversal-api": act(MANAGERS, "project", "decision"),
    "appeals-api": page(STAFF, "project"),
    "appeal-answer": act(MANAGERS, "project", "appeal"),
    "my-decisions": page(SIGNED_IN),
    "my-appeals": act(SIGNED_IN),
    "quality-api": page(STAFF, "project"),
    "provenance-api": page(STAFF, "project", "item"),
    "labels-export": Route({"GET": STAFF, "POST": STAFF}, ("project",)),
    "learning": page(STAFF, "project"),
    "learning-gains": page(STAFF, "project"),
    "models-compare": page(STAFF, "project"),
    "model-promotion": act(MANAGERS, "project", "model"),
    "plan-api": Route({"GET": STAFF, "PATCH": MANAGERS}, ("project",)),
    "functions-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "function-api": Route({"PATCH": MANAGERS}, ("project", "function")),
    "synthetic-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "stream-api": Route({"GET": STAFF, "POST": MANAGERS, "PUT": MANAGERS}, ("project",)),
    "rounds-api": page(STAFF, "project"),
    "models-api": page(STAFF, "project"),
    "features-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "certificates-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "certificate-forecast": act(MANAGERS, "project"),
    "certificate-audit": Route(
        {"GET": MANAGERS | {"reviewer"}, "POST": MANAGERS | {"reviewer"}}, ("project", "number")
    ),
    "certificate-look": act(MANAGERS, "project", "number"),
    "certificate-again": Route({"POST": MANAGERS, "PUT": MANAGERS}, ("project", "number")),
    "certificate-withdrawal": act(MANAGERS, "project", "number"),
    "sign-in": Route({"GET": ANYBODY, "POST": ANYBODY}),
    "sign-in-link": Route({"GET": ANYBODY, "POST": ANYBODY}, ("secret",)),
    "sign-out": act(ANYBODY),
    "join": Route({"GET": ANYBODY, "POST": ANYBODY}, ("secret",)),
    "account": Route({"GET": SIGNED_IN, "POST": SIGNED_IN}),
    "my-tokens": act(SIGNED_IN),
    "my-sessions": act(SIGNED_IN),
    "look": act(SIGNED_IN),
    "organizations": page(STAFF | {"foreign manager"}),
    "organization": Route({"GET": STAFF, "POST": MANAGERS}, ("organization",)),
    "audit-log": page(STAFF, "organization"),
    "member": act(MANAGERS, "organization", "member"),
    "revoke-link": act(MANAGERS, "organization", "link"),
    "tasks": page(SIGNED_IN),
    "task-page": Route({"GET": ANNOTATOR, "POST": ANNOTATOR}, ("project",)),
    "media": page(ANNOTATOR, "token"),
    "new-project": Route(
        {"GET": MANAGERS | {"foreign manager"}, "POST": MANAGERS | {"foreign manager"}}
    ),
    "project-status": act(MANAGERS, "project"),
    "imports": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "import-page": page(STAFF, "project", "upload"),
    "project-people": Route({"GET": STAFF, "POST": STAFF}, ("project",)),
    "people-file": page(STAFF, "project"),
    "jump": page(STAFF | {"foreign manager"}),
    "my-work": page(SIGNED_IN),
    "contest": act(ANNOTATOR, "decision"),
    "appeals": page(STAFF, "project"),
    "answer-appeal": act(MANAGERS, "project", "appeal"),
    "items": page(STAFF, "project"),
    "review-projects": page(REVIEWERS | {"foreign manager"}),
    "reviews": Route({"GET": REVIEWERS, "POST": REVIEWERS}, ("project",)),
    "gold-care": act(MANAGERS, "project"),
    "rules": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "decisions": page(STAFF, "project"),
    "gold": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "exports": Route({"GET": STAFF, "POST": STAFF}, ("project",)),
    "model": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "certificates": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "audits": page(REVIEWERS | {"foreign manager"}),
    "audit": Route({"GET": REVIEWERS, "POST": REVIEWERS}, ("project", "number")),
    "project-settings": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "item-page": page(STAFF, "project", "item"),
    "person": page(STAFF, "project", "person"),
    "person-act": Route({"GET": MANAGERS, "POST": MANAGERS}, ("project", "person", "act")),
    "undo-decision": act(MANAGERS, "project", "decision"),
    "projects": page(SIGNED_IN),
    "project-overview": page(STAFF, "project"),
    "chart-file": page(STAFF, "project", "chart"),
}
NO_WALL = ("secret",)  # the name is itself the right: whoever has the link may use it


@dataclass(frozen=True)
class World:
    """One organization at work, and the names of what is in it."""

    names: dict[str, str]
    sessions: dict[str, str]


@pytest.fixture
def world(organization: Organization, ada: User, mia: User, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_STORE = tmp_path
    people = {
        "annotator": ada,
        "manager": mia,
        "owner": factories.member(organization, "owen", Role.OWNER),
        "auditor": factories.member(organization, "olu", Role.AUDITOR),
        "reviewer": factories.member(organization, "rhea", Role.REVIEWER),
        **_foreigners(),
    }
    sessions = {name: session(person) for name, person in people.items()}
    return World(_names(factories.project(organization), ada, mia), sessions)


def session(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def _foreigners() -> dict[str, User]:
    """They have a project of their own with people and items in it; it does not help them here."""
    elsewhere = factories.organization("Elsewhere")
    zed, zoe = factories.manager(elsewhere, "zed"), factories.annotator(elsewhere, "zoe")
    factories.item(factories.project(elsewhere), seats=2)
    return {"foreign manager": zed, "foreign annotator": zoe}


def _names(project: Project, ada: User, mia: User) -> dict[str, str]:
    [image] = keep_all(project.organization_id, [checked_image(picture())]).values()
    factories.item(project, seats=3, media=image)
    answered = factories.item(project, seats=1)
    seat = scenes.say(project, ada, answered, "owl")
    settle_unused(project.pk)
    [held] = claim(project, ada, 1).assignments
    upload = Import.objects.create(project=project, name="rows.csv", stored_as="nowhere")
    decision = warn(project, ada)
    return {
        "annotator": Enrollment.objects.get(project=project, annotator=ada).pseudonym,
        "decision": decision.public_id or "",
        "appeal": appeal(ada, decision.public_id or "", "why?").public_id or "",
        "project": project.public_id,
        "item": answered.public_id,
        "organization": project.organization.public_id,
        "api_token": _token_of_a_made_account(project.organization),
        "person": ada.enrollments.get(project=project).pseudonym,
        "assignment": held.public_id,
        "answer": seat.answers.get().public_id,
        "token": media.seat_link(held).removeprefix("/media/"),
        "upload": upload.public_id,
        "job": _export_of(project),
        "secret": create_sign_in_link(mia),
        "number": _certificate_of(project),
        "function": _function_of(project),
        "model": "1",
        "act": "set-aside",
        "chart": "burn-up",
        "member": ada.public_id,
        "link": invite(project.organization, Role.ANNOTATOR, actor=mia).link.public_id,
        "job_act": "stop",
    }


def _token_of_a_made_account(organization: Organization) -> str:
    made = create_user("made", organization=organization)
    return create_token(made).token.digest[:16]


def warn(project: Project, person: User) -> Decision:
    name = Enrollment.objects.get(project=project, annotator=person).pseudonym
    return decide_by_hand(project, name, actions=["warn"], reason="too quick", by=None)


def _certificate_of(project: Project) -> str:
    """A certificate whose audit is under way."""
    model = ModelVersion.objects.create(
        project=project, number=1, estimator="logistic", labels_seen=20, parameters={"n_labels": 2}
    )
    made = Certificate.objects.create(project=project, model=model, bound=0.1, confidence=0.9)
    return str(made.number)


def _function_of(project: Project) -> str:
    made = LabelingFunction.objects.create(
        project=project,
        name="says-cat",
        kind="keyword",
        parameters={"field": "text", "words": ["cat"], "label": "cat"},
    )
    return made.name


def _export_of(project: Project) -> str:
    """An export job that has written its file."""
    job = Job.objects.create(
        kind="labeling.export",
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
        state=State.DONE,
        result={"file": "export.csv"},
    )
    path = export_path("export.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("task,worker,label\n")
    return job.public_id


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, "PNG")
    return file.getvalue()


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
    wrong = []
    for name, method in product(ROUTES, METHODS):
        for person in (
            () if method in ROUTES[name].methods else ("anonymous", "annotator", "manager")
        ):
            response = ask(world, person, method, name, world.names)
            if response.status_code not in (404, 405) and not is_sent_to_sign_in(response):
                wrong.append(f"{method} {name} as {person}: {response.status_code}")
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
