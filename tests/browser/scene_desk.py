"""The projects of the scene that managers look at: one that has run, one under way, one refused import."""

import math
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone
from scene_parts import live, marked, opened, spec

from accounts.models import Organization, User
from jobs.models import Job, State
from labeling.models import Enrollment, Import, ImportState, Item, ItemRole, Project
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.people import enroll, pause
from labeling.services.projects import create_project, set_status
from labeling.services.verdicts import Submission
from learning.models import Metric, Plan, QueryRound
from quality.models import Consensus, ConsensusState, Skill, Survey

LABELS = ["cat", "owl", "fox"]
SPOKEN = ["قطة", "フクロウ", "fox"]  # the same, as an Arabic and a Japanese manager name them
NAMES = ("عنصر", "項目")
TEXTS = (
    "المنتج جيد جدا لكن التوصيل تأخر أسبوعين كاملين.",
    "とても良い商品ですが、箱が少し壊れていました。",
)
CURVES = {"label_accuracy": 0.975, "model_accuracy": 0.94, "random_baseline": 0.9}
AGREEMENT = {
    "percent": {"value": 0.86, "low": 0.84, "high": 0.88},
    "alpha": {"value": 0.71, "low": 0.66, "high": 0.75},
    "fleiss": {"value": None, "reason": "needs the same number of answers for every item"},
}


def finished(organization: Organization, workers: Sequence[User]) -> Project:
    """A project whose loop has run: rounds, a curve, people with records, jobs; rows made directly."""
    project = live(organization, f"Labels with proof {marked('finished')}", LABELS)
    made = [Item(project=project, external_id=f"item-{n}", status="settled") for n in range(400)]
    items = Item.objects.bulk_create(made)
    settled(project, items, LABELS)
    curve(project)
    records(project, workers)
    Plan.objects.create(project=project, state="Everything is done.")
    for number in range(1, 9):
        QueryRound.objects.create(project=project, number=number, strategy="entropy", item_ids=[])
    Survey.objects.create(project=project, version=1, agreement=AGREEMENT)
    background(project)
    set_status(project, "done")
    because = f"The promised certainty was reached. {marked('stopped')}"
    Project.objects.filter(pk=project.pk).update(stopped_because=because)
    return project


def under_way(organization: Organization, workers: Sequence[User]) -> Project:
    """Half done, with a cap that will not do, camps, and items for an expert: everything a manager is told.

    In Arabic and Japanese, as far as it is typed by people.
    """
    capped = replace(spec("قيد العمل 進行中", SPOKEN), budget_micros=15_000_000)
    project = create_project(organization, capped)
    set_status(project, "live")
    made = [
        Item(project=project, external_id=f"{NAMES[n % 2]}-{n}", payload={"text": TEXTS[n % 2]})
        for n in range(400)
    ]
    items = Item.objects.bulk_create(made)
    settled(project, items[:200], SPOKEN)
    experts = Consensus.objects.filter(project=project, item__in=items[1:13])
    experts.update(state=ConsensusState.EXPERT)
    Item.objects.filter(consensus__in=experts).update(status="held")
    curve(project, steps=3)
    opened(project, items[200:250])
    paid(project, workers[:3])
    Project.objects.filter(pk=project.pk).update(pilot_until=timezone.now())
    paid(project, workers[3:6])
    after = Consensus.objects.filter(project=project, item__in=items[160:200], state="settled")
    after.update(settled_at=timezone.now())
    reason = f"Two camps of 4 and 5 people. {marked('camps')}"
    Survey.objects.create(
        project=project, version=1, agreement=AGREEMENT, flagged=True, camps={"reason": reason}
    )
    return project


def paid(project: Project, workers: Sequence[User]) -> None:
    """Some answers, so that money has been spent."""
    for worker in workers:
        seats = claim(project, worker, 50).assignments
        submit(worker, [Submission(seat.public_id, SPOKEN[1], 2.0, uuid.uuid4()) for seat in seats])


def settled(project: Project, items: Sequence[Item], labels: Sequence[str]) -> None:
    """All but every twentieth, which waits for the next round."""
    work = [item for item in items if item.role == ItemRole.WORK]
    for n, item in enumerate(work):
        item.status = "settled" if n % 20 else "open"
    Item.objects.bulk_update(work, ["status"])
    Consensus.objects.bulk_create(
        Consensus(
            item=item,
            project=project,
            state=ConsensusState.SETTLED if n % 20 else ConsensusState.OPEN,
            label_code=n % 3,
            value=labels[n % 3],
            confidence=0.97,
            posterior=[0.97, 0.02, 0.01],
            method="test",
            answers_used=2,
            settled_at=timezone.now() - timedelta(minutes=3 * (len(work) - n)),
        )
        for n, item in enumerate(work)
    )


def curve(project: Project, steps: int = 8) -> None:
    for step in range(1, steps + 1):
        for name, highest in CURVES.items():
            value = highest - 0.35 * math.exp(-step / 2)
            Metric.objects.create(
                project=project,
                name=name,
                labels=50 * step,
                answers=110 * step,
                spent_micros=2_000_000 * step,
                value=value,
                low=value - 0.1 / step,
                high=min(1.0, value + 0.06 / step),
            )


def records(project: Project, workers: Sequence[User]) -> None:
    for n, worker in enumerate(workers):
        enroll(project, worker)
        Enrollment.objects.filter(project=project, annotator=worker).update(answers=80 - 7 * n)
        accuracy = 0.97 - 0.05 * n
        Skill.objects.create(
            project=project,
            annotator=worker,
            answers=80 - 7 * n,
            gold_seen=20,
            gold_right=20 - n,
            accuracy=accuracy,
            accuracy_low=accuracy - 0.07,
            accuracy_high=min(1.0, accuracy + 0.03),
        )
    pause(project, workers[-1], f"9 of 20 checks right, chance is 7. {marked('reason')}")


def background(project: Project) -> None:
    now = timezone.now()
    jobs = [
        ("labeling.import", State.DONE, ""),
        ("learning.retrain", State.FAILED, marked("error")),
        ("labeling.export", State.RUNNING, ""),
    ]
    for kind, state, error in jobs:
        Job.objects.create(
            kind=kind,
            tenant=project.organization_id,
            subject=f"project:{project.public_id}",
            state=state,
            done=400,
            total=400 if state != State.RUNNING else 1600,
            message=marked("message"),
            error=error,
            started_at=now - timedelta(minutes=2),
            finished_at=None if state == State.RUNNING else now,
            lease_until=now + timedelta(days=1) if state == State.RUNNING else None,
        )


def refused_import(project: Project) -> str:
    problems = [
        {"row": row, "field": marked("column"), "message": "is an unknown column"}
        for row in range(2, 40)
    ]
    return Import.objects.create(
        project=project,
        name=marked("file.csv"),
        stored_as="nowhere",
        state=ImportState.REFUSED,
        problems=problems,
        problem_count=3800,
    ).public_id
