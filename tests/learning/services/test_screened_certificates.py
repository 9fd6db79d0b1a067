"""The cheaper certificate in the database: a crowd screens, experts label what it disputes and a check."""

from dataclasses import replace
from html import unescape

import pytest
from django.db.models import Count
from rest_framework.test import APIClient

import loop_scene
from certificate_scene import says_truth
from labeling.models import Answer, Item
from learning.predictions import predicted
from learning.queries.screens import screened
from learning.services.certifying import requesting
from learning.services.certifying.auditing import next_audit_items
from learning.services.certifying.foreseeing import Terms
from learning.services.certifying.looking import look
from learning.services.certifying.requesting import request_certificate
from learning.situation import screened_now
from quality.models import Review
from quality.queries import labels, machine_labels, training_labels
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db

SCREENED = Terms(bound=0.3, screen_answers=2, both_wrong=0.05, checks=20)


@pytest.fixture
def crowded(organization, monkeypatch):
    """Six people who are nearly always right, about whom nobody knows anything yet."""
    monkeypatch.setattr(requesting.secrets, "randbits", lambda _: 7)  # the draw is random
    made = loop_scene.digits_scene(organization, 120, n_gold=0, n_people=6, gold_share=0)
    loop_scene.settle(made, 20)
    loop_scene.pretend_model(made, right=0.97)
    made.accuracy = 0.97
    return made


def crowd_answers(scene):
    while scene.shift(each=10):
        settle_all(scene.project.pk)


def test_a_crowd_screens_and_experts_see_only_what_it_disputes_and_the_check(crowded, mia, client):
    certificate = request_certificate(crowded.project, SCREENED, 40, actor=mia)
    assert next_audit_items(certificate) == []  # nothing before the crowd has spoken
    assert screened_now(crowded.project.pk) == 40  # the loop does not end under them
    crowd_answers(crowded)
    says_truth(crowded, certificate, mia)
    found, asked = screened(certificate), set(Review.objects.values_list("item_id", flat=True))
    assert len(found.done) == 40
    assert asked == (set(certificate.sample) - found.agreed) | set(certificate.screen["checked"])
    assert 20 <= len(asked) < 32
    answers = Answer.objects.filter(item__in=certificate.sample).values("item_id")
    assert {row["n"] for row in answers.annotate(n=Count("pk"))} == {2}  # no model spares any
    assert not set(certificate.sample) & set(training_labels(crowded.project.pk).item_ids.tolist())
    certificate = look(certificate, actor=mia)
    assert certificate.state == "granted", certificate.sentence
    check = certificate.screen["check"]
    assert check["wrong"] == 0
    assert check["at_most"] > certificate.bound
    assert check["confidence"] == 0.9
    assert "with 90% confidence." in certificate.sentence
    assert "Under an assumption" in certificate.sentence
    assert "Not a full certificate" in certificate.assumption
    assert "5.0%" in certificate.assumption
    client.force_login(mia)
    page = client.get(f"/p/{crowded.project.public_id}/certificates").content.decode()
    assert "Certificate 1, under an assumption: Granted" in page
    assert certificate.assumption in unescape(page)
    assert f"Experts checked {check['agreed']} agreements: 0 wrong" in page
    assert "The crowd has screened 40 of 40 items" in page
    told = {row.method for row in labels(crowded.project)}
    assert "machine under an assumption" in told
    assert "machine" not in told
    judged = Item.objects.filter(pk__in=certificate.sample)  # no look is left
    assert set(judged.filter(pk__in=asked).values_list("role", flat=True)) == {"audit"}
    assert set(judged.exclude(pk__in=asked).values_list("role", flat=True)) == {"work"}


def test_a_crowd_with_the_machines_bias_is_found_out_by_the_check(crowded, mia):
    """Everybody says what the machine says: under the assumption all would be right."""
    terms = replace(SCREENED, both_wrong=0.01, checks=40)
    certificate = request_certificate(crowded.project, terms, 40, actor=mia)
    truth, said = dict(crowded.truth), predicted(certificate.model_id, certificate.sample)
    codes = said.probabilities.argmax(axis=1).tolist()
    crowded.truth.update(zip(said.item_ids.tolist(), codes, strict=True))
    crowded.accuracy = 1.0
    crowd_answers(crowded)
    crowded.truth = truth
    says_truth(crowded, certificate, mia, wrong=0.2)
    certificate = look(certificate, actor=mia)
    assert certificate.state == "refused"
    assert "both are wrong" in certificate.sentence
    assert certificate.screen["check"]["wrong"] > 0
    assert not machine_labels(crowded.project.pk).exists()


def test_a_screen_over_http_and_its_form_say_on_what_it_rests(crowded, mia, client):
    form = {"act": "forecast", "screen_answers": "2", "bound": "30", "price": "0.5"}
    api, base = APIClient(), f"/api/v1/projects/{crowded.project.public_id}/certificates"
    client.force_login(mia)
    page = client.post(f"/p/{crowded.project.public_id}/certificates", form).content.decode()
    assert "Experts&#x27; answers" in page or "Experts' answers" in page
    assert "<details open>" in page  # what was typed stands open
    api.force_authenticate(mia)
    terms = {"bound": 0.3, "screen_answers": 2, "both_wrong": 0.05, "checks": 20}
    cheap = api.post(f"{base}/forecast", {**terms, "sizes": [60]}, format="json").json()
    full = api.post(f"{base}/forecast", {"bound": 0.3, "sizes": [60]}, format="json").json()
    assert 20 < cheap["forecasts"][0]["experts"] < full["forecasts"][0]["experts"] == 60
    refused = api.post(base, {**terms, "both_wrong": 0.3, "audit_items": 60}, format="json")
    assert refused.json()["errors"][0]["field"] == "both_wrong"
    made = api.post(base, {**terms, "audit_items": 60}, format="json").json()
    assert (made["basis"], made["state"]) == ("crowd_screen", "auditing")
    assert "both are wrong on at most 5.0% of the items" in made["assumption"]
    assert made["screen"] == {
        "answers": 2, "both_wrong": 0.05, "checks": 20, "done": 0, "agreed": 0, "check": None,
    }  # fmt: skip
