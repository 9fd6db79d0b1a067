"""The demonstration from curtain to report."""

import time
from collections.abc import Callable

import numpy as np

from assay.demo.baselines import majority_baseline
from assay.demo.crew import Crew
from assay.demo.display import Display, Progress
from assay.demo.patience import patiently
from assay.demo.report import Paused, Report
from assay.demo.scene import Scene
from assay.demo.setting import Cast, workers
from labeling.models import Enrollment, EnrollmentStatus, Item, Project, ProjectStatus
from learning.queries import learning_state
from learning.voices import model_voice
from quality.models import Consensus
from quality.queries import annotators, expected_accuracy, progress

LOOK_EVERY = 0.5


class PlayFailed(Exception):
    """The demonstration could not be brought to its end; the message says what happened."""


def play(scene: Scene, cast: Cast, url: str, display: Display, *, longest: float) -> int:
    """Let everybody work until the project stops. The number of seconds at most is ``longest``."""
    finished = _finished(cast.project)
    crew = Crew(workers(scene, cast, url), finished)
    end = time.monotonic() + longest
    crew.start()
    try:
        while not finished() and crew.failure is None and time.monotonic() < end:
            display.show(patiently(lambda: _progress(cast.project)))
            time.sleep(LOOK_EVERY)
    finally:
        crew.stop()
    display.show(patiently(lambda: _progress(cast.project)), last=True)
    if crew.failure:
        raise PlayFailed(f"somebody could not go on working: {crew.failure}") from crew.failure
    if not finished():
        raise PlayFailed(
            f"the loop did not stop within {longest:.0f} s: {learning_state(cast.project.pk).sentence}"
        )
    return sum(worker.answered for worker in crew.workers)


def make_report(scene: Scene, cast: Cast, seed: int, seconds: float) -> Report:
    """What the platform made of it, beside the truth and the plain alternatives."""
    project = Project.objects.get(pk=cast.project.pk)
    expected, paused = expected_accuracy(project.pk), _paused(scene, cast)
    return Report(
        label_accuracy=_label_accuracy(scene, project),
        expected_accuracy=expected.value or 0.0,
        expected_low=expected.low or 0.0,
        expected_high=expected.high or 1.0,
        items=int(scene.work.size),
        answers_paid=progress(project.pk).answers,
        stopped_because=project.stopped_because,
        baselines={
            f"majority{n}": majority_baseline(scene, scene.fresh_actors(), n, seed) for n in (3, 5)
        },
        paused=paused,
        wrongly_paused=[one.person for one in paused if _is_honest(scene, one.person)],
        model_accuracy=_model_accuracy(scene, project),
        rounds=learning_state(project.pk).rounds,
        seconds=round(seconds, 1),
    )


def _finished(project: Project) -> Callable[[], bool]:
    """Asked by many threads many times a second; the database is asked a few times a second."""
    known = {"until": 0.0, "done": False}
    done = Project.objects.filter(pk=project.pk, status=ProjectStatus.DONE)

    def finished() -> bool:
        if not known["done"] and time.monotonic() > known["until"]:
            known["done"] = patiently(done.exists)
            known["until"] = time.monotonic() + LOOK_EVERY / 2
        return bool(known["done"])

    return finished


def _progress(project: Project) -> Progress:
    done, expected = progress(project.pk), expected_accuracy(project.pk)
    paused = Enrollment.objects.filter(project=project, status=EnrollmentStatus.PAUSED).count()
    model = learning_state(project.pk).accuracy
    return Progress(done.settled, done.total, done.answers, expected.value, model, paused)


def _label_accuracy(scene: Scene, project: Project) -> float:
    """Share of the work items whose label is the true one; an item without a label is wrong."""
    rows = Consensus.objects.filter(project=project).values_list("item__external_id", "label_code")
    given = dict(rows)
    return float(np.mean([given.get(scene.external_ids[n]) == scene.truth[n] for n in scene.work]))


def _model_accuracy(scene: Scene, project: Project) -> float | None:
    """The current model on the work items; it was not trained on the label of the item it speaks about."""
    ids = dict(Item.objects.filter(project=project).values_list("pk", "external_id"))
    voice = model_voice(project.pk, list(ids))
    if voice is None:
        return None
    said = zip(voice.item_ids, voice.probabilities.argmax(axis=1), strict=True)
    predicted = {ids[item]: label for item, label in said}
    return float(
        np.mean([predicted.get(scene.external_ids[n]) == scene.truth[n] for n in scene.work])
    )


def _paused(scene: Scene, cast: Cast) -> list[Paused]:
    actors = {user.pk: actor for user, actor in zip(cast.annotators, scene.actors, strict=True)}
    return [
        Paused(
            actors[row.annotator_id].name, actors[row.annotator_id].kind, row.reason, row.answers
        )
        for row in annotators(cast.project.pk, status=EnrollmentStatus.PAUSED, order="pseudonym")
        if row.annotator_id in actors
    ]


def _is_honest(scene: Scene, name: str) -> bool:
    return any(actor.honest for actor in scene.actors if actor.name == name)
