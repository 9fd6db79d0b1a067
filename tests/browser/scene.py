"""Fills a fresh database with one of everything that pages show, and prints who is who as one line of JSON.

Run as a process of its own before the site starts: ``python scene.py`` with the site's environment. Every
text that a person can type carries a marker with markup in it, so that each page proves it is shown as text.
"""

import io
import json
import math
import random
import sys
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from assay.django_setup import prepare_django

prepare_django()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402

from accounts.membership import invite  # noqa: E402
from accounts.models import Organization, Role, User  # noqa: E402
from accounts.services import create_organization, create_sign_in_link, create_user  # noqa: E402
from jobs.models import Job, State  # noqa: E402
from labeling.media_store import checked_image, keep_all  # noqa: E402
from labeling.models import (  # noqa: E402
    Enrollment,
    Import,
    ImportState,
    Item,
    ItemRole,
    Project,
    Redundancy,
)
from labeling.services.answering import submit  # noqa: E402
from labeling.services.claiming import claim  # noqa: E402
from labeling.services.opening import open_items  # noqa: E402
from labeling.services.people import enroll, pause  # noqa: E402
from labeling.services.projects import ProjectSpec, create_project, set_status  # noqa: E402
from labeling.services.verdicts import Submission  # noqa: E402
from learning.models import Metric, Plan, QueryRound  # noqa: E402
from quality.models import Consensus, ConsensusState, Skill, Survey  # noqa: E402
from quality.services.appeals import appeal  # noqa: E402
from quality.services.by_hand import decide_by_hand  # noqa: E402
from quality.services.gold import Known, add_gold  # noqa: E402
from quality.services.settling import settle_unused  # noqa: E402

WORKERS = 12
CURVES = {"label_accuracy": 0.975, "model_accuracy": 0.94, "random_baseline": 0.9}
AGREEMENT = {
    "percent": {"value": 0.86, "low": 0.84, "high": 0.88},
    "alpha": {"value": 0.71, "low": 0.66, "high": 0.75},
    "fleiss": {"value": None, "reason": "needs the same number of answers for every item"},
}
LABELS = {"labels": [{"value": value} for value in ("praise", "complaint", "question")]}
OTHER_TYPES: dict[str, dict[str, Any]] = {
    "multiple_choice": LABELS,
    "ordinal": LABELS,
    "number": {"min": 0, "max": 9, "unit": "stars"},
    "pairwise": {"ties": True},
    "text": {"lines": True},
    "spans": LABELS,
    "boxes": LABELS,
}
SEATS = 50
SENTENCES = [
    "The train was late again, but the people at the counter were kind and found us another one.",
    "I have waited three weeks for an answer. Nobody picks up the telephone.",
    "It does what it says. Nothing more, nothing less.",
    "المنتج جيد جدا لكن التوصيل تأخر أسبوعين كاملين.",
    "とても良い商品ですが、箱が少し壊れていました。",
]

MARKED = [
    "A 👩‍👩‍👧 family\nwent home 🎉 late.",  # joined emoji, a line break, one more
    SENTENCES[3],  # from right to left
    SENTENCES[0],
    SENTENCES[1],
]


def main() -> int:
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        told = set_scene()
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def set_scene() -> dict[str, Any]:
    organization = create_organization(marked("organization"))
    workers = [person(organization, f"worker{n}") for n in range(WORKERS)]
    manager = person(organization, "mia", Role.MANAGER, marked("person"))
    auditor = person(organization, "olu", Role.AUDITOR)
    owner = person(organization, "owen", Role.OWNER)
    other = person(create_organization("Elsewhere"), "zed", Role.MANAGER)
    projects = {
        "texts": texts(organization),
        "pictures": pictures(organization),
        "markers": markers(organization),
        "sensitive": sensitive(organization),
        "practice": practice(organization),
        "essays": essays(organization),
        **other_types(organization),
        "judged": (judged_project := judged(organization, workers)),
        "nothing": live(organization, "Nothing to do yet", ["yes", "no"]),
        "finished": finished(organization, workers),
        "under_way": under_way(organization, workers),
        "draft": create_project(organization, spec("A draft", ["yes", "no"])),
    }
    pause(
        *enrolled(projects["texts"], workers[-1]), "Your last 20 answers to checks were at chance."
    )
    everybody = {user.username: user for user in [*workers, manager, auditor, owner, other]}
    return {
        "projects": {name: project.public_id for name, project in projects.items()},
        "sessions": {name: session(user) for name, user in everybody.items()},
        "names": {
            "upload": refused_import(projects["draft"]),
            **names_in(judged_project),
            "organization": organization.public_id,
            "invitation": invite(organization, Role.ANNOTATOR, actor=owner).secret,
        },
        "links": [create_sign_in_link(manager, "/projects") for _ in range(4)],
    }


def marked(name: str) -> str:
    """A text that would run, break out of a tag or vanish if it were taken for markup."""
    return f"""{name}"'><script>alert(1)</script><b id="{name}">&amp;"""


def person(
    organization: Organization, name: str, role: str = Role.ANNOTATOR, shown: str = ""
) -> User:
    return create_user(name, organization=organization, role=role, display_name=shown)


def session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def spec(name: str, labels: Sequence[str], instructions: str = "") -> ProjectSpec:
    return ProjectSpec(
        name=name,
        configuration={"labels": [{"value": value} for value in labels]},
        instructions=instructions or f"{name}?\n\nRead to the end before you answer.",
        redundancy=Redundancy.FIXED,
        seats_min=SEATS,
        seats_max=SEATS,
        gold_share=0.0,
        price_micros=20_000,
    )


def live(
    organization: Organization, name: str, labels: Sequence[str], instructions: str = ""
) -> Project:
    project = create_project(organization, spec(name, labels, instructions))
    set_status(project, "live")
    return project


def texts(organization: Organization) -> Project:
    project = live(organization, "How does the customer feel", ["happy", "neutral", "angry"])
    add(project, [{"text": f"{n + 1}. {SENTENCES[n % len(SENTENCES)]}"} for n in range(120)])
    return project


def sensitive(organization: Organization) -> Project:
    asked = spec("Is it harmful", ["yes", "no"])
    project = create_project(organization, replace(asked, media_rules={"sensitive": True}))
    set_status(project, "live")
    add_pictures(project, 6)
    return project


def practice(organization: Organization) -> Project:
    """Every item of it is practice: its answer is known, and why."""
    project = create_project(
        organization, replace(spec("Birds", ["owl", "fox"]), practice_bound=0.5)
    )
    set_status(project, "live")
    made = [
        Item(project=project, external_id=f"bird-{n}", payload={"text": f"{n}. {marked('bird')}"})
        for n in range(4)
    ]
    names = [item.external_id for item in Item.objects.bulk_create(made)]
    why = f"It flies by night. {marked('rule')}"
    known = [Known(n, name, "owl", why) for n, name in enumerate(names)]
    add_gold(project, known, role=ItemRole.PRACTICE)
    return project


def essays(organization: Organization) -> Project:
    asked = replace(spec("Tell it at length", []), label_type="text")
    longest = {"lines": True, "longest": 20_000}
    project = create_project(organization, replace(asked, configuration=longest))
    set_status(project, "live")
    add(project, [{"text": marked("long")}] * 3)
    return project


def markers(organization: Organization) -> Project:
    labels = [marked("label-a"), marked("label-b")]
    project = live(organization, marked("project"), labels, marked("instructions"))
    long = "long" * 2500
    add(project, [{"text": marked("item")}, {"text": long}, {"text": marked("last")}] * 3)
    return project


def other_types(organization: Organization) -> dict[str, Project]:
    made = {}
    for kind, configuration in OTHER_TYPES.items():
        project = create_project(
            organization, replace(spec(kind, []), configuration=configuration, label_type=kind)
        )
        set_status(project, "live")
        if kind == "boxes":
            add_pictures(project, 6)
        else:
            add(project, [{"text": text, "left": text, "right": SENTENCES[2]} for text in MARKED])
        made[kind] = project
    return made


def pictures(organization: Organization) -> Project:
    project = live(organization, "Which digit is it", [str(digit) for digit in range(10)])
    add_pictures(project, 30)
    return project


def add_pictures(project: Project, count: int) -> None:
    images = [checked_image(drawn(number)) for number in range(count)]
    kept = keep_all(project.organization_id, images)
    items = [
        Item(project=project, external_id=f"picture-{n}", media=kept[image.digest])
        for n, image in enumerate(images)
    ]
    opened(project, Item.objects.bulk_create(items))


def drawn(number: int) -> bytes:
    image = Image.new("L", (96, 96), 255)
    ImageDraw.Draw(image).text((30, 20), str(number), fill=0, font_size=48)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def add(project: Project, payloads: Sequence[dict[str, str]]) -> None:
    items = [
        Item(project=project, external_id=f"item-{n}", payload=payload)
        for n, payload in enumerate(payloads)
    ]
    opened(project, Item.objects.bulk_create(items))


def opened(project: Project, items: Sequence[Item]) -> None:
    open_items(project.pk, [item.pk for item in items], SEATS)


def enrolled(project: Project, user: User) -> tuple[Project, User]:
    enroll(project, user)
    return project, user


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


def judged(organization: Organization, workers: Sequence[User]) -> Project:
    """Items that were really answered, gold among them: the last of four says anything, and is found out."""
    labels = ["cat", "owl", marked("fox")]
    mixed = replace(spec(f"Judged {marked('judged')}", labels), gold_share=0.5)
    project = create_project(organization, mixed)
    set_status(project, "live")
    made = [
        Item(project=project, external_id=f"animal-{n}", payload={"text": f"{n}. {marked('text')}"})
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
    name = Enrollment.objects.get(project=project, annotator=workers[2]).pseudonym
    reason, words = f"By hand. {marked('why')}", f"Too quick. {marked('words')}"
    made = decide_by_hand(project, name, actions=["pause"], reason=reason, words=words, by=None)
    appeal(workers[2], made.public_id or "", f"I read all of it. {marked('appeal')}")
    return project


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


def finished(organization: Organization, workers: Sequence[User]) -> Project:
    """A project whose loop has run: rounds, a curve, people with records, jobs; rows made directly."""
    project = live(organization, f"Labels with proof {marked('finished')}", ["cat", "owl", "fox"])
    made = [Item(project=project, external_id=f"item-{n}", status="settled") for n in range(400)]
    items = Item.objects.bulk_create(made)
    settled(project, items)
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
    """Half done, with a cap that will not do, camps, and items for an expert: everything a manager is told."""
    capped = replace(spec("Under way", ["cat", "owl", "fox"]), budget_micros=15_000_000)
    project = create_project(organization, capped)
    set_status(project, "live")
    made = [Item(project=project, external_id=f"item-{n}") for n in range(400)]
    items = Item.objects.bulk_create(made)
    settled(project, items[:200])
    experts = Consensus.objects.filter(project=project, item__in=items[:12])
    experts.update(state=ConsensusState.EXPERT)
    curve(project, steps=3)
    opened(project, items[200:250])
    paid(project, workers)
    reason = f"Two camps of 4 and 5 people. {marked('camps')}"
    Survey.objects.create(
        project=project, version=1, agreement=AGREEMENT, flagged=True, camps={"reason": reason}
    )
    return project


def paid(project: Project, workers: Sequence[User]) -> None:
    """Some answers, so that money has been spent."""
    for worker in workers[:6]:
        seats = claim(project, worker, 50).assignments
        submit(worker, [Submission(seat.public_id, "owl", 2.0, uuid.uuid4()) for seat in seats])


def settled(project: Project, items: Sequence[Item]) -> None:
    work = [item for item in items if item.role == ItemRole.WORK]
    Consensus.objects.bulk_create(
        Consensus(
            item=item,
            project=project,
            state=ConsensusState.SETTLED if n % 20 else ConsensusState.OPEN,
            label_code=n % 3,
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


if __name__ == "__main__":
    sys.exit(main())
