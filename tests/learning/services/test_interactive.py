"""Interactive mode: the next questions come from a model that has heard the last answers."""

import numpy as np
import pytest

import loop_scene
from learning import queries
from learning.models import ModelVersion, Plan
from learning.services import interactive
from learning.services.choosing import choose
from learning.services.plans import configure
from learning.situation import facts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(
        organization, 200, n_gold=0, n_people=0, plan={"estimator": "sgd", "interactive_after": 3}
    )
    loop_scene.run("learning.features", made.project)
    loop_scene.settle(made, 30)
    loop_scene.run("learning.retrain", made.project)
    return made


def known(scene):
    return queries.space_of(scene.project.pk), queries.current_model(scene.project.pk)


def right(scene, classifier):
    space, _ = known(scene)
    ids, features = interactive.some_of_pool(space, np.random.default_rng(0))
    said = classifier.predict(features.astype(np.float32))
    return np.mean([scene.truth[i] == k for i, k in zip(ids.tolist(), said, strict=True)])


def test_the_model_learns_new_labels_without_a_retraining(scene):
    before = right(scene, interactive.updated(*known(scene)))
    loop_scene.settle(scene, 100, first=30)
    assert right(scene, interactive.updated(*known(scene))) > before
    assert ModelVersion.objects.count() == 1


def test_the_least_certain_items_by_the_updated_model_are_asked(scene):
    loop_scene.settle(scene, 50, first=30)
    chosen = choose(scene.project.pk, 5, 1)
    assert chosen.strategy == "interactive"
    space, model = known(scene)
    classifier = interactive.updated(space, model)
    ids, features = interactive.some_of_pool(space, np.random.default_rng([scene.project.pk, 1]))
    sure = classifier.predict_proba(features.astype(np.float32)).max(axis=1)
    asked = np.isin(ids, [pick.item_id for pick in chosen.picks])
    assert asked.sum() == 5
    assert sure[asked].mean() < sure[~asked].mean()


def test_rounds_are_as_small_as_the_manager_wants(scene):
    assert facts_of(Plan.objects.get(), scene.project).round_size == 3


def test_a_model_that_cannot_learn_in_steps_asks_in_rounds(scene):
    configure(scene.project.pk, estimator="logistic")
    loop_scene.settle(scene, 40, first=30)
    loop_scene.run("learning.retrain", scene.project)
    assert choose(scene.project.pk, 5, 1).strategy == "priced"
