"""All skills anew: what is learned, what is written, and that a rebuild gives the same rows."""

import numpy as np
import pytest

import scenes
from accounts.models import User
from jobs.models import Job, State
from jobs.running import run_job
from jobs.services import cancel
from labeling.models import Item, ItemStatus, Project
from quality import voices
from quality.models import Consensus, Fit, GoldResult, Skill
from quality.queries import annotators, expected_accuracy, labels, training_labels
from quality.services.rebuilding import rebuild
from quality.services.refit import Unfenced, refit, request
from quality.services.settling import settle_all
from quality.simulation import crowd
from quality.tasks import refit_left_behind

pytestmark = pytest.mark.django_db
UNTIMED = {"id", "updated_at", "judged_at", "created_at", "version"}


def play(
    project: Project, kinds: dict[str, int], *, n_items: int = 40, n_gold: int = 20, seed: int = 1
) -> tuple[list[User], dict[int, str]]:
    """Everybody answers all gold and two work items in three; the people and the truth of each item."""
    rng = np.random.default_rng(seed)
    actors = crowd(kinds, 10, seed)
    people = scenes.people(project.organization, len(actors))
    truth = {}
    gold = scenes.open_known(project, [str(k % 10) for k in range(n_gold)])
    work = scenes.open_work(project, n_items, seats=len(actors))
    truth |= {item.pk: str(n % 10) for n, item in enumerate(gold)}
    truth |= {item.pk: str(int(rng.integers(10))) for item in work}
    for person, actor in zip(people, actors, strict=True):
        asked = [*gold, *(item for item in work if rng.random() < 2 / 3)]
        asked = [asked[n] for n in rng.permutation(len(asked))]
        said = [actor.answer(int(truth[i.pk]), i.pk, nth) for nth, i in enumerate(asked)]
        scenes.say_all(project, person, list(zip(asked, map(str, said), strict=True)))
    settle_all(project.pk)
    return people, truth


def rows(model: type, project: Project) -> dict[object, dict[str, object]]:
    key = "annotator_id" if model is Skill else "answer_id" if model is GoldResult else "item_id"
    found = model.objects.filter(project=project).values()
    return {row.get(key): {k: v for k, v in row.items() if k not in UNTIMED} for row in found}


def everything(project: Project) -> list[dict[object, dict[str, object]]]:
    return [rows(model, project) for model in (Consensus, Skill, GoldResult, Fit)]


def test_a_refit_knows_the_good_from_the_random(project):
    people, truth = play(project, {"competent": 4, "random": 1})
    refit(project.pk, Unfenced())
    learned = Skill.objects.filter(project=project, confusion__isnull=False)
    assert all(np.allclose(np.sum(skill.confusion, axis=1), 1) for skill in learned)
    known = {row.annotator_id: row for row in annotators(project.pk)}
    assert min(known[person.pk].low for person in people[:4]) > known[people[4].pk].high
    said = dict(Consensus.objects.values_list("item_id", "value"))
    assert np.mean([said[i] == truth[i] for i in said]) > 0.9
    assert all(sum(p) == pytest.approx(1, abs=1e-9) for p in _posteriors(project))


def _posteriors(project: Project) -> list[list[float]]:
    return list(Consensus.objects.filter(project=project).values_list("posterior", flat=True))


def test_rebuilding_from_answers_and_gold_gives_the_same_rows(project):
    play(project, {"competent": 4, "random": 1})
    refit(project.pk, Unfenced())
    settle_all(project.pk)
    refit(project.pk, Unfenced())
    before = everything(project)
    for model in (Consensus, Skill, GoldResult, Fit):
        model.objects.filter(project=project).delete()
    rebuild(project)
    assert everything(project) == before


def test_a_refit_with_nothing_new_writes_no_label(project, django_assert_max_num_queries):
    play(project, {"competent": 3}, n_items=10)
    refit(project.pk, Unfenced())
    stamps = dict(Consensus.objects.values_list("item_id", "updated_at"))
    with django_assert_max_num_queries(25):
        assert refit(project.pk, Unfenced())["items"] == 0
    assert dict(Consensus.objects.values_list("item_id", "updated_at")) == stamps


def test_a_label_that_falls_below_the_target_is_asked_about_again(project):
    """Two whom everybody took for good agree on an item; then gold shows what they are."""
    people = scenes.people(project.organization, 2)
    [item] = scenes.open_work(project, 1)
    for person in people:
        scenes.say(project, person, item, "3")
    settle_all(project.pk)
    item.refresh_from_db()
    assert item.status == ItemStatus.SETTLED
    for known in scenes.open_known(project, ["1", "2", "4"] * 2):
        for person in people:
            scenes.say(project, person, known, "3")
    refit(project.pk, Unfenced())
    item.refresh_from_db()
    assert Consensus.objects.get(item=item).state == "open"
    assert (item.status, item.has_seat) == (ItemStatus.OPEN, True)


@pytest.mark.django_db(transaction=True)
def test_a_refit_runs_as_one_job_a_project_and_starts_by_itself(project):
    play(project, {"competent": 3}, n_items=30, n_gold=0)
    job = Job.objects.get(kind="quality.refit")  # more than fifty answers: asked for by settling
    request(project.pk)
    assert Job.objects.filter(kind="quality.refit").count() == 1
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (State.DONE, "")
    fit = Fit.objects.get(project=project)
    assert (fit.version, fit.answers_since) == (1, 0)
    assert fit.answers_used == job.result["answers"] > 50


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_refit_writes_nothing(project, monkeypatch):
    play(project, {"competent": 3}, n_items=30, n_gold=0)
    job = Job.objects.get(kind="quality.refit")
    from quality.services import refit as module

    read_project = module.read_project

    def read_then_cancel(project_id: int) -> object:
        cancel(Job.objects.get(pk=job.pk))
        return read_project(project_id)

    monkeypatch.setattr(module, "read_project", read_then_cancel)
    run_job(job.pk)
    assert Fit.objects.get(project=project).version == 0
    assert not Skill.objects.filter(confusion__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_a_few_answers_are_refitted_after_a_while(project, ada):
    [item] = scenes.open_work(project, 1)
    scenes.say(project, ada, item, "3")
    settle_all(project.pk)
    assert not Job.objects.exists()
    Fit.objects.update(updated_at="2026-01-01T00:00:00Z")
    refit_left_behind()
    assert Job.objects.get().kind == "quality.refit"


def test_the_model_is_heard_as_far_as_it_has_earned_it(project):
    _, truth = play(project, {"competent": 4}, n_items=80)
    refit(project.pk, Unfenced())
    before = dict(Consensus.objects.values_list("item_id", "confidence"))

    def oracle(project_id: int, item_ids: list[int]) -> voices.Voice:
        sure = np.full((len(item_ids), 10), 0.01)
        sure[np.arange(len(item_ids)), [int(truth[i]) for i in item_ids]] = 0.91
        return voices.Voice("model 1", np.array(item_ids), sure)

    voices.set_source(oracle)
    try:
        refit(project.pk, Unfenced())
    finally:
        voices.set_source(voices.no_model)
    heard = Consensus.objects.filter(voice__version="model 1")
    assert heard.count() == len(before)
    gained = [row.confidence - before[row.item_id] for row in heard]
    assert np.mean(gained) > 0.01
    assert np.mean(np.array(gained) > 0) > 0.7
    assert {row.method for row in labels(project) if row.answers} == {"people and model"}


def test_what_nobody_has_answered_has_no_label(project):
    scenes.open_work(project, 1)
    [row] = labels(project)
    assert (row.label, row.confidence, row.state, row.answers) == (None, None, "unanswered", 0)


def test_expected_accuracy_covers_the_truth_and_says_how_sure_it_is(project):
    _, truth = play(project, {"competent": 5}, n_items=60)
    refit(project.pk, Unfenced())
    promised = expected_accuracy(project.pk)
    right = np.mean([truth[row.item_id] == row.value for row in Consensus.objects.all()])
    assert promised.low <= right <= promised.high
    assert promised.low < promised.value < promised.high
    assert promised.gold_items == 20


def test_a_model_learns_from_settled_work_only(project):
    play(project, {"competent": 4}, n_items=12)
    refit(project.pk, Unfenced())
    taught = training_labels(project.pk)
    settled = Item.objects.filter(role="work", status=ItemStatus.SETTLED)
    assert taught.item_ids.tolist() == sorted(settled.values_list("pk", flat=True))
    assert np.allclose(taught.posterior.sum(axis=1), 1)
    assert (taught.weight >= project.target_certainty).all()


def test_people_are_listed_the_doubtful_first(project, django_assert_max_num_queries):
    people, _ = play(project, {"competent": 3, "random": 1})
    refit(project.pk, Unfenced())
    with django_assert_max_num_queries(4):
        listed = annotators(project.pk)
    assert listed[0].annotator_id == people[3].pk
    assert [row.low for row in listed] == sorted(row.low for row in listed)
    assert {row.gold_seen for row in listed} == {20}
