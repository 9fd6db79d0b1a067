"""A model on another machine: taught, judged and used like any other, and never in the way."""

import json
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

import loop_scene
from calling_scene import machine, say
from learning import queries, voices
from learning.models import Circuit, PredictionBlock
from learning.services import circuits, loop
from learning.services.plans import UnusablePlan, configure

pytestmark = pytest.mark.django_db


class Elsewhere:
    """Learns the mean vector of every label. ``broken`` answers in its place where it is set."""

    def __init__(self):
        self.models, self.calls, self.broken = {}, [], None

    def __call__(self, handler, path, body):
        self.calls.append(path)
        if self.broken is not None:
            return say(handler, *self.broken)
        asked = json.loads(body)
        features = np.array(asked["features"])
        if path == "/train":
            label = np.array(asked["labels"])
            means = [features[label == k].mean(axis=0) for k in np.unique(label)]
            self.models[f"m{len(self.models)}"] = np.array(means)
            return say(handler, {"model": f"m{len(self.models) - 1}"})
        means = self.models[asked["model"]]
        near = np.exp(-((features[:, None] - means[None]) ** 2).sum(axis=2))
        return say(handler, {"probabilities": (near / near.sum(1, keepdims=True)).tolist()})


@pytest.fixture
def elsewhere():
    made = Elsewhere()
    with machine(made) as made.url:
        yield made


@pytest.fixture
def scene(organization, settings, elsewhere):
    settings.OUTGOING = ("127.0.0.1",)
    made = loop_scene.digits_scene(organization, 60, n_gold=20, n_people=2)
    loop_scene.run("learning.features", made.project)
    loop_scene.settle(made, 50)
    configure(made.project.pk, estimator=elsewhere.url)
    return made


def retrained(scene):
    return loop_scene.run("learning.retrain", scene.project).result


def test_it_is_taught_fold_by_fold_judged_and_given_a_voice(scene, elsewhere):
    assert retrained(scene)["outcome"] == "published"
    model = queries.current_model(scene.project.pk)
    assert model.scores["gold"]["value"] > 0.5
    assert elsewhere.calls.count("/train") == 6  # five folds and one for all
    asked = sorted(scene.truth)[50:60]
    said = voices.model_voice(scene.project.pk, asked)
    truth = [scene.truth[item_id] for item_id in said.item_ids.tolist()]
    assert (said.probabilities.argmax(axis=1) == truth).mean() > 0.5


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (({}, 500), "HTTP 500"),
        ((b"no", 200), "no JSON"),
        (({"model": 7}, 200), "a name"),
        (({"model": "m", "probabilities": [[1.0]]}, 200), "its probabilities are"),
        (({"model": "m", "probabilities": "x"}, 200), "no table of numbers"),
    ],
)
def test_whatever_it_answers_is_a_sentence_on_the_project(scene, elsewhere, broken, said):
    elsewhere.broken = broken
    assert said in retrained(scene)["because"]
    assert said in loop.advance(scene.project.pk).state


def test_after_failures_in_a_row_nobody_calls_until_time_has_passed(scene, elsewhere):
    elsewhere.broken = ({}, 500)
    for _ in range(circuits.PATIENCE):
        retrained(scene)
    called = len(elsewhere.calls)
    assert "not called before" in retrained(scene)["because"]
    assert len(elsewhere.calls) == called
    elsewhere.broken = None
    Circuit.objects.update(opens_at=timezone.now() - timedelta(seconds=1))
    assert retrained(scene)["outcome"] == "published"
    assert Circuit.objects.get().failures == 0


def test_rests_grow_and_end():
    rests = [circuits.rest_after(n) for n in (1, 2, 3, 4, 5, 50)]
    minutes = [rest and rest.total_seconds() / 60 for rest in rests]
    assert minutes == [None, None, 1, 2, 4, 60]


def test_a_round_is_opened_though_it_cannot_say_anything_about_new_items(scene, elsewhere):
    retrained(scene)
    PredictionBlock.objects.all().delete()  # as if every item were new
    elsewhere.broken = ({}, 500)
    opened = loop_scene.run("learning.query_round", scene.project, number=1, wanted=5).result
    assert opened["items"] == 5
    assert "HTTP 500" in loop.advance(scene.project.pk).state
    assert queries.current_model(scene.project.pk) is not None  # it is asked again later


def test_where_no_calls_are_allowed_the_address_is_refused(scene, settings):
    settings.OUTGOING = ()
    with pytest.raises(UnusablePlan, match="estimator"):
        configure(scene.project.pk, estimator="https://model.example/")
    assert "ASSAY_OUTGOING" in retrained(scene)["because"]


def test_only_who_may_change_the_plan_sees_the_secret(scene, mia, organization):
    import factories
    from accounts.models import Role

    client = APIClient()
    client.force_authenticate(mia)
    address = f"/api/v1/projects/{scene.project.public_id}/plan"
    assert client.get(address).json()["signing_secret"].startswith("whsec_")
    client.force_authenticate(factories.member(organization, "auditor", Role.AUDITOR))
    assert client.get(address).json()["signing_secret"] is None
