"""The project of the scene whose people were judged: real answers, gold, a decision and an appeal."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import replace

from scene_parts import A_WORD, marked, spec

from accounts.models import Organization, User
from labeling.models import Enrollment, Item, ItemRole, Project
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.opening import open_items
from labeling.services.projects import create_project, set_status
from labeling.services.verdicts import Submission
from quality.models import Consensus, ConsensusState
from quality.services.appeals import appeal
from quality.services.by_hand import decide_by_hand
from quality.services.gold import Known, add_gold
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_unused
from quality.services.surveying import survey_project


def judged(organization: Organization, workers: Sequence[User]) -> Project:
    """Items that were really answered, gold among them: the last of four says anything, and is found out."""
    labels = ["cat", "owl", marked("fox")]
    mixed = replace(spec(f"Judged {marked('judged')}", labels), gold_share=0.5)
    project = create_project(organization, mixed)
    set_status(project, "live")
    made = [
        Item(project=project, external_id=f"animal-{n}", payload={"text": text_of(n)})
        for n in range(40)
    ]
    items = Item.objects.bulk_create(made)
    known = {item.external_id: labels[n % 3] for n, item in enumerate(items)}
    gold = [item.external_id for item in items[::2]]
    add_gold(project, [Known(n, name, known[name]) for n, name in enumerate(gold)])
    open_items(project.pk, [item.pk for item in items[1::2]], 4)
    for n, worker in enumerate(workers[:4]):
        answer_all(project, worker, known, labels, careless=n == 3)
    settle_unused(project.pk)
    refit(project.pk, Unfenced())
    survey_project(project.pk, Unfenced())
    settle_unused(project.pk)
    undecided(project)
    name = Enrollment.objects.get(project=project, annotator=workers[2]).pseudonym
    reason, words = f"By hand. {marked('why')}", f"Too quick. {marked('words')}"
    made = decide_by_hand(project, name, actions=["pause"], reason=reason, words=words, by=None)
    appeal(workers[2], made.public_id or "", f"I read all of it. {marked('appeal')}")
    return project


def undecided(project: Project) -> None:
    """One item stays for an expert, though the people agree by now."""
    waits = Consensus.objects.filter(project=project, item__external_id="animal-3")
    waits.update(state=ConsensusState.EXPERT, settled_at=None)


def text_of(n: int) -> str:
    """With markup; that of the item whose page is looked at with a word of 100 kB as well."""
    return f"{n}. {marked('text')}{A_WORD if n == 7 else ''}"


def answer_all(
    project: Project, worker: User, known: dict[str, str], labels: list[str], *, careless: bool
) -> None:
    chance = random.Random(worker.pk)
    while seats := claim(project, worker, 10).assignments:
        said = [
            chance.choice(labels) if careless or chance.random() < 0.1 else known[name]
            for name in (seat.item.external_id for seat in seats)
        ]
        submit(
            worker,
            [
                Submission(seat.public_id, value, chance.uniform(1, 4), uuid.uuid4())
                for seat, value in zip(seats, said, strict=True)
            ],
        )


def names_in(project: Project) -> dict[str, str]:
    work = Item.objects.filter(project=project, role=ItemRole.WORK).order_by("pk")
    people = Enrollment.objects.filter(project=project).order_by("pk")
    return {
        "item": work[3].public_id,
        "person": people[0].pseudonym,
        "second": people[1].pseudonym,
        "paused": people[2].pseudonym,
    }
