"""One unseen item over HTTP: people are asked, or the machine answers at once; never twice."""

import csv
import io

import pytest
from rest_framework.test import APIClient

import loop_scene
from labeling.models import Item
from learning.models import ModelVersion, Streamed
from quality.services.exporting import export_labels

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, 160, n_gold=0, n_people=0)
    loop_scene.run("learning.features", made.project)
    return made


@pytest.fixture
def learned(scene):
    loop_scene.settle(scene, 150)
    loop_scene.run("learning.retrain", scene.project)
    return scene


@pytest.fixture
def stream(scene, mia):
    client = APIClient()
    client.force_authenticate(mia)
    address = f"/api/v1/projects/{scene.project.public_id}/stream"

    def send(name=None, payload=None, **body):
        if name is None:
            return client.put(address, body, format="json") if body else client.get(address)
        return client.post(address, {"id": name, "payload": payload}, format="json")

    return send


def vectors(n, seed=9):
    features, codes = loop_scene.digits(n, seed)
    return [{"vector": row.round(4).tolist()} for row in features], codes


def test_before_there_is_a_model_people_are_asked(stream):
    body = stream("new-1", {"vector": [0.0] * 64}).json()
    assert (body["decision"], body["because"]) == ("ask", "there is no model yet")
    assert Item.objects.get(public_id=body["item"]).has_seat


def test_the_model_answers_most_and_people_get_the_budgets_share(learned, stream):
    assert stream(budget=0.2).json()["budget"] == 0.2
    payloads, codes = vectors(120)
    replies = [stream(f"s-{n}", payload).json() for n, payload in enumerate(payloads)]
    said = [(r, c) for r, c in zip(replies, codes, strict=True) if r["decision"] == "label"]
    assert 0.75 * 120 <= len(said) < 120
    right = sum(reply["label"] == loop_scene.DIGITS[code] for reply, code in said)
    assert right / len(said) > 0.8
    state = stream().json()
    assert (state["seen"], state["asked"]) == (120, 120 - len(said))


def test_what_the_machine_said_is_exported_as_the_machines(learned, stream):
    stream(budget=0.2)
    payloads, _ = vectors(12)
    replies = {f"s-{n}": stream(f"s-{n}", row).json() for n, row in enumerate(payloads)}
    text = b"".join(export_labels(learned.project, "csv")).decode()
    rows = {row["item"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 160 + 12
    for name, reply in replies.items():
        if reply["decision"] == "label":
            told = (reply["label"], f"{round(reply['confidence'], 6)}", "stream", "model 1")
        else:  # an item like any other
            told = ("", "", "", "")
        assert tuple(rows[name][key] for key in ("label", "confidence", "method", "model")) == told
    assert {reply["decision"] for reply in replies.values()} == {"ask", "label"}


def test_the_same_item_again_gets_the_same_answer_and_costs_nothing(learned, stream):
    payloads, _ = vectors(10)
    first = [stream(f"s-{n}", payload).json() for n, payload in enumerate(payloads)]
    items = Item.objects.count()
    again = [stream(f"s-{n}", payload).json() for n, payload in enumerate(payloads)]
    assert again == first
    assert Item.objects.count() == items
    assert stream().json()["seen"] == 10


def test_what_the_model_cannot_read_goes_to_people(learned, stream):
    body = stream("wide", {"vector": [1.0, 2.0]}).json()
    assert body["decision"] == "ask"
    assert "2 numbers, the others 64" in body["because"]


@pytest.mark.parametrize("payload", [{}, {"text": "  "}, {"x": "\0"}, "no object"])
def test_an_unusable_item_is_refused(learned, stream, payload):
    assert stream("bad", payload).status_code == 400
    assert not Streamed.objects.exists()


def test_a_tampered_model_answers_nothing(learned, stream):
    ModelVersion.objects.update(signature="0" * 64)
    body = stream("t", vectors(1)[0][0]).json()
    assert (body["decision"], body["because"]) == (
        "ask",
        "the model was changed outside Assay and is not used",
    )


def test_a_project_that_is_paused_asks_nobody(scene, stream):
    scene.project.status = "paused"
    scene.project.save()
    assert stream("late", {"vector": [0.0] * 64}).status_code == 409
    assert not Streamed.objects.exists()


def test_an_id_that_an_imported_item_has_is_not_asked_about_twice(scene, stream):
    assert stream("digit-3", {"vector": [0.0] * 64}).status_code == 409
