"""The page of all long work: what it shows to whom, by state, and what can be done about it."""

from typing import Any

from django.test import Client

from accounts.models import Organization, User
from assay.templatetags import desk
from jobs import registry
from jobs.models import Job, State

OUR_APPS = ("labeling", "quality", "learning")


def job(organization: Organization, state: str = State.DONE, **fields: Any) -> Job:
    return Job.objects.create(kind="labeling.import", tenant=organization.pk, state=state, **fields)


def page(person: User, query: str = "", **headers: Any) -> str:
    client = Client(headers=headers)
    client.force_login(person)
    return client.get(f"/jobs{query}").content.decode()


def test_a_state_filters_and_htmx_gets_the_list_alone(
    organization: Organization, mia: User
) -> None:
    job(organization, State.FAILED, error="the disk is full")
    job(organization, State.DONE, message="all well")
    assert "the disk is full" in page(mia)
    assert "all well" in page(mia)
    failed = page(mia, "?state=failed", hx_request="true")
    assert "the disk is full" in failed
    assert "all well" not in failed
    assert "<html" not in failed


def test_the_list_asks_again_only_while_something_is_going_on(
    organization: Organization, mia: User
) -> None:
    job(organization)
    assert "data-live" not in page(mia)
    job(organization, State.WAITING)
    assert "data-live" in page(mia)


def test_pages_follow_each_other_without_a_gap(organization: Organization, mia: User) -> None:
    made = [job(organization, message=f"number-{n};") for n in range(120)]
    seen, before = [], ""
    for _ in range(3):
        shown = page(mia, f"?before={before}")
        seen += [one for one in reversed(made) if one.message in shown]
        before = seen[-1].public_id
    assert seen == made[::-1]


def test_others_jobs_are_not_there(organization: Organization, mia: User, zed: User) -> None:
    job(organization, message="ours")
    assert "ours" in page(mia)
    assert "ours" not in page(zed)


def test_a_failed_job_starts_again_and_a_waiting_one_stops(
    organization: Organization, mia: User
) -> None:
    failed = job(organization, State.FAILED)
    client = Client()
    client.force_login(mia)
    for act, state in (("retry", State.WAITING), ("stop", State.CANCELLED)):
        client.post(f"/jobs/{failed.public_id}/{act}")
        failed.refresh_from_db()
        assert failed.state == state


def test_every_kind_of_work_has_a_name_for_people() -> None:
    kinds = {kind for kind in registry._kinds if kind.partition(".")[0] in OUR_APPS}
    assert kinds == set(desk.KINDS)
