"""The loop as a whole, without a single message: sweeps and rows alone must carry it to the end."""

import pytest

import loop_scene
from jobs import hints
from jobs.models import Job
from labeling.models import Item, Project
from labeling.queries import spent_micros
from learning import queries, tasks
from learning.models import Plan
from learning.services import loop
from quality.queries import labels

pytestmark = pytest.mark.django_db


@pytest.fixture
def messages(monkeypatch):
    """Every message is thrown away; here they can be counted."""
    sent = []
    monkeypatch.setattr(hints, "_reaches_somebody", lambda: True)
    monkeypatch.setattr(hints, "send", lambda task, ids: sent.append((task, ids)))
    return sent


def accuracy(scene, project):
    ids = dict(Item.objects.filter(project=project).values_list("public_id", "pk"))
    rows = list(labels(project))
    return sum(row.label == loop_scene.DIGITS[scene.truth[ids[row.item]]] for row in rows) / len(
        rows
    )


@pytest.mark.django_db(transaction=True)
def test_with_every_message_thrown_away_the_loop_reaches_the_end(organization, messages):
    scene = loop_scene.digits_scene(organization, 80, n_people=9)
    project = loop_scene.play(scene)
    assert messages
    assert project.stopped_because
    assert accuracy(scene, project) > 0.9
    assert queries.current_model(project.pk) is not None
    numbers = [row.number for row in queries.rounds(project.pk)]
    assert numbers == list(range(len(numbers), 0, -1))
    assert not Job.objects.filter(state="failed").exists()


def test_without_features_it_goes_on_at_random_to_the_end(organization):
    scene = loop_scene.digits_scene(organization, 12, n_gold=0, n_people=8)
    Item.objects.update(payload={"n": 1})
    project = loop_scene.play(scene)
    assert "Every item" in project.stopped_because
    assert queries.current_model(project.pk) is None
    assert accuracy(scene, project) > 0.8


def test_it_ends_when_the_budget_is_spent_and_never_beyond(organization):
    scene = loop_scene.digits_scene(
        organization, 100, n_people=6, price_micros=1000, budget_micros=50_000
    )
    project = loop_scene.play(scene)
    assert project.stopped_because == "The budget is spent."
    assert 49_000 <= spent_micros(project.pk) <= 50_000


def test_a_single_person_never_runs_dry_while_there_is_a_pool(organization):
    """Items want two answers each: half of the seats stay free, and none of them is for her."""
    scene = loop_scene.digits_scene(
        organization, 36, n_gold=0, n_people=1, seats_min=2, plan={"round_size": 12}
    )
    for _ in range(4):
        loop_scene.sweep_once()
    for _ in range(13):
        assert scene.shift(each=3) or scene.answers == 36
        loop_scene.sweep_once()
    assert scene.answers == 36
    assert "need people" in queries.learning_state(scene.project.pk).sentence


def test_an_empty_project_waits_and_says_so(organization):
    scene = loop_scene.digits_scene(organization, 0, n_gold=0, n_people=0)
    for _ in range(3):
        loop_scene.sweep_once()
    assert queries.learning_state(scene.project.pk).sentence == "Waiting for items."
    assert not Job.objects.exists()


def test_stepping_again_and_again_asks_for_nothing_twice(organization):
    scene = loop_scene.digits_scene(organization, 40, n_people=2)
    for _ in range(5):
        loop.advance(scene.project.pk)
    assert Job.objects.count() == 1


def test_a_step_with_nothing_to_do_takes_no_lock_and_writes_nothing(
    organization, django_assert_max_num_queries
):
    scene = loop_scene.digits_scene(organization, 40, n_people=2)
    loop_scene.sweep_once()
    loop_scene.sweep_once()
    loop.advance(scene.project.pk)
    with django_assert_max_num_queries(32) as seen:
        assert not loop.advance(scene.project.pk).actions
    written = [
        q["sql"] for q in seen.captured_queries if not q["sql"].startswith(("SELECT", "(SELECT"))
    ]
    locked = [q["sql"] for q in seen.captured_queries if "FOR NO KEY UPDATE" in q["sql"]]
    assert (written, locked) == ([], [])


def test_a_project_without_a_plan_gets_one(organization):
    loop_scene.digits_scene(organization, 10, n_people=0)
    Plan.objects.all().delete()
    tasks.advance_all()
    assert Plan.objects.get().state


def test_a_paused_project_is_left_alone(organization):
    scene = loop_scene.digits_scene(organization, 10, n_people=0)
    Project.objects.update(status="paused")
    assert loop.advance(scene.project.pk) is None
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_whatever_ends_or_arrives_sends_a_hint(organization, messages):
    scene = loop_scene.digits_scene(organization, 40, n_people=2)
    loop_scene.run("learning.features", scene.project)
    assert ("learning.advance", (scene.project.pk,)) in {
        (getattr(task, "name", task), ids) for task, ids in messages
    }


def test_one_bad_project_does_not_stop_the_sweep(organization, monkeypatch):
    bad = loop_scene.digits_scene(organization, 5, n_people=0)
    good = loop_scene.digits_scene(organization, 5, n_people=0, seed=1)
    plain = loop.advance

    def sometimes(project_id):
        if project_id == bad.project.pk:
            raise RuntimeError("poisoned")
        return plain(project_id)

    monkeypatch.setattr(loop, "advance", sometimes)
    tasks.advance_all()
    assert queries.learning_state(good.project.pk).sentence


def test_hints_in_a_rush_take_one_step(organization, monkeypatch):
    steps = []
    monkeypatch.setattr(loop, "advance", steps.append)
    tasks._stepped_at.clear()
    for _ in range(50):
        tasks.advance(4)
    tasks.advance(5)
    assert steps == [4, 5]
