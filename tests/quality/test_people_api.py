"""What the API tells whom about people: managers everything, the person nothing that gives gold away."""

import json
import re

import pytest
from rest_framework.test import APIClient

import crowd_at_work
import factories
import scenes
from accounts.models import Role, User
from jobs.models import Job
from jobs.registry import kind_named
from labeling.models import Enrollment, Project
from quality.models import Appeal, Decision, SetAside
from quality.services.refit import Unfenced
from quality.services.settling import settle_all
from quality.services.surveying import survey_project

pytestmark = pytest.mark.django_db


def client(user: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


def address(project: Project, path: str) -> str:
    return f"/api/v1/projects/{project.public_id}/{path}"


@pytest.fixture
def project(organization) -> Project:
    return scenes.digits_project(organization, price_micros=1000)


def guess(project: Project, person: User, n: int = 15) -> None:
    gold = scenes.open_known(project, [str(k % 10) for k in range(n)])
    scenes.say_all(project, person, [(item, str((k + 3) % 10)) for k, item in enumerate(gold)])
    settle_all(project.pk)


def worker_sees(person: User) -> str:
    """Every byte that concerns decisions, from every place where a person can read of them."""
    api = client(person)
    paths = ("/api/v1/me", "/api/v1/me/decisions", "/api/v1/me/projects")
    texts = [api.get(path).content.decode() for path in paths]
    browser = APIClient()
    browser.force_login(person)
    project = Project.objects.get()
    texts.append(browser.get(f"/tasks/{project.public_id}").content.decode())
    return "\n".join(texts)


def test_a_paused_person_reads_why_without_a_count_or_a_word_of_gold(project, ada):
    guess(project, ada)
    decision = Decision.objects.get()
    seen = worker_sees(ada)
    assert decision.words in seen
    assert decision.reason not in seen
    for giveaway in ("known beforehand", "of 15", "15 answers", "match the answers", '"evidence"'):
        assert giveaway not in seen
    assert not re.search(r"\d", decision.words)


def test_the_guard_above_notices_a_reason_that_tells(project, ada):
    """The broken variant: were the managers' reason shown, its counts would be found."""
    guess(project, ada)
    decision = Decision.objects.get()
    Decision.objects.update(words=decision.reason)
    assert "known beforehand" in worker_sees(ada)


def test_twin_worlds_the_same_words_whatever_the_number_of_gold_answers(organization, ada, ben):
    """Two who fail after different numbers of gold answers read the same words."""
    project = scenes.digits_project(organization)
    guess(project, ada, 15)
    gold = [row.item for row in scenes.GoldAnswer.objects.order_by("pk")]
    scenes.say_all(project, ben, [(i, str((k + 4) % 10)) for k, i in enumerate(gold[:9])])
    settle_all(project.pk)
    assert len(set(Decision.objects.values_list("words", flat=True))) == 1
    assert Decision.objects.count() == 2


def test_an_appeal_goes_all_the_way_over_http(project, ada, mia):
    guess(project, ada)
    [mine] = client(ada).get("/api/v1/me/decisions").json()["decisions"]
    assert (mine["actions"], mine["standing"]) == (["pause", "set_aside"], True)
    body = {"decision": mine["id"], "text": "I was reading."}
    assert client(ada).post("/api/v1/me/appeals", body, format="json").status_code == 201
    assert client(ada).post("/api/v1/me/appeals", body, format="json").status_code == 409
    found = client(mia).get(address(project, "appeals"), {"state": "open"})
    assert found.status_code == 200, found.content
    [row] = found.json()["appeals"]
    assert row["decision"]["evidence"]["rule"]["version"] == 1
    answer = {"outcome": "overturn", "words": "Right you are."}
    path = address(project, f"appeals/{row['id']}")
    assert client(mia).post(path, answer, format="json").json()["state"] == "overturned"
    assert client(mia).post(path, answer, format="json").status_code == 409
    assert not SetAside.objects.exists()
    assert Enrollment.objects.get(annotator=ada).status == "active"


def test_others_cannot_contest_or_answer(project, ada, ben, zed, mia):
    guess(project, ada)
    decision = Decision.objects.get().public_id
    body = {"decision": decision, "text": "let him go"}
    for other in (ben, zed, mia):
        assert client(other).post("/api/v1/me/appeals", body, format="json").status_code == 404
    client(ada).post("/api/v1/me/appeals", body, format="json")
    path = address(project, f"appeals/{Appeal.objects.get().public_id}")
    for other in (ada, ben, zed):
        reply = client(other).post(path, {"outcome": "overturn", "words": "x"}, format="json")
        assert reply.status_code == 404


def test_rules_are_read_tried_and_changed_over_http(project, ada, mia):
    guess(project, ada)
    book = client(mia).get(address(project, "rules")).json()
    assert book["version"] == 1
    assert {rule["evidence"]: rule["can_fire"] for rule in book["rules"]}["gold"]
    assert book["rules"][0]["name"] == "fails the gold test"
    warn = {"rules": [{"evidence": "gold_errors", "threshold": 0.5, "actions": ["warn"]}]}
    tried = client(mia).post(address(project, "rules/dry-run"), warn, format="json").json()
    assert tried["affected"] == []  # paused already: nothing is left to do
    reply = client(mia).put(address(project, "rules"), {**warn, "version": 9}, format="json")
    assert reply.status_code == 409
    reply = client(mia).put(address(project, "rules"), {**warn, "version": 1}, format="json")
    assert reply.json()["version"] == 2
    bad = {"rules": [{"evidence": "gold", "threshold": 2, "actions": ["warn"]}]}
    reply = client(mia).put(address(project, "rules"), bad, format="json")
    assert reply.status_code == 400
    assert [error["field"] for error in reply.json()["errors"]] == ["rules.0.threshold"]


def test_in_a_large_project_rules_are_tried_by_a_job(project, ada, mia, monkeypatch):
    guess(project, ada)
    Decision.objects.all().delete()
    body = {"rules": [{"evidence": "gold_errors", "threshold": 0.5, "actions": ["warn"]}]}
    path = address(project, "rules/dry-run")
    at_once = client(mia).post(path, body, format="json").json()
    monkeypatch.setattr("quality.services.trying.TRIED_AT_ONCE", 14)
    reply = client(mia).post(path, body, format="json")
    assert reply.status_code == 202
    job = Job.objects.get(public_id=reply.json()["job"])
    found = kind_named(job.kind).handler(Asked(job.arguments))
    assert at_once["affected"]
    n = len(at_once["affected"])
    assert found == {"affected": at_once["affected"], "in_all": n, "people": 1}
    never = {"rules": [{"evidence": "gold", "threshold": 2, "actions": ["warn"]}]}
    assert client(mia).post(path, never, format="json").status_code == 400
    assert Job.objects.filter(kind=job.kind).count() == 1


class Asked(Unfenced):
    """A job's run without a job."""

    def __init__(self, arguments: dict[str, object]) -> None:
        super().__init__()
        self.arguments = arguments


def test_reports_tell_an_auditor_who_is_who(organization, mia):
    played = crowd_at_work.play(
        organization, {"competent": 5, "many_accounts": 2}, n_gold=24, n_work=60
    )
    project = played.project
    survey_project(project.pk, Unfenced())
    [copier, _] = played.of("many_accounts")
    name = Enrollment.objects.get(annotator=copier).pseudonym
    report = client(mia).get(address(project, f"annotators/{name}")).json()
    assert [point["until"] for point in report["gold"]] == [20, 24]
    assert len(report["confusion"]) == len(report["labels"]) == 4
    assert report["weight"] == pytest.approx(0.5)
    assert "copying" in {found["kind"] for found in report["findings"]}
    assert report["decisions"][0]["annotator"] == name
    assert report["alike"]["when_right"]["value"] > 0.5
    whole = client(mia).get(address(project, "quality")).json()
    assert whole["agreement"]["alpha"]["low"] < whole["agreement"]["alpha"]["value"]
    assert whole["at_end"]["value"] >= whole["expected_accuracy"]["value"]
    assert copier.username not in json.dumps([report, whole])
    assert client(mia).get(address(project, "annotators/P-none")).status_code == 404


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("annotators", {"order": "password"}, "order"),
        ("annotators", {"status": "x"}, "status"),
        ("annotators", {"annotator__username": "a"}, "annotator__username"),
        ("decisions", {"action": "luck"}, "action"),
        ("decisions", {"standing": "maybe"}, "standing"),
        ("appeals", {"state": "shut"}, "state"),
        ("reviews", {"why": "because"}, "why"),
        ("gold/suggestions", {"limit": "0"}, "limit"),
        ("gold", {"item": "x"}, "item"),
        ("quality", {"x": "1"}, "x"),
    ],
)
def test_filters_are_closed_lists(project, mia, path, query, field):
    reply = client(mia).get(address(project, path), query)
    assert reply.status_code == 400
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_decisions_come_in_pages_and_by_filter(project, ada, ben, mia):
    for person in (ada, ben):
        scenes.enroll(project, person)
    names = list(Enrollment.objects.order_by("pk").values_list("pseudonym", flat=True))
    for name in (*names, names[0]):
        body = {"annotator": name, "actions": ["warn"], "reason": "slow down"}
        reply = client(mia).post(address(project, "decisions"), body, format="json")
        assert reply.status_code == 201
    first = client(mia).get(address(project, "decisions"), {"limit": 2}).json()
    rest = client(mia).get(address(project, "decisions"), {"cursor": first["next"]}).json()
    assert [row["annotator"] for row in first["decisions"] + rest["decisions"]] == [
        names[0], names[1], names[0],
    ]  # fmt: skip
    one = client(mia).get(address(project, "decisions"), {"annotator": names[1]}).json()
    assert len(one["decisions"]) == 1
    path = address(project, f"decisions/{one['decisions'][0]['id']}/reversal")
    reply = client(mia).post(path, {"reason": "a mistake"}, format="json")
    assert reply.json()["reversal_reason"] == "a mistake"
    asked = {"standing": "yes"}
    assert len(client(mia).get(address(project, "decisions"), asked).json()["decisions"]) == 2


def test_a_reviewer_sees_the_queue_and_nothing_else(project, ada, ben, organization):
    rhea = factories.member(organization, "rhea", Role.REVIEWER)
    [item] = scenes.open_work(project, 1, seats=2)
    scenes.say(project, ada, item, "3")
    scenes.say(project, ben, item, "8")
    settle_all(project.pk)
    asked = {"count": 1}
    tasks = client(rhea).post(address(project, "reviews/claims"), asked, format="json").json()
    assert tasks["tasks"] == [] or tasks["tasks"][0]["item"] == item.public_id
    body = {"item": item.public_id, "value": "8"}
    assert client(rhea).post(address(project, "reviews"), body, format="json").status_code == 201
    for path in ("annotators", "decisions", "gold", "quality", "rules", "labels"):
        assert client(rhea).get(address(project, path)).status_code == 404
