"""Models of a project: what they are taught, how they are judged, which one is used."""

from datetime import timedelta

import numpy as np
import pytest

import loop_scene
from jobs.models import Job
from jobs.running import run_job
from jobs.services import enqueue
from labeling.models import Item, ItemRole
from learning import queries, voices
from learning.blocks import pack, unpack
from learning.models import Metric, ModelVersion, Plan, PredictionBlock
from learning.services import examples, predicting, retraining
from learning.services.plans import configure
from learning.situation import facts_of
from quality.models import Consensus

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, 100, n_gold=30, n_people=0)
    loop_scene.run("learning.features", made.project)
    return made


def retrain(scene):
    return loop_scene.run("learning.retrain", scene.project).result


def test_a_model_is_published_with_its_scores_and_predictions(scene):
    loop_scene.settle(scene, 60)
    assert retrain(scene)["outcome"] == "published"
    model = queries.current_model(scene.project.pk)
    assert model.labels_seen == 60
    assert model.scores["gold"]["items"] == 30
    assert model.scores["gold"]["low"] < model.scores["gold"]["value"] > 0.6
    prediction = PredictionBlock.objects.get(model=model)
    probabilities = unpack(prediction.probabilities, rows=130, width=10)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    point = Metric.objects.get(name="model_accuracy")
    assert (point.labels, point.value) == (60, model.scores["gold"]["value"])
    assert Plan.objects.get().labels_at_last_model == 60


def test_the_voice_about_taught_items_is_out_of_fold(scene):
    """Taught under wrong labels, an item's own prediction must not repeat what it was taught."""
    taught = loop_scene.settle(scene, 80)
    wrong = {item_id: (scene.truth[item_id] + 1) % 10 for item_id in taught[:10]}
    for item_id, code in wrong.items():
        Consensus.objects.filter(item_id=item_id).update(
            label_code=code, posterior=loop_scene.belief(code, 0.999)
        )
    retrain(scene)
    voice = voices.model_voice(scene.project.pk, list(wrong))
    said = dict(zip(voice.item_ids.tolist(), voice.probabilities.argmax(axis=1), strict=True))
    repeated = [said[item_id] == code for item_id, code in wrong.items()]
    assert (
        sum(repeated) <= 6
    )  # one to four; a model that hears its own echo repeats nine of the ten


def test_the_voice_knows_everybody_it_is_asked_about_and_nobody_else(scene):
    assert voices.model_voice(scene.project.pk, list(scene.truth)) is None
    loop_scene.settle(scene, 40)
    retrain(scene)
    asked = [*sorted(scene.truth)[5:9], 10**9]
    voice = voices.model_voice(scene.project.pk, asked)
    assert voice.item_ids.tolist() == asked[:4]
    assert voice.version == "model 1"
    assert voices.model_voice(scene.project.pk, [10**9]) is None


def leak_gold(monkeypatch, scene):
    """Quality goes wrong: gold items are among the training labels."""
    known = examples.training_labels(scene.project.pk)
    gold = np.array(sorted(Item.objects.filter(role=ItemRole.GOLD).values_list("pk", flat=True)))
    leaked = type(known)(
        np.concatenate([known.item_ids, gold]),
        np.concatenate([known.posterior, [loop_scene.belief(scene.truth[i]) for i in gold]]),
        np.concatenate([known.weight, np.ones(len(gold))]),
    )
    monkeypatch.setattr(examples, "training_labels", lambda _project_id: leaked)


def taught_gold(scene):
    lessons = examples.lessons(queries.space_of(scene.project.pk))
    roles = Item.objects.filter(pk__in=lessons.item_ids.tolist()).values_list("role", flat=True)
    return ItemRole.GOLD in set(roles)


def test_gold_is_never_taught_even_if_it_leaks_into_the_labels(scene, monkeypatch):
    loop_scene.settle(scene, 40)
    leak_gold(monkeypatch, scene)
    assert not taught_gold(scene)
    assert len(examples.lessons(queries.space_of(scene.project.pk)).item_ids) == 40


def test_the_test_above_sees_a_variant_without_the_guard(scene, monkeypatch):
    loop_scene.settle(scene, 40)
    leak_gold(monkeypatch, scene)
    monkeypatch.setattr(examples, "_never_taught", lambda _project_id: np.empty(0, dtype=np.int64))
    assert taught_gold(scene)


def test_labels_and_features_stay_together(scene):
    """Whatever order quality gives them in."""
    taught = loop_scene.settle(scene, 30)
    lessons = examples.lessons(queries.space_of(scene.project.pk))
    vectors = dict(Item.objects.filter(pk__in=taught).values_list("pk", "payload"))
    for item_id, row, label in zip(
        lessons.item_ids.tolist(), lessons.examples.features, lessons.examples.labels, strict=True
    ):
        assert np.allclose(row, vectors[item_id]["vector"], atol=1e-3)
        assert label == scene.truth[item_id]


def test_after_so_many_hours_any_new_label_is_enough(scene):
    loop_scene.settle(scene, 40)
    loop_scene.run("learning.retrain", scene.project)
    loop_scene.settle(scene, 1, first=40)
    plan = configure(scene.project.pk, retrain_hours=24)
    assert not facts_of(plan, scene.project).retrain_overdue
    plan.trained_at -= timedelta(hours=24)
    assert facts_of(plan, scene.project).retrain_overdue
    plan.retrain_hours = 0
    assert not facts_of(plan, scene.project).retrain_overdue


def test_one_kind_of_label_is_a_state_not_an_error(scene):
    for item_id in loop_scene.settle(scene, 25):
        Consensus.objects.filter(item_id=item_id).update(posterior=loop_scene.belief(4))
    result = retrain(scene)
    assert result == {"outcome": "kept out", "because": retraining.ONE_LABEL}
    assert Plan.objects.get().labels_at_last_model == 25
    assert not ModelVersion.objects.exists()


def test_no_labels_yet_is_a_state_not_an_error(scene):
    assert retrain(scene)["outcome"] == "kept out"


def test_a_model_that_is_worse_beyond_luck_is_kept_out(scene):
    loop_scene.settle(scene, 60)
    retrain(scene)
    for item_id in loop_scene.settle(scene, 40, first=60):
        Consensus.objects.filter(item_id=item_id).update(
            posterior=loop_scene.belief((scene.truth[item_id] + 5) % 10, 0.999)
        )
    Consensus.objects.filter(item_id__in=sorted(scene.truth)[:55]).delete()
    result = retrain(scene)
    assert result["outcome"] == "kept out"
    assert queries.current_model(scene.project.pk).number == 1
    assert queries.models(scene.project.pk)[0].because == retraining.NO_WORSE


def test_a_retrain_that_another_overtook_gives_way(scene, monkeypatch):
    """While the first predicts, a second one with more labels is trained and published."""
    loop_scene.settle(scene, 40)
    plain = retraining.predict_blocks

    def slow(model, predictor, space, run):
        monkeypatch.setattr(retraining, "predict_blocks", plain)
        loop_scene.settle(scene, 30, first=40)
        retrain(scene)
        plain(model, predictor, space, run)

    monkeypatch.setattr(retraining, "predict_blocks", slow)
    first = enqueue("learning.retrain", {"project_id": scene.project.pk})
    run_job(first.pk)
    first.refresh_from_db()
    assert queries.current_model(scene.project.pk).labels_seen == 70
    assert first.result["outcome"] == "overtaken"


def test_a_model_from_fewer_labels_does_not_replace_one_from_more(scene, monkeypatch):
    """The same race a moment later: our model is complete, and theirs was published before it."""
    loop_scene.settle(scene, 40)
    plain = retraining._publish

    def slow(draft, space, run):
        monkeypatch.setattr(retraining, "_publish", plain)
        monkeypatch.setattr(queries, "unfinished_models", lambda _: ModelVersion.objects.none())
        loop_scene.settle(scene, 30, first=40)
        retrain(scene)
        return plain(draft, space, run)

    monkeypatch.setattr(retraining, "_publish", slow)
    assert retrain(scene)["outcome"] == "overtaken"
    assert queries.current_model(scene.project.pk).labels_seen == 70


def test_an_attempt_that_died_leaves_nothing_that_the_next_trips_over(scene, monkeypatch):
    loop_scene.settle(scene, 40)

    def die(*_arguments):
        raise OSError("the disk went away")

    with monkeypatch.context() as broken:
        broken.setattr(retraining, "_publish", die)
        job = enqueue("learning.retrain", {"project_id": scene.project.pk})
        run_job(job.pk)
    assert queries.current_model(scene.project.pk) is None
    Job.objects.filter(pk=job.pk).update(due_at=job.created_at)
    run_job(job.pk)
    assert queries.current_model(scene.project.pk).number == 1
    assert ModelVersion.objects.count() == 1


def test_a_tampered_model_is_taken_out_and_the_loop_says_so(scene):
    loop_scene.settle(scene, 40)
    retrain(scene)
    ModelVersion.objects.update(blob=pack(np.zeros((3, 3))))
    loop_scene.add_items(scene.project, loop_scene.digits(1, 9)[0], start=900)
    loop_scene.run("learning.features", scene.project)
    loop_scene.run("learning.query_round", scene.project, number=1, wanted=5)
    assert queries.current_model(scene.project.pk) is None
    assert queries.models(scene.project.pk)[0].because == predicting.CHANGED_OUTSIDE
    assert retrain(scene)["outcome"] == "published"


def test_new_items_get_predictions_from_the_model_in_use(scene):
    loop_scene.settle(scene, 40)
    retrain(scene)
    [new] = loop_scene.add_items(scene.project, loop_scene.digits(1, 9)[0], start=900)
    loop_scene.run("learning.features", scene.project)
    loop_scene.run("learning.query_round", scene.project, number=1, wanted=5)
    assert voices.model_voice(scene.project.pk, [new.pk]).item_ids.tolist() == [new.pk]


@pytest.mark.parametrize("estimator", ["sgd", "forest"])
def test_other_estimators_can_be_chosen(scene, estimator):
    Plan.objects.update(estimator=estimator)
    loop_scene.settle(scene, 50)
    assert retrain(scene)["outcome"] == "published"
    assert queries.current_model(scene.project.pk).estimator == estimator


def test_jobs_that_help_say_the_same_as_the_one_they_help(scene, monkeypatch):
    """Also about taught items, whose own prediction would be an echo."""
    monkeypatch.setattr(predicting, "SHARED_FROM", 1)
    loop_scene.settle(scene, 60)
    retrain(scene)
    said = PredictionBlock.objects.get()
    alone = bytes(said.probabilities)
    said.delete()
    helper = Job.objects.filter(kind="learning.predict").first()
    run_job(helper.pk)
    helper.refresh_from_db()
    assert helper.result == {"blocks": 1}
    assert bytes(PredictionBlock.objects.get().probabilities) == alone


def test_a_job_that_comes_to_help_too_late_goes_home(scene, monkeypatch):
    monkeypatch.setattr(predicting, "SHARED_FROM", 1)
    loop_scene.settle(scene, 60)
    retrain(scene)
    helping = Job.objects.filter(kind="learning.predict").order_by("pk")
    first, second = helping[:2]
    run_job(first.pk)
    ModelVersion.objects.all().delete()
    run_job(second.pk)
    results = list(helping.values_list("result", flat=True))
    assert results[:2] == [{"blocks": 0}, {"because": "the model was given up"}]
