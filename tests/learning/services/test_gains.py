"""The manager's figures, and models compared, promoted and rolled back."""

import pytest
from rest_framework.test import APIClient

import loop_scene
from labeling.models import Item
from learning.loop_rules import Action
from learning.models import Metric, ModelVersion, QueryRound
from learning.queries.gains import gains, round_gains
from learning.services import loop
from learning.services.plans import configure

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    return loop_scene.digits_scene(organization, 80, n_gold=25, n_people=0, price_micros=1000)


def measured(scene, name, *points):
    for labels, value in points:
        Metric.objects.create(
            project=scene.project, name=name, labels=labels, answers=labels, value=value,
            low=value - 0.03, high=min(1, value + 0.03),
        )  # fmt: skip


def test_savings_come_from_the_random_share(scene):
    measured(scene, "random_baseline", (25, 0.8), (100, 0.9), (225, 1 - 1 / 15))
    measured(scene, "model_accuracy", (100, 0.95))
    found = gains(scene.project)
    assert found.random_labels == pytest.approx(400)
    assert found.labels_saved == pytest.approx(300)


def test_figures_without_evidence_are_none(scene):
    found = gains(scene.project)
    assert (found.random_labels, found.model_accuracy, found.hours_saved) == (None, None, None)
    assert (found.labels, found.level, found.remedy) == (0, False, "")


def test_answers_saved_are_those_that_adaptive_redundancy_did_not_buy(scene):
    loop_scene.settle(scene, 10)  # two answers each, of seven at most
    assert gains(scene.project).answers_saved == 10 * 5


def test_a_retraining_measures_random_sampling_beside_itself(scene):
    loop_scene.run("learning.features", scene.project)
    items = loop_scene.settle(scene, 60)
    QueryRound.objects.create(
        project=scene.project, number=1, strategy="priced", item_ids=items,
        parts={"priced": items[:30], "random": items[30:]},
    )  # fmt: skip
    loop_scene.run("learning.retrain", scene.project)
    point = Metric.objects.get(name="random_baseline")
    assert point.labels == 30
    model = Metric.objects.get(name="model_accuracy")
    assert point.low < point.value <= model.high


def test_a_level_curve_is_said_with_a_remedy_and_ends_the_project_only_if_asked(scene):
    loop_scene.settle(scene, 5)
    measured(scene, "model_accuracy", *[(round(100 * 1.3**n), 0.9) for n in range(5)])
    found = gains(scene.project)
    assert found.level
    assert found.remedy
    assert Action.STOP not in loop.advance(scene.project.pk).actions
    configure(scene.project.pk, stop_rules=["certainty", "plateau"])
    assert "levelled off" in loop.advance(scene.project.pk).state


def test_models_that_agree_end_the_project_only_if_asked(scene):
    measured(scene, "model_stability", (50, 0.995), (80, 0.995), (120, 1.0))
    assert gains(scene.project).stable
    configure(scene.project.pk, stop_rules=["stability"])
    assert "agree with each other" in loop.advance(scene.project.pk).state


def test_what_each_round_brought(scene):
    items = loop_scene.settle(scene, 10)
    waiting = Item.objects.filter(project=scene.project, status="pool").values_list("pk", flat=True)
    QueryRound.objects.create(
        project=scene.project, number=1, strategy="priced", item_ids=[*items, *waiting[:5]],
        parts={"priced": items, "random": list(waiting[:5])}, again=items[:2],
    )  # fmt: skip
    [found] = round_gains(scene.project.pk)
    assert (found.settled, found.again, found.parts) == (10, 2, {"priced": 10, "random": 5})
    assert found.mean_confidence == pytest.approx(0.98)


@pytest.fixture
def two_models(scene):
    first = loop_scene.pretend_model(scene, right=0.7)
    ModelVersion.objects.update(current=False)
    return first, loop_scene.pretend_model(scene, right=0.98, number=2)


def test_models_are_compared_on_the_same_gold(scene, two_models, mia):
    client = APIClient()
    client.force_authenticate(mia)
    address = f"/api/v1/projects/{scene.project.public_id}/models/compare"
    body = client.get(address, {"left": 1, "right": 2}).json()
    assert body["gold_items"] == 25
    assert body["right"]["value"] > body["left"]["value"]
    assert body["only_right"] - body["only_left"] == round(
        25 * (body["right"]["value"] - body["left"]["value"])
    )
    assert 0.4 < body["agreement"] < 1
    assert client.get(address, {"left": 1, "right": 9}).status_code == 404


def test_an_older_model_can_be_rolled_back_to(scene, two_models, mia):
    client = APIClient()
    client.force_authenticate(mia)
    base = f"/api/v1/projects/{scene.project.public_id}/models"
    configure(scene.project.pk)
    assert client.post(f"{base}/1/promotion").json() == {"model": 1, "current": True}
    assert ModelVersion.objects.get(current=True).number == 1
    ModelVersion.objects.filter(number=2).update(scores={"outcome": "withdrawn", "because": "x"})
    assert client.post(f"{base}/2/promotion").status_code == 409
    ModelVersion.objects.filter(number=2).update(scores={}, parameters={"space": 7, "n_labels": 10})
    assert client.post(f"{base}/2/promotion").status_code == 409
    assert client.post(f"{base}/x/promotion").status_code == 404


def test_the_figures_over_http(scene, mia):
    client = APIClient()
    client.force_authenticate(mia)
    body = client.get(f"/api/v1/projects/{scene.project.public_id}/learning/gains").json()
    assert set(body) == {"gains", "rounds"}
    plan = f"/api/v1/projects/{scene.project.public_id}/plan"
    assert client.get(plan).json()["strategy"] == "priced"
    shares = {"value": 0.7, "diverse": 0.2, "random": 0.1}
    assert client.patch(plan, {"shares": shares}, format="json").json()["shares"] == shares
    assert client.patch(plan, {"strategy": "magic"}, format="json").status_code == 400
