"""Whatever is wrong with a model, the project says so in a sentence and goes on."""

import numpy as np
import pytest

import loop_scene
from labeling.models import Item, ItemRole
from learning import queries
from learning.estimators import training
from learning.estimators.committee import members
from learning.estimators.examples import Examples
from learning.estimators.registry import get
from learning.models import Plan
from learning.services import loop
from learning.services.plans import UnusablePlan, configure
from learning.services.retraining import ONE_LABEL
from quality.models import Consensus

pytestmark = pytest.mark.django_db


@pytest.fixture
def allow(settings):
    settings.ALLOWED_PYTHON = ("bad_estimators.", "sklearn.neighbors.KNeighborsClassifier")


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, 60, n_gold=0, n_people=2)
    loop_scene.run("learning.features", made.project)
    loop_scene.settle(made, 40)
    return made


def retrained(scene):
    return loop_scene.run("learning.retrain", scene.project).result


@pytest.mark.parametrize(
    ("estimator", "said"),
    [
        ("Raises", "RuntimeError: no more memory"),
        pytest.param("Nonsense", "not finite", marks=pytest.mark.nightly),
        pytest.param("NoProbabilities", "no probabilities", marks=pytest.mark.nightly),
        ("Hangs", "not trained within 3 s"),
        pytest.param("Dies", "process ended", marks=pytest.mark.nightly),
    ],
)
def test_a_model_that_fails_is_a_sentence_and_not_tried_again_at_once(
    scene, allow, settings, estimator, said
):
    settings.TRAINING_SECONDS = 3 if estimator == "Hangs" else 60
    configure(scene.project.pk, estimator=f"bad_estimators.{estimator}")
    assert said in retrained(scene)["because"]
    step = loop.advance(scene.project.pk)
    assert said in step.state
    assert "retrain" not in step.actions
    assert queries.current_model(scene.project.pk) is None
    configure(scene.project.pk, estimator="logistic")
    assert retrained(scene)["outcome"] == "published"
    assert Plan.objects.get().problem == ""


def test_an_allowed_estimator_of_scikit_learn_is_trained_and_stored(scene, allow):
    configure(scene.project.pk, estimator="sklearn.neighbors.KNeighborsClassifier")
    assert retrained(scene)["outcome"] == "published"


@pytest.mark.parametrize("path", ["sklearn.svm.SVC", "os.system", "os", "..", "sklearn.neighbors"])
def test_what_is_not_on_the_list_is_refused(scene, allow, path):
    with pytest.raises(UnusablePlan, match="estimator"):
        configure(scene.project.pk, estimator=path)


def test_an_estimator_that_is_taken_off_the_list_is_no_longer_trained(scene, allow, settings):
    configure(scene.project.pk, estimator="sklearn.neighbors.KNeighborsClassifier")
    settings.ALLOWED_PYTHON = ()
    assert "not on the administrator's list" in retrained(scene)["because"]


def test_one_label_only_is_a_sentence(scene):
    Consensus.objects.update(posterior=loop_scene.belief(3), label_code=3)
    assert ONE_LABEL in retrained(scene)["because"]
    assert "no new model" in loop.advance(scene.project.pk).state


def test_everything_labeled_ends_and_an_empty_pool_opens_nothing(scene):
    loop_scene.settle(scene, 20, first=40)
    assert loop_scene.run("learning.query_round", scene.project, number=1, wanted=10).result == {
        "because": "the pool is empty"
    }
    assert "Every item" in loop.advance(scene.project.pk).state
    assert not Item.objects.filter(role=ItemRole.WORK, has_seat=True).exists()


def some_examples(n=60, n_labels=3, seed=0):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, n_labels, n)
    features = rng.normal(label[:, None] * 2.0, 1.0, (n, 4)).astype(np.float32)
    return Examples(features, np.eye(n_labels)[label] * 0.9 + 0.1 / n_labels, np.ones(n))


@pytest.mark.parametrize("name", ["committee", "mixed_committee", "gaussian_process", "ordinal"])
def test_every_further_estimator_learns_what_can_be_learned(name):
    examples = some_examples()
    trained = training.train(get(name), examples, np.random.default_rng(0))
    assert trained.held_out.sum(axis=1) == pytest.approx(1)
    assert (trained.held_out.argmax(axis=1) == examples.labels).mean() > 0.75


@pytest.mark.parametrize("name", ["committee", "mixed_committee"])
def test_members_of_a_committee_speak_one_by_one(name):
    examples = some_examples()
    trained = training.train(get(name), examples, np.random.default_rng(0))
    beliefs = members(trained.classifier, examples.features[:5], 3)
    assert beliefs.shape == (5, 7 if name == "committee" else 3, 3)
    assert beliefs.sum(axis=2) == pytest.approx(1)
    mean = trained.classifier.predict_proba(examples.features[:5])
    assert beliefs.mean(axis=1) == pytest.approx(mean, abs=1e-6)


def test_a_round_of_query_by_committee_looks_at_the_members(scene):
    configure(scene.project.pk, estimator="committee", strategy="vote_entropy", random_share=0.0)
    assert retrained(scene)["outcome"] == "published"
    result = loop_scene.run("learning.query_round", scene.project, number=1, wanted=5).result
    assert (result["strategy"], result["items"]) == ("vote_entropy", 5)


def test_ordered_labels_are_less_wrong_than_far_ones():
    examples = some_examples(n=80, n_labels=5)
    trained = training.train(get("ordinal"), examples, np.random.default_rng(0))
    expected = trained.held_out @ np.arange(5)
    assert np.abs(expected - examples.labels).mean() < 0.7
