"""A model of a class that is not ours answers in a process of its own, and every question has an end."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import skops.io

import bad_estimators
import factories
import loop_scene
from learning import apart, queries
from learning.apart import ApartClassifier, Silent
from learning.models import Circuit, ModelVersion, PredictionBlock
from learning.services import loop
from learning.services.plans import configure

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organization):
    return factories.project(organization, ["a", "b", "c", "d"])


@pytest.fixture
def asked(project):
    """Makes a model of 40 lessons as its process has it."""
    made = []

    def make(kind, seconds=20.0):
        taught = getattr(bad_estimators, kind)().fit(np.zeros((40, 3)), np.arange(40) % 4)
        name = f"bad_estimators.{kind}"
        made.append(ApartClassifier(project.pk, name, skops.io.dumps(taught), (name,)))
        made[-1].seconds = seconds
        return made[-1]

    yield make
    for one in made:
        one._child._end()


def test_it_says_what_the_class_says_and_what_the_class_prints_does_not_disturb(asked):
    model = asked("Sound")
    assert model.classes_.tolist() == [0, 1, 2, 3]
    for rows in (3, 1):
        assert model.predict_proba(np.zeros((rows, 3))) == pytest.approx(np.full((rows, 4), 0.25))


@pytest.mark.nightly
def test_its_process_knows_none_of_our_secrets(asked, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s" * 60)
    model = asked("Sound")
    pid = len(model.classes_) and model._child._process.pid
    known = Path(f"/proc/{pid}/environ").read_text()
    assert "SECRET_KEY" not in known
    assert "PYTHONPATH" in known


@pytest.mark.parametrize(
    ("kind", "seconds", "said"),
    [
        pytest.param("HangsLater", 4.0, "did not answer within 4 s", marks=pytest.mark.nightly),
        ("RaisesLater", 20.0, "RuntimeError: no such leaf"),
        pytest.param("DiesLater", 20.0, "process ended", marks=pytest.mark.nightly),
    ],
)
def test_a_question_without_an_answer_is_a_sentence_and_leaves_no_process(
    asked, project, kind, seconds, said
):
    model = asked(kind, seconds)
    started = []
    with pytest.MonkeyPatch.context() as patched:
        original = apart.started
        patched.setattr(apart, "started", lambda of: started.append(original(of)) or started[-1])
        with pytest.raises(Silent, match=said):
            model.predict_proba(np.zeros((2, 3)))
    with pytest.raises(ProcessLookupError):
        os.killpg(started[0].pid, 0)
    assert said in queries.silence_of(project.pk, f"bad_estimators.{kind}")


def test_after_failures_in_a_row_it_is_left_alone(asked, project):
    name = "bad_estimators.Sound"
    Circuit.objects.create(
        project=project, url=name, failures=3, opens_at="2999-01-01T00:00Z", problem="it hung"
    )
    model = asked("Sound")
    with pytest.raises(Silent, match="after 3 failures: it hung"):
        model.predict_proba(np.zeros((1, 3)))
    assert model._child._process is None  # nothing was even started


@pytest.fixture
def scene(organization, settings):
    settings.ALLOWED_PYTHON = ("bad_estimators.",)
    made = loop_scene.digits_scene(organization, 60, n_gold=0, n_people=2)
    loop_scene.run("learning.features", made.project)
    loop_scene.settle(made, 40)
    return made


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["HangsLater", "RaisesLater", "NonsenseLater"])
def test_a_model_that_fails_when_it_predicts_the_pool_is_not_published(scene, monkeypatch, kind):
    monkeypatch.setattr(apart, "SECONDS", 4.0)
    configure(scene.project.pk, estimator=f"bad_estimators.{kind}")
    result = loop_scene.run("learning.retrain", scene.project).result
    assert result["outcome"] == "kept out"
    step = loop.advance(scene.project.pk)
    assert "brought no new model" in step.state
    assert "retrain" not in step.actions


@pytest.mark.nightly
def test_a_model_that_fails_later_stays_silent_and_the_rounds_go_on(scene, monkeypatch):
    configure(scene.project.pk, estimator="bad_estimators.Sound")
    assert loop_scene.run("learning.retrain", scene.project).result["outcome"] == "published"
    PredictionBlock.objects.all().delete()  # as if every item were new
    monkeypatch.setattr(apart, "started", broken)
    opened = loop_scene.run("learning.query_round", scene.project, number=1, wanted=5).result
    assert opened["items"] == 5
    assert "gave no answer: the estimator's process ended" in loop.advance(scene.project.pk).state
    monkeypatch.undo()
    loop_scene.run("learning.query_round", scene.project, number=2, wanted=5)
    assert PredictionBlock.objects.exists()
    assert "gave no answer" not in loop.advance(scene.project.pk).state


def broken(_module):
    raise EOFError


@pytest.mark.nightly
def test_a_tampered_model_of_a_strange_class_is_not_even_started(scene, monkeypatch):
    configure(scene.project.pk, estimator="bad_estimators.Sound")
    loop_scene.run("learning.retrain", scene.project)
    PredictionBlock.objects.all().delete()
    ModelVersion.objects.update(signature="0" * 64)
    monkeypatch.setattr(apart, "started", broken)
    loop_scene.run("learning.query_round", scene.project, number=1, wanted=5)
    assert "changed outside Assay" in loop.advance(scene.project.pk).state
    assert not Circuit.objects.exists()


@pytest.mark.nightly
def test_a_model_that_hangs_ends_with_the_process_that_asked(tmp_path):
    program = tmp_path / "asks.py"
    program.write_text(
        "import os, sys, threading, time\n"
        "from assay.django_setup import prepare_django\n"
        "prepare_django()\n"
        "import numpy as np, skops.io, bad_estimators\n"
        "from learning import apart\n"
        "taught = bad_estimators.HangsLater().fit(np.zeros((40, 3)), np.arange(40) % 4)\n"
        "name = 'bad_estimators.HangsLater'\n"
        "child = apart._Child(skops.io.dumps(taught), (name,))\n"
        "threading.Thread(target=child.answer, args=(np.zeros((1, 3)),), daemon=True).start()\n"
        "while child._process is None: time.sleep(0.05)\n"
        "time.sleep(3)\n"
        "print(child._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    paths = {"PYTHONPATH": os.pathsep.join(sys.path), "ASSAY_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, str(program)], env=paths, capture_output=True, text=True, check=False
    )
    pid = int(done.stdout.split()[-1])
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists()
