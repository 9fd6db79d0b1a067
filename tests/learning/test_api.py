"""The learning loop over HTTP: for managers and auditors of the organization, and nobody else."""

import pytest
from rest_framework.test import APIClient

import loop_scene
from learning.models import Certificate, ModelVersion, QueryRound

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, 60, n_gold=20, n_people=0)
    loop_scene.run("learning.features", made.project)
    loop_scene.settle(made, 30)
    loop_scene.run("learning.retrain", made.project)
    loop_scene.run("learning.query_round", made.project, number=1, wanted=10)
    return made


def get(user, project):
    client = APIClient()
    client.force_authenticate(user)
    return client.get(f"/api/v1/projects/{project.public_id}/learning")


def test_a_manager_sees_state_curve_rounds_and_models(scene, mia):
    body = get(mia, scene.project).json()
    assert set(body) == {"state", "curve", "rounds", "models"}
    assert body["state"]["model"] == 1
    assert body["state"]["accuracy_low"] < body["state"]["accuracy"]
    names = [point["name"] for point in body["curve"]]
    assert names == ["model_accuracy", "model_macro_f1", "model_agreement", "label_accuracy"]
    assert body["rounds"][0]["items"] == 10
    assert body["models"][0]["outcome"] == "published"


def test_what_is_not_yours_does_not_exist(scene, ada, zed):
    assert get(ada, scene.project).status_code == 404  # she only annotates here
    assert get(zed, scene.project).status_code == 404


def test_a_project_that_has_not_begun_to_learn_has_an_empty_answer(organization, mia):
    made = loop_scene.digits_scene(organization, 5, n_gold=0, n_people=0)
    body = get(mia, made.project).json()
    assert (body["curve"], body["rounds"], body["models"]) == ([], [], [])
    assert body["state"]["model"] is None


def pages(client, address, what, limit):
    """Every page's rows, by following ``next``."""
    cursor, found = "", []
    while cursor is not None:
        body = client.get(f"{address}?limit={limit}{cursor}").json()
        found.append([row["number"] for row in body[what]])
        cursor = f"&cursor={body['next']}" if body["next"] else None
    return found


def test_rounds_models_and_certificates_come_in_pages(organization, mia, django_assert_num_queries):
    made = loop_scene.digits_scene(organization, 5, n_gold=0, n_people=0)
    for number in range(1, 6):
        QueryRound.objects.create(project=made.project, number=number, strategy="random")
        model = ModelVersion.objects.create(
            project=made.project, number=number, estimator="x", labels_seen=9, scores={"a": 1}
        )
        Certificate.objects.create(
            project=made.project, number=number, model=model, bound=0.1, confidence=0.9
        )
    client = APIClient()
    client.force_authenticate(mia)
    for what in ("rounds", "models", "certificates"):
        address = f"/api/v1/projects/{made.project.public_id}/{what}"
        assert pages(client, address, what, 2) == [[5, 4], [3, 2], [1]]
        assert pages(client, address, what, 5) == [[5, 4, 3, 2, 1]]
        for bad in ("cursor=x", "cursor=0", f"cursor={10**30}", "limit=0", "limit=1001", "page=2"):
            assert client.get(f"{address}?{bad}").status_code == 400
        if what != "certificates":
            with django_assert_num_queries(2):
                client.get(address)
