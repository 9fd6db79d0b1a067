"""The files of items and people: what if somebody had not answered, and what an act would do."""

import re
import uuid

import pytest
from django.test import Client

import factories
import scenes
from accounts.models import AuditEntry, Organization, User
from labeling.models import Answer, Enrollment, Item, Project
from labeling.queries.spent import spent_micros
from labeling.services.revising import Wording, revise
from quality.models import Consensus, Decision
from quality.queries.effects import effect_of_setting_aside
from quality.queries.items import item_page
from quality.queries.provenance import provenance
from quality.services.settling import settle_unused

LABELS = ["cat", "fox", "owl"]


@pytest.fixture
def project(organization: Organization) -> Project:
    return factories.project(
        organization, LABELS, seats_min=1, seats_max=9, target_certainty=0.8, price_micros=20_000
    )


@pytest.fixture
def answered(project: Project) -> list[User]:
    """Twelve items; two people agree on most, the third says fox everywhere."""
    items = scenes.open_work(project, 12, seats=3)
    people = scenes.people(project.organization, 3)
    for n, person in enumerate(people):
        said = [(item, "fox" if n == 2 else LABELS[i % (n + 2)]) for i, item in enumerate(items)]
        scenes.say_all(project, person, said)
    settle_unused(project.pk)
    return people


def beliefs(project: Project) -> dict[int, dict[int, float]]:
    rows = Consensus.objects.filter(project=project)
    return {row.item_id: dict(enumerate(row.posterior)) for row in rows}


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(project: Project, person: User) -> str:
    enrollment = Enrollment.objects.get(project=project, annotator=person)
    return f"/p/{project.public_id}/people/{enrollment.pseudonym}"


def test_leaving_somebody_out_says_what_setting_aside_then_does(
    project: Project, answered: list[User], mia: User
) -> None:
    pseudonym = Enrollment.objects.get(project=project, annotator=answered[2]).pseudonym
    foretold = {
        item.pk: provenance(item, [pseudonym]) for item in Item.objects.filter(project=project)
    }
    client_of(mia).post(f"{page_of(project, answered[2])}/set-aside", {"reason": "guesses"})
    settle_unused(project.pk)
    for item_id, belief in beliefs(project).items():
        said = foretold[item_id]
        assert said
        assert {k: said.belief[LABELS[k]] for k in belief} == pytest.approx(belief, abs=1e-5)


def test_an_effect_is_told_before_and_is_what_happens(
    project: Project, answered: list[User], mia: User
) -> None:
    before = {row.item_id: row for row in Consensus.objects.filter(project=project)}
    effect = effect_of_setting_aside(project, answered[2].pk)
    assert effect.changed > 0
    client = client_of(mia)
    told = client.get(f"{page_of(project, answered[2])}/set-aside").context["effect"]
    assert re.findall(r"[\d.]+", told)[:4] == [
        str(n) for n in (effect.answers, effect.items, effect.changed, effect.reopened)
    ]
    client.post(f"{page_of(project, answered[2])}/set-aside", {"reason": "guesses"})
    settle_unused(project.pk)
    after = {row.item_id: row for row in Consensus.objects.filter(project=project)}
    changed = [pk for pk in after if after[pk].label_code != before[pk].label_code]
    reopened = [pk for pk in after if before[pk].confidence >= 0.8 > after[pk].confidence]
    assert (effect.changed, effect.reopened) == (len(changed), len(reopened))
    assert effect.micros == len(reopened) * 20_000


def test_pay_is_held_as_foretold_also_of_answers_that_were_changed(
    project: Project, mia: User, ada: User
) -> None:
    [item, other] = scenes.open_work(project, 2)
    scenes.say_all(project, ada, [(item, "cat"), (other, "cat")])
    first = Answer.objects.filter(item=item).get()
    revise(ada, first.public_id, Wording("owl", None, uuid.uuid4()))
    client, page = client_of(mia), page_of(project, ada)
    assert "Holds back $0.04 for 2 answers" in client.get(f"{page}/hold-pay").context["effect"]
    client.post(f"{page}/hold-pay", {"reason": "looks away"})
    assert spent_micros(project.pk) == 0
    assert "Holds back $0.00 for 0 answers" in client.get(f"{page}/hold-pay").context["effect"]
    client.post(f"{page}/pause", {"reason": "looks away"})
    assert "Pays $0.00 for 0" in client.get(f"{page}/reinstate").context["effect"]
    undo = f"/p/{project.public_id}/decisions/{Decision.objects.earliest('pk').public_id}/undo"
    client.post(undo, {"reason": "it was a mistake"})
    assert spent_micros(project.pk) == 40_000


def test_a_pause_needs_a_reason_is_written_down_and_can_be_taken_back(
    project: Project, answered: list[User], mia: User
) -> None:
    client, page = client_of(mia), page_of(project, answered[0])
    assert "must have 1 to 500" in client.post(f"{page}/pause", {"reason": " "}).content.decode()
    assert not Decision.objects.exists()
    client.post(f"{page}/pause", {"reason": "looks away"})
    decision = Decision.objects.get()
    assert Enrollment.objects.get(annotator=answered[0]).status == "paused"
    assert AuditEntry.objects.filter(action="decision.pause", actor=mia).exists()
    undo = f"/p/{project.public_id}/decisions/{decision.public_id}/undo"
    client.post(undo, {"reason": ""})
    assert Enrollment.objects.get(annotator=answered[0]).status == "paused"
    client.post(undo, {"reason": "it was a mistake"})
    assert Enrollment.objects.get(annotator=answered[0]).status == "active"


def test_an_auditor_reads_and_cannot_act(
    project: Project, answered: list[User], organization: Organization
) -> None:
    olu = client_of(factories.member(organization, "olu", "auditor"))  # type: ignore[arg-type]
    page = page_of(project, answered[0])
    assert "/pause" not in olu.get(page).content.decode()
    assert olu.post(f"{page}/pause", {"reason": "x"}).status_code == 404


def test_pages_of_items_follow_each_other_and_are_filtered(project: Project) -> None:
    scenes.open_work(project, 7)
    factories.item(project, "other-1")
    seen, after = [], ""
    for _ in range(3):
        page = item_page(project, after=after, most=3)
        seen += [row.external_id for row in page.rows]
        after = page.after
    assert seen == [*(f"work-{n}" for n in range(7)), "other-1"]
    assert after == ""
    assert [row.external_id for row in item_page(project, status="pool").rows] == ["other-1"]
    assert [row.external_id for row in item_page(project, name="other").rows] == ["other-1"]
    assert item_page(project, role="gold").rows == []
