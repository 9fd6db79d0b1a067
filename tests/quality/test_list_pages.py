"""Lists about people and labels in pages: page after page gives each row once, in the order of the whole list."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

import scenes
from accounts.models import Organization, User
from labeling.models import Assignment, AssignmentState, Enrollment, Project
from quality.models import (
    Appeal,
    AppealState,
    Consensus,
    Decision,
    Finding,
)
from quality.queries.decided import appeals
from quality.queries.reviews import WHYS
from quality.services.by_hand import decide_by_hand

LISTS = {
    "annotators": ("annotators", "annotator"),
    "annotators?order=pseudonym": ("annotators", "annotator"),
    "decisions": ("decisions", "id"),
    "appeals": ("appeals", "id"),
    "gold": ("items", "item"),
    "survey": ("findings", "reason"),
    "reviews": ("items", "item"),
    "labels": ("labels", "item"),
}


@pytest.fixture
def project(organization: Organization) -> Project:
    return scenes.digits_project(organization)


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def get(user: User, path: str, **query: Any) -> dict[str, Any]:
    reply = api(user).get(path, query)
    assert reply.status_code == 200, reply.content
    return dict(reply.json())


def walk(user: User, path: str, rows: str) -> Iterator[dict[str, Any]]:
    """Every row, two a page."""
    page = get(user, path, limit=2)
    while True:
        assert len(page[rows]) <= 2
        yield from page[rows]
        if page["next"] is None:
            return
        page = get(user, path, limit=2, cursor=page["next"])


def populate(project: Project, mia: User) -> list[User]:
    """Three people; five rows of everything that is listed, in an order that is not that of the rows."""
    people = scenes.people(project.organization, 5)
    names = [scenes.enroll(project, person).pseudonym for person in people]
    for name in names:
        made = decide_by_hand(project, name, actions=["warn"], reason="slow down", by=mia)
        Appeal.objects.create(decision=made, text="no", state=AppealState.OPEN)
    shut = Appeal.objects.order_by("pk")[1]
    Appeal.objects.filter(pk=shut.pk).update(state=AppealState.UPHELD, closed_at=timezone.now())
    scenes.open_known(project, ["1", "2", "3", "4", "5"])
    for n, person in enumerate(people):
        Finding.objects.create(
            project=project, annotator=person, kind="peers", family="agreement",
            statistic=1 + n % 3, threshold=1.0, reason=f"finding {n}",
        )  # fmt: skip
    wait(project, people[0])
    return people


def wait(project: Project, person: User) -> None:
    """Items that wait for a reviewer for every reason; the flagged one waits for a more pressing one too."""
    items = scenes.open_work(project, 6, seats=2)
    kinds = [("expert", 0.5), ("expert", 0.4), ("settled", 0.6), ("open", 0.6), ("expert", 0.4)]
    for item, (state, confidence) in zip(items, kinds, strict=False):
        Consensus.objects.create(
            item=item, project=project, state=state, confidence=confidence, method="test",
            answers_used=4, settled_at=timezone.now(),
        )  # fmt: skip
    seat = scenes.take(project, person, items[0])
    Assignment.objects.filter(pk=seat.pk).update(state=AssignmentState.FLAGGED)


def test_pages_put_together_are_the_whole_list(project: Project, mia: User) -> None:
    populate(project, mia)
    for path, (rows, name) in LISTS.items():
        address = f"/api/v1/projects/{project.public_id}/{path}"
        whole = [row[name] for row in get(mia, address)[rows]]
        assert len(whole) == len(set(whole)) >= 5, path
        assert [row[name] for row in walk(mia, address, rows)] == whole, path


def test_the_review_queue_goes_by_reason_then_by_doubt(project: Project, mia: User) -> None:
    populate(project, mia)
    path = f"/api/v1/projects/{project.public_id}/reviews"
    rows = list(walk(mia, path, "items"))
    places = [(WHYS.index(row["why"]), row["confidence"]) for row in rows]
    assert places == sorted(places)
    flagged = get(mia, path, why="reported")["items"]
    assert [row["why"] for row in flagged] == ["reported"]
    assert flagged[0]["item"] in [row["item"] for row in rows if row["why"] == "expert"]


def test_a_cursor_that_is_none_of_the_lists_is_refused_by_name(
    project: Project, organization: Organization, mia: User
) -> None:
    """That of another project is as unknown as one that was never given."""
    populate(project, mia)
    other = scenes.digits_project(organization)
    for path, (rows, _name) in LISTS.items():
        address = f"/api/v1/projects/{project.public_id}/{path}"
        cursor = get(mia, address, limit=2)["next"]
        for project_id, given in ((other.public_id, cursor), (project.public_id, "nothing")):
            elsewhere = f"/api/v1/projects/{project_id}/{path}"
            reply = api(mia).get(elsewhere, {"cursor": given})
            assert reply.status_code == 400, (rows, given)
            assert [error["field"] for error in reply.json()["errors"]] == ["cursor"]


def test_an_open_appeal_comes_first_however_many_were_answered(
    project: Project, ada: User, mia: User
) -> None:
    scenes.enroll(project, ada)
    name = Enrollment.objects.get(annotator=ada).pseudonym
    made = decide_by_hand(project, name, actions=["warn"], reason="slow down", by=mia)
    for _ in range(3):
        Appeal.objects.create(decision=made, text="old", state=AppealState.UPHELD)
    Appeal.objects.create(decision=made, text="new", state=AppealState.OPEN)
    assert [row.text for row in appeals(project, limit=2).rows] == ["new", "old"]


def test_appeals_answered_between_two_pages_hide_none_that_is_open(
    project: Project, mia: User
) -> None:
    populate(project, mia)
    first = appeals(project, limit=2)
    Appeal.objects.filter(public_id__in=[row.id for row in first.rows]).update(
        state=AppealState.UPHELD, closed_at=timezone.now()
    )
    rest = appeals(project, limit=10, cursor=first.next)
    opened = Appeal.objects.filter(state=AppealState.OPEN).order_by("pk")
    assert [row.id for row in rest.rows][:2] == list(opened.values_list("public_id", flat=True))


def test_my_decisions_come_in_pages_and_a_quiet_one_leaves_no_trace(
    project: Project, ada: User, mia: User
) -> None:
    scenes.enroll(project, ada)
    name = Enrollment.objects.get(annotator=ada).pseudonym
    for act in ("warn", "more_gold", "warn", "more_gold", "warn", "more_gold"):
        decide_by_hand(project, name, actions=[act], reason="so", by=mia)
    quiet = list(Decision.objects.filter(action="more_gold").values_list("public_id", flat=True))
    page = get(ada, "/api/v1/me/decisions", limit=2)
    rest = get(ada, "/api/v1/me/decisions", limit=2, cursor=page["next"])
    shown = [row["id"] for row in page["decisions"] + rest["decisions"]]
    assert (len(shown), rest["next"]) == (3, None)
    assert not set(shown) & set(quiet)
    reply = api(ada).get("/api/v1/me/decisions", {"cursor": quiet[0]})
    assert reply.status_code == 400


def test_the_page_of_appeals_leads_on(
    project: Project, mia: User, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    populate(project, mia)
    client.force_login(mia)
    monkeypatch.setattr("quality.views.appeals.LISTED", 3)
    address = f"/p/{project.public_id}/appeals"
    first = client.get(address)
    second = client.get(address, {"after": first.context["next"]})
    assert (len(first.context["appeals"]), len(second.context["appeals"])) == (3, 2)
    assert f"?after={first.context['next']}" in first.content.decode()
    assert client.get(address, {"after": "nothing"}).status_code == 404
