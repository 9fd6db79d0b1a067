"""A small project on real handwritten digits, and simulated people who answer through the services."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from django.utils import timezone
from numpy.random import Generator
from numpy.typing import NDArray
from sklearn.datasets import load_digits

import factories
from accounts.models import Organization, User
from jobs.models import Job
from jobs.queries import due_jobs
from jobs.running import run_job
from jobs.schedules import registered_sweeps
from jobs.services import enqueue
from labeling.models import Item, ItemRole, Project
from labeling.services.answering import Submission, submit
from labeling.services.claiming import claim
from labeling.services.people import enroll
from labeling.services.projects import ProjectSpec, create_project, set_status
from learning import queries
from learning.blocks import pack
from learning.models import FeatureSpace, ModelVersion, PredictionBlock
from learning.services.features import store_block
from learning.services.plans import configure
from quality.models import Consensus, ConsensusState, GoldAnswer

DIGITS = [str(digit) for digit in range(10)]


@dataclass
class Scene:
    """``truth``: item id -> code of the right label, gold items among them."""

    project: Project
    people: list[User]
    truth: dict[int, int]
    rng: Generator
    accuracy: float = 0.9
    answers: int = field(default=0)

    def shift(self, each: int = 10) -> int:
        """Everybody claims and answers up to ``each`` items, in turn; how many answers came."""
        return sum(self.work(person, each) for person in self.people)

    def work(self, person: User, count: int) -> int:
        claimed = claim(Project.objects.get(pk=self.project.pk), person, count)
        submissions = [
            Submission(seat.public_id, DIGITS[self.says(seat.item_id)], 2.0, uuid.uuid4())
            for seat in claimed.assignments
        ]
        if submissions:
            submit(person, submissions)
        self.answers += len(submissions)
        return len(submissions)

    def says(self, item_id: int) -> int:
        right = self.truth[item_id]
        if self.rng.random() < self.accuracy:
            return right
        return int((right + self.rng.integers(1, len(DIGITS))) % len(DIGITS))


def digits(n_items: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Features [i, 64] from 0 to 1 and true codes [i] of some digits."""
    loaded = load_digits()
    chosen = np.random.default_rng(seed).permutation(len(loaded.target))[:n_items]
    return loaded.data[chosen] / 16, loaded.target[chosen].astype(np.int64)


def digits_scene(
    organization: Organization,
    n_items: int = 120,
    *,
    n_gold: int = 20,
    n_people: int = 8,
    seed: int = 0,
    plan: dict[str, object] | None = None,
    **spec: object,
) -> Scene:
    """A live project of work and gold items whose vectors came with the data."""
    values = {"seats_min": 1, "seats_max": 7, "gold_share": 0.1, **spec}
    configuration = {"labels": [{"value": value} for value in DIGITS]}
    project = create_project(
        organization,
        ProjectSpec("Digits", configuration, **values),  # type: ignore[arg-type]
    )
    features, codes = digits(n_items + n_gold, seed)
    items = add_items(project, features[:n_items])
    gold = add_items(project, features[n_items:], role=ItemRole.GOLD, start=n_items)
    add_gold_answers(gold, codes[n_items:])
    people = [factories.annotator(organization, f"person-{n}") for n in range(n_people)]
    for person in people:
        enroll(project, person)
    configure(project.pk, **{"round_size": 40, "retrain_after": 30, **(plan or {})})
    set_status(project, "live")
    truth = {item.pk: int(code) for item, code in zip([*items, *gold], codes, strict=True)}
    return Scene(project, people, truth, np.random.default_rng(seed))


def add_items(
    project: Project, features: NDArray[np.float64], *, role: str = ItemRole.WORK, start: int = 0
) -> list[Item]:
    return Item.objects.bulk_create(
        Item(
            project=project,
            external_id=f"digit-{start + n}",
            payload={"vector": row.round(4).tolist()},
            role=role,
        )
        for n, row in enumerate(features)
    )


def add_gold_answers(items: Sequence[Item], codes: NDArray[np.int64]) -> None:
    GoldAnswer.objects.bulk_create(
        GoldAnswer(item=item, value=DIGITS[code], label_code=int(code))
        for item, code in zip(items, codes, strict=True)
    )


def sweep_once() -> None:
    """What happens without any message: every sweep once, and a worker that finds the due jobs."""
    for sweep in registered_sweeps():
        sweep.action()
    for job_id in list(due_jobs().values_list("pk", flat=True)):
        run_job(job_id)


def run(kind: str, project: Project, **arguments: object) -> Job:
    """A job of this kind, asked for and done; raises what its handler raised, as its error."""
    job = enqueue(kind, {"project_id": project.pk, **arguments})
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def settle(scene: Scene, n_items: int, *, first: int = 0) -> list[int]:
    """Settle work items under their true labels, as if people had; their ids."""
    work = Item.objects.filter(project=scene.project, role=ItemRole.WORK).order_by("pk")
    chosen = [item.pk for item in work[first : first + n_items]]
    Item.objects.filter(pk__in=chosen).update(status="settled", has_seat=False)
    Consensus.objects.bulk_create(
        Consensus(
            item_id=item_id,
            project=scene.project,
            state=ConsensusState.SETTLED,
            label_code=scene.truth[item_id],
            confidence=0.98,
            posterior=belief(scene.truth[item_id]),
            method="test",
            answers_used=2,
            settled_at=timezone.now(),
        )
        for item_id in chosen
    )
    return chosen


def pretend_model(scene: Scene, *, right: float = 0.9, number: int = 1) -> ModelVersion:
    """A current model of honest confidence, without training one: its predictions are drawn.

    The confidence of an item is random around ``right``, and the model is right with that chance.
    """
    ids = np.array(sorted(scene.truth), dtype=np.int64)
    space, _ = FeatureSpace.objects.get_or_create(
        project=scene.project, version=1, defaults={"kind": "vectors", "parameters": {"width": 2}}
    )
    if not queries.items_with_features(space).size:
        store_block(space, ids, scene.rng.random((len(ids), 2)).astype(np.float32), "float32")
    sure = 1 - (1 - right) * scene.rng.exponential(1.0, len(ids)).clip(0.01, 5)
    rows = np.repeat(((1 - sure) / (len(DIGITS) - 1))[:, None], len(DIGITS), axis=1)
    said = [
        scene.truth[i] if scene.rng.random() < s else (scene.truth[i] + 1) % 10
        for i, s in zip(ids.tolist(), sure, strict=True)
    ]
    rows[np.arange(len(ids)), said] = sure
    model = ModelVersion.objects.create(
        project=scene.project, number=number, estimator="logistic", labels_seen=100, current=True,
        parameters={"n_labels": len(DIGITS), "space": 1, "temperature": 1.0, "setting": ""},
        scores={"outcome": "published"},
    )  # fmt: skip
    for block in queries.blocks_of(space):
        PredictionBlock.objects.create(
            model=model, block=block, n_labels=len(DIGITS), probabilities=pack(rows)
        )
    return model


def belief(code: int, sure: float = 0.98) -> list[float]:
    rest = (1 - sure) / (len(DIGITS) - 1)
    return [sure if k == code else rest for k in range(len(DIGITS))]


def play(scene: Scene, *, shifts: int = 200) -> Project:
    """Work and sweep in turn until the project is done; the project as it is then."""
    for _ in range(shifts):
        sweep_once()
        scene.shift()
        project = Project.objects.get(pk=scene.project.pk)
        if project.status == "done":
            return project
    raise AssertionError(f"not done after {shifts} shifts")
