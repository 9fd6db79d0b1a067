"""Certificates from forecast to withdrawal: experts audit, the machine labels, drift takes it back."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

import factories
import loop_scene
from accounts.models import AuditEntry
from certificate_scene import says_truth
from labeling.errors import Conflict, Refused
from labeling.models import Item, ItemRole, ItemStatus
from learning import queries
from learning.models import Certificate
from learning.services.certifying import requesting
from learning.services.certifying.auditing import answer_audit, next_audit_items
from learning.services.certifying.drifting import audit_again, withdraw_certificate
from learning.services.certifying.foreseeing import Terms, foresee
from learning.services.certifying.looking import look
from learning.services.certifying.requesting import request_certificate
from learning.services.certifying.scheduling import audit_where_due, set_schedule
from learning.services.examples import lessons
from learning.services.scoring import audit_scores
from quality.models import Consensus
from quality.queries import labels, machine_labels, provenance, training_labels
from quality.services.rebuilding import rebuild

pytestmark = pytest.mark.django_db

TERMS = Terms(bound=0.15)


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, 300, n_gold=0, n_people=0)
    loop_scene.settle(made, 30)
    loop_scene.pretend_model(made)
    return made


def test_audit_answers_of_experts_are_told_with_a_model_and_decide_nothing(scene, mia):
    model = queries.current_model(scene.project.pk)
    assert audit_scores(model) == {}
    certificate = request_certificate(scene.project, TERMS, 60, actor=mia)
    says_truth(scene, certificate, mia, wrong=0.2)
    told = audit_scores(model)["audit"]
    assert told["items"] == 60
    assert told["low"] < told["value"] < told["high"]
    assert 0.6 < told["value"] < 0.85  # nine in ten are right, a fifth of those is called wrong
    assert told["calibration_error"] > 0.1


def granted(scene, mia, terms=TERMS, audit_items=120):
    certificate = request_certificate(scene.project, terms, audit_items, actor=mia)
    says_truth(scene, certificate, mia)
    return look(certificate, actor=mia)


def in_pool():
    return Item.objects.filter(role=ItemRole.WORK, status=ItemStatus.POOL).count()


def test_the_machine_labels_what_passed_and_nothing_else(scene, mia):
    certificate = granted(scene, mia)
    assert certificate.state == "granted", certificate.sentence
    rows = list(machine_labels(scene.project.pk, certificate.number))
    assert len(rows) > 20
    assert min(row.confidence for row in rows) >= certificate.threshold - 1e-5
    assert not set(certificate.sample) & {row.item_id for row in rows}
    wrong = np.mean([row.label_code != scene.truth[row.item_id] for row in rows])
    assert wrong <= 0.15
    methods = [row.method for row in labels(scene.project)]
    assert methods.count("machine") == len(rows)
    assert methods.count("review") == 120
    assert str(len(rows)) in certificate.sentence


def test_no_audit_item_and_no_machine_label_is_ever_learned_from(scene, mia):
    granted(scene, mia)
    taught = set(lessons(queries.space_of(scene.project.pk)).item_ids.tolist())
    assert taught == set(training_labels(scene.project.pk).item_ids.tolist())
    assert not taught & set(Certificate.objects.get().sample)
    assert not taught & set(machine_labels(scene.project.pk).values_list("item_id", flat=True))


def test_audit_items_leave_the_crowds_work(scene, mia):
    before = in_pool()
    certificate = request_certificate(scene.project, TERMS, 50, actor=mia)
    assert in_pool() == before - 50
    roles = Item.objects.filter(pk__in=certificate.sample).values_list("role", "status").distinct()
    assert list(roles) == [("audit", "held")]


def test_a_rebuild_leaves_given_labels_alone(scene, mia):
    granted(scene, mia)
    before = list(Consensus.objects.filter(method="machine").values())
    rebuild(scene.project)
    assert list(Consensus.objects.filter(method="machine").values()) == before


def test_a_machine_that_is_too_bad_is_refused_plainly(scene, mia):
    terms = Terms(bound=0.04)
    certificate = request_certificate(scene.project, terms, 100, actor=mia)
    says_truth(scene, certificate, mia, wrong=0.3)
    certificate = look(certificate, actor=mia)
    assert certificate.state == "refused"
    assert "cannot be met" in certificate.sentence
    assert not machine_labels(scene.project.pk).exists()


def test_a_look_reads_the_answered_beginning_and_is_paid_for(scene, mia):
    terms = Terms(bound=0.15, looks=2)
    certificate = request_certificate(scene.project, terms, 120, actor=mia)
    with pytest.raises(Conflict, match="labeled nothing"):
        look(certificate, actor=mia)
    items = next_audit_items(certificate, 120)
    assert [item.pk for item in items] == certificate.sample
    for item in [*items[:20], *items[21:25]]:  # one is left out: a look stops there
        answer_audit(certificate, item, loop_scene.DIGITS[scene.truth[item.pk]], reviewer=mia)
    certificate = look(certificate, actor=mia)
    assert certificate.looks_taken[0]["answered"] == 20
    says_truth(scene, certificate, mia)
    certificate = look(certificate, actor=mia)
    assert certificate.looks_taken[1]["answered"] == 120
    with pytest.raises(Conflict, match="No look is left"):
        look(certificate, actor=mia)


def test_audit_items_without_an_answer_go_back_after_the_last_look(scene, mia):
    before = in_pool()
    certificate = request_certificate(scene.project, TERMS, 120, actor=mia)
    for item in next_audit_items(certificate, 20):
        answer_audit(certificate, item, "0", reviewer=mia)
    look(certificate, actor=mia)
    assert in_pool() == before - 20


def test_each_label_can_have_a_bound_of_its_own(scene, mia):
    terms = Terms(bound=0.4, per_class=True)
    certificate = granted(scene, mia, terms, 200)
    assert certificate.state == "granted", certificate.sentence
    assert "all" not in certificate.thresholds
    for row in machine_labels(scene.project.pk, certificate.number):
        assert row.confidence >= certificate.thresholds[str(row.label_code)] - 1e-5


def test_a_region_is_all_that_is_audited_and_accepted(scene, mia):
    certificate = granted(scene, mia, Terms(bound=0.15, share=0.6), 100)
    floor = certificate.region["floor"]
    accepted = list(machine_labels(scene.project.pk).select_related("item"))
    assert accepted
    assert min(row.confidence for row in accepted) >= floor - 1e-5
    assert certificate.region["items"] == pytest.approx(0.6 * 270, abs=3)
    why = provenance(accepted[0].item)
    assert (why.votes, why.voice["certificate"]) == ([], certificate.number)
    assert why.doubt == pytest.approx(0, abs=1e-9)
    assert why.log_odds == pytest.approx(why.prior)  # the model's word is all there is
    assert why.belief[why.label] == pytest.approx(accepted[0].confidence, abs=1e-5)
    client = APIClient()
    client.force_login(mia)
    page = f"/p/{scene.project.public_id}/items/{accepted[0].item.public_id}"
    assert f"certificate {certificate.number}" in client.get(page).content.decode()
    told = client.get(f"/api/v1{page.replace('/p/', '/projects/')}/provenance").json()
    assert told["voice"] == {"version": why.voice["version"], "certificate": certificate.number}


def test_a_later_audit_that_finds_too_many_errors_takes_the_labels_back(scene, mia):
    certificate = granted(scene, mia)
    accepted = machine_labels(scene.project.pk).count()
    before = in_pool()
    certificate = audit_again(certificate, 20, actor=mia)
    certificate = says_truth(scene, certificate, mia, wrong=1.0)
    assert certificate.state == "withdrawn"
    assert "20 of 20" in certificate.withdrawn_because
    assert not machine_labels(scene.project.pk).exists()
    assert in_pool() == before + accepted - 20  # the audited ones have an expert's label


def test_a_later_audit_that_confirms_changes_nothing(scene, mia):
    certificate = granted(scene, mia)
    accepted = machine_labels(scene.project.pk).count()
    certificate = says_truth(scene, audit_again(certificate, 20, actor=mia), mia)
    assert certificate.state == "granted"
    assert machine_labels(scene.project.pk).count() == accepted - 20


def test_later_audits_come_by_themselves_and_can_withdraw(scene, mia):
    certificate = granted(scene, mia)
    set_schedule(certificate, days=7, n_items=20, actor=mia)
    in_a_week = timezone.now() + timedelta(days=7, hours=1)
    assert audit_where_due() == 0
    assert audit_where_due(in_a_week) == 1
    assert audit_where_due(in_a_week) == 0  # the next one is due a week later
    in_two = in_a_week + timedelta(days=7)
    assert audit_where_due(in_two) == 0  # experts have not answered the last one yet
    certificate.refresh_from_db()
    certificate = says_truth(scene, certificate, mia, wrong=1.0)
    assert certificate.state == "withdrawn"
    assert audit_where_due(in_two) == 0


def test_a_withdrawn_certificate_gives_its_items_back_to_people(scene, mia):
    certificate = granted(scene, mia)
    gone = withdraw_certificate(certificate, "the guidelines changed.", actor=mia)
    assert gone.state == "withdrawn"
    assert not machine_labels(scene.project.pk).exists()
    assert next_audit_items(gone) == []
    said = AuditEntry.objects.filter(action__startswith="certificate").values_list(
        "action", flat=True
    )
    assert list(said.order_by("pk")) == [
        "certificate.requested",
        "certificate.looked",
        "certificate.withdrawn",
    ]


def test_the_forecast_says_what_an_audit_would_bring_and_cost(scene):
    foreseen = foresee(scene.project, Terms(bound=0.15, price_micros=500), [100, 5000])
    assert [one.audited for one in foreseen.forecasts] == [100, 270]
    assert foreseen.forecasts[0].cost == 50_000
    assert foreseen.forecasts[1].coverage >= foreseen.forecasts[0].coverage > 0
    assert "would let the machine label" in foreseen.sentence


def test_a_bound_that_the_pool_is_too_small_for_is_said_plainly(scene, mia):
    assert "cannot be met" in foresee(scene.project, Terms(bound=0.001)).sentence
    with pytest.raises(Refused, match="cannot be met"):
        request_certificate(scene.project, Terms(bound=0.01), 200, actor=mia)
    assert not Certificate.objects.exists()


def test_items_that_came_after_the_model_are_told(scene, mia):
    assert "newer than" not in foresee(scene.project, TERMS).sentence
    factories.item(scene.project, "late", status=ItemStatus.POOL)
    assert "Items newer than this model: 1;" in foresee(scene.project, TERMS).sentence


def test_without_a_model_there_is_nothing_to_certify(organization, mia):
    made = loop_scene.digits_scene(organization, 5, n_gold=0, n_people=0)
    with pytest.raises(Conflict, match="no model"):
        foresee(made.project, TERMS)


def test_over_http_from_forecast_to_withdrawal(scene, mia, ada, monkeypatch):
    monkeypatch.setattr(
        requesting.secrets, "randbits", lambda _: 7
    )  # the draw is random, the way not
    client, base = APIClient(), f"/api/v1/projects/{scene.project.public_id}/certificates"
    client.force_authenticate(mia)
    assert client.post(f"{base}/forecast", {"bound": 0.15}, format="json").status_code == 200
    made = client.post(base, {"bound": 0.4, "audit_items": 30}, format="json")
    assert (made.status_code, made.json()["state"]) == (201, "auditing")
    todo = client.get(f"{base}/1/audit").json()["items"]
    while todo:
        item = Item.objects.get(public_id=todo[0]["item"])
        body = {"item": todo[0]["item"], "value": loop_scene.DIGITS[scene.truth[item.pk]]}
        todo = client.post(f"{base}/1/audit", body, format="json").json()["items"]
    looked = client.post(f"{base}/1/look").json()
    assert (looked["state"], looked["looks_left"], looked["audited"]) == ("granted", 0, 30)
    assert looked["accepted"] == machine_labels(scene.project.pk).count() > 0
    assert client.post(f"{base}/1/look").status_code == 409
    weekly = client.put(f"{base}/1/audit-again", {"days": 7, "items": 20}, format="json").json()
    assert (weekly["again_days"], weekly["again_items"]) == (7, 20)
    gone = client.post(f"{base}/1/withdrawal", {"because": "a test."}, format="json").json()
    assert (gone["state"], gone["accepted"]) == ("withdrawn", 0)
    assert client.get(base).json()["certificates"][0]["number"] == 1
    client.force_authenticate(ada)
    assert client.get(f"{base}/1/audit").status_code == 404  # she annotates, and is no expert
