"""The rules page: a dry run changes nothing, a change is a version, and what cannot be is told by row."""

from typing import Any

import pytest
from django.test import Client

import factories
import scenes
from accounts.models import Organization, User
from jobs.models import Job, State
from jobs.running import run_job
from labeling.models import Project
from quality.models import Decision, RuleSet
from quality.services.by_hand import decide_by_hand
from quality.services.settling import settle_unused
from quality.services.trying import request_trying

PEERS = {"evidence-0": "peers", "threshold-0": "0.5", "actions-0": ["warn", "more_gold"]}


@pytest.fixture
def project(organization: Organization) -> Project:
    return factories.project(organization)


@pytest.fixture
def client(mia: User) -> Client:
    made = Client()
    made.force_login(mia)
    return made


def post(client: Client, project: Project, act: str, **form: Any) -> str:
    data = {"version": "1", **PEERS, **form, "act": act}
    return client.post(f"/p/{project.public_id}/rules", data, follow=True).content.decode()


def test_a_dry_run_writes_nothing_and_keeps_what_was_typed(
    client: Client, project: Project
) -> None:
    page = post(client, project, "try")
    assert "Nobody would be met by these rules now" in page
    assert 'value="0.5"' in page
    assert not RuleSet.objects.exists()


def test_a_dry_run_names_whom_it_would_meet(client: Client, project: Project, ada: User) -> None:
    for item in scenes.open_known(project, ["cat"] * 12)[:4]:
        scenes.say(project, ada, item, "owl")
    settle_unused(project.pk)
    page = post(client, project, "try", **{"evidence-0": "gold_errors", "threshold-0": "0.3"})
    assert "These rules would do something about 1 person now" in page
    assert "warn, more gold" in page
    assert not Decision.objects.exists()


def test_in_a_large_project_a_job_tries_and_the_page_follows_it(
    client: Client, project: Project, ada: User, mia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for item in scenes.open_known(project, ["cat"] * 12)[:4]:
        scenes.say(project, ada, item, "owl")
    settle_unused(project.pk)
    monkeypatch.setattr("quality.services.trying.TRIED_AT_ONCE", 3)
    page = post(client, project, "try", **{"evidence-0": "gold_errors", "threshold-0": "0.3125"})
    job = Job.objects.get()
    address = f"/p/{project.public_id}/rules?tried={job.public_id}"
    assert "in the background" in page
    assert f'hx-get="{address}"' in page
    assert 'value="0.3125"' in page
    run_job(job.pk)
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "These rules would do something about 1 person now" in part
    assert "warn, more gold" in part
    assert "hx-get" not in part
    assert "<form" not in part
    assert 'value="0.3125"' in client.get(address).content.decode()
    assert not Decision.objects.exists()


def test_the_rules_in_force_may_be_tried_by_a_job_too(
    client: Client, project: Project, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a part of them cannot fire; and a job that failed says so."""
    monkeypatch.setattr("quality.services.trying.TRIED_AT_ONCE", -1)
    held = client.get(f"/p/{project.public_id}/rules").context["form"].rows
    typed = {
        f"{name}-{n}": value
        for n, row in enumerate(held)
        for name, value in vars(row).items()
        if name != "able"
    }
    data = {"version": "1", "act": "try", **typed}
    page = client.post(f"/p/{project.public_id}/rules", data, follow=True).content.decode()
    assert "in the background" in page
    assert Job.objects.get().arguments["rules"] is None
    Job.objects.update(state=State.FAILED, error="The disk is full.")
    address = f"/p/{project.public_id}/rules?tried={Job.objects.get().public_id}"
    page = client.get(address).content.decode()
    assert "ended without a result. The disk is full." in page
    assert "data-live" not in page


def test_what_a_job_tried_is_seen_in_its_own_project_only(
    client: Client, project: Project, organization: Organization
) -> None:
    other = factories.project(organization)
    job = request_trying(other, None)
    assert client.get(f"/p/{other.public_id}/rules?tried={job.public_id}").status_code == 200
    for given in (job.public_id, "nothing", ""):
        assert client.get(f"/p/{project.public_id}/rules?tried={given}").status_code == 404


def test_saving_makes_a_version_and_another_meanwhile_is_told(
    client: Client, project: Project
) -> None:
    assert "Version 2 holds from now on" in post(client, project, "save")
    assert [row.version for row in RuleSet.objects.order_by("version")] == [1, 2]
    assert "version 2 is in force meanwhile" in post(client, project, "save")
    assert "Version 2" in client.get(f"/p/{project.public_id}/rules").content.decode()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"threshold-0": "much"}, "Rule 1, threshold: must be a number"),
        ({"evidence-0": "gold"}, "Rule 1, evidence: needs gold"),
        ({"actions-0": ["ban"]}, "Rule 1, actions"),
        ({"evidence-0": "nonsense"}, "Rule 1, evidence"),
    ],
    ids=["words", "no-gold", "left-to-people", "unknown"],
)
def test_what_cannot_be_is_told_by_row(
    client: Client, project: Project, form: dict[str, Any], said: str
) -> None:
    for act in ("try", "save"):
        assert said in post(client, project, act, **form)
    assert not RuleSet.objects.exists()


def test_decisions_are_listed_with_who_and_why(
    client: Client, project: Project, ada: User, mia: User
) -> None:
    [item] = scenes.open_work(project, 1)
    scenes.say(project, ada, item, "cat")
    name = project.enrollments.get(annotator=ada).pseudonym
    decide_by_hand(project, name, actions=["warn"], reason="Too <b>quick</b>.", by=mia)
    address = f"/p/{project.public_id}/decisions"
    page = client.get(address).content.decode()
    assert "Too &lt;b&gt;quick&lt;/b&gt;." in page
    assert name in page
    assert name not in client.get(f"{address}?action=pause").content.decode()
