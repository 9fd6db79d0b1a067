"""The model's page, certificates and audits, as managers and experts use them."""

import pytest
from django.test import Client

import factories
import loop_scene
from accounts.models import Role
from learning.models import Certificate, Metric, ModelVersion, Plan, SyntheticWork
from quality.models import Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, 120, n_gold=0, n_people=0)
    loop_scene.settle(made, 20)
    loop_scene.pretend_model(made)
    return made


@pytest.fixture
def manager(mia):
    return signed_in(mia)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def post(client, scene, page, **form):
    return client.post(f"/p/{scene.project.public_id}/{page}", form, follow=True)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_every_setting_is_shown_with_what_it_does_and_can_be_changed(scene, manager):
    page = text(manager.get(f"/p/{scene.project.public_id}/model"))
    assert page.count('class="note" id="') >= 13
    form = {
        "boxes": "1", "act": "plan", "certainty": "98.5", "strategy": "entropy", "random_share": "20",
        "round_size": "30", "interactive_after": "0", "estimator": "forest", "retrain_after": "70",
        "features": "vectors", "retrain_share": "10", "retrain_hours": "24", "turn_away": "on", "stop_plateau": "on",
    }  # fmt: skip
    assert "Saved" in text(post(manager, scene, "model", **form))
    plan = Plan.objects.get()
    assert (plan.certainty, plan.strategy, plan.random_share) == (0.985, "entropy", 0.2)
    assert (plan.estimator, plan.retrain_share, plan.retrain_hours) == ("forest", 0.1, 24)
    assert (plan.turn_away, plan.stop_rules) == (True, ["plateau"])
    del form["turn_away"], form["stop_plateau"]
    post(manager, scene, "model", **form)
    plan.refresh_from_db()
    assert (plan.turn_away, plan.stop_rules) == (False, [])


@pytest.mark.parametrize(
    "form",
    [
        {"certainty": "nan"},
        {"certainty": "inf"},
        {"round_size": "0"},
        {"round_size": "1e3"},
        {"retrain_share": "-1"},
        {"retrain_hours": "99999"},
        {"estimator": "os.system"},
        {"features": "sentences"},
        {"boxes": "1", "stop_never": "on"},
    ],
)
def test_what_cannot_be_set_is_told_and_nothing_is_changed(scene, manager, form):
    before = Plan.objects.values().get()
    assert 'role="alert"' in text(post(manager, scene, "model", act="plan", **form))
    assert Plan.objects.values().get() == before


def test_the_model_is_drawn_against_labels_and_against_money(scene, manager):
    for n, spent in enumerate((0, 2_000_000), 1):
        for name in ("model_accuracy", "model_macro_f1"):
            Metric.objects.create(
                project=scene.project, name=name, labels=100 * n, answers=150 * n, spent_micros=spent,
                value=0.6 + n / 10, low=0.5, high=0.9,
            )  # fmt: skip
    base = f"/p/{scene.project.public_id}"
    page = text(manager.get(f"{base}/model"))
    assert page.count("<svg") == 2
    assert "macro F1" in page
    told = text(manager.get(f"{base}/charts/model-money.csv")).splitlines()
    assert len(told) == 5
    assert told[-1].startswith("macro F1,") or told[-1].startswith('"macro F1",')
    assert "80.0%" in told[-1]


def test_an_older_model_is_put_back_into_use(scene, manager):
    ModelVersion.objects.update(current=False)
    loop_scene.pretend_model(scene, number=2)
    base = f"/p/{scene.project.public_id}/model"
    beside = text(manager.get(f"{base}?compare=1"))
    assert "Model 2, in use, beside model 1" in beside
    assert "nobody can say which is better" in beside  # there is no gold here
    assert manager.get(f"{base}?compare=77").status_code == 404
    assert "in use, beside" not in text(manager.get(f"{base}?compare=x"))
    assert "Model 1 is in use" in text(post(manager, scene, "model", act="use", model="1"))
    assert ModelVersion.objects.get(current=True).number == 1
    assert 'role="alert"' in text(post(manager, scene, "model", act="use", model="-1"))
    assert post(manager, scene, "model", act="use", model="77").status_code == 404


def test_without_a_model_to_look_at_nothing_is_made_and_the_page_says_why(scene, manager):
    said = text(post(manager, scene, "model", act="make", items="5"))
    assert 'role="alert"' in said  # the pretended model cannot be loaded
    assert not SyntheticWork.objects.exists()


TERMS = {"bound": "15", "confidence": "95", "share": "100", "looks": "2", "audit_items": "40"}


def test_from_the_forecast_to_the_look(scene, manager, organization):
    told = text(post(manager, scene, "certificates", act="forecast", **TERMS))
    assert "What an audit would bring" in told
    assert not Certificate.objects.exists()
    post(manager, scene, "certificates", act="request", **TERMS)
    certificate = Certificate.objects.get()
    expert = signed_in(factories.member(organization, "rhea", Role.REVIEWER))
    assert scene.project.name in text(expert.get("/audits"))
    address = f"/p/{scene.project.public_id}/certificates/1/audit"
    shown = expert.get(address).context["item"]
    assert shown.pk == certificate.sample[0]
    right = loop_scene.DIGITS[scene.truth[shown.pk]]
    after = expert.post(address, {"item": shown.public_id, "value": right})
    assert Review.objects.get().label_code == scene.truth[shown.pk]
    assert after.context["item"].pk == certificate.sample[1]
    assert "1 of 40 are labeled" in text(after)
    wrong = expert.post(address, {"item": after.context["item"].public_id, "value": "no digit"})
    assert 'role="alert"' in text(wrong)
    assert Review.objects.count() == 1
    seen = text(post(manager, scene, "certificates", act="look", number="1"))
    assert "Not yet" in seen or "At most" in seen
    withdrawn = post(manager, scene, "certificates", act="withdraw", number="1", because="a test")
    assert "Withdrawn: a test" in text(withdrawn)
    assert expert.get(address).context["item"] is None


@pytest.mark.parametrize(
    "form",
    [
        {"act": "request", "bound": "0"},
        {"act": "request", "bound": "x"},
        {"act": "request", "looks": "0"},
        {"act": "request", "looks": "99999999999"},
        {"act": "request", "audit_items": "5"},
        {"act": "request", "audit_items": "500000"},
        {"act": "forecast", "confidence": "100"},
        {"act": "forecast", "share": "nan"},
        {"act": "look", "number": "x"},
    ],
)
def test_impossible_terms_are_told(scene, manager, form):
    assert 'role="alert"' in text(post(manager, scene, "certificates", **{**TERMS, **form}))
    assert not Certificate.objects.exists()


def test_what_is_wrong_with_a_certificate_is_said_in_the_words_of_the_page(scene, manager):
    said = text(
        post(manager, scene, "certificates", **{**TERMS, "act": "forecast", "bound": "100"})
    )
    assert "At most so many wrong, %: must lie between 0 and 100" in said
    assert "%%" not in said


def test_a_certificate_that_is_not_there_is_not_found(scene, manager):
    for page in ("certificates/9/audit", "certificates/x/audit", "certificates/²/audit"):
        assert manager.get(f"/p/{scene.project.public_id}/{page}").status_code == 404
    assert post(manager, scene, "certificates", act="look", number="9").status_code == 404


def test_what_the_machine_said_is_not_on_the_expert_page(scene, manager, organization, mia):
    post(manager, scene, "certificates", act="request", **TERMS)
    page = manager.get(f"/p/{scene.project.public_id}/certificates/1/audit")
    twin = page.content
    model = scene.project.model_versions.get()
    for block in model.prediction_blocks.all():  # a model that says the opposite
        block.probabilities = bytes(block.probabilities)[::-1]
        block.save()
    again = manager.get(f"/p/{scene.project.public_id}/certificates/1/audit")
    assert without_tokens(again.content) == without_tokens(twin)


def without_tokens(content):
    return [line for line in content.splitlines() if b"csrfmiddlewaretoken" not in line]
