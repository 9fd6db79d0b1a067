"""The projects of the scene that people work in: one of every label type, and of every state of the task page."""

from dataclasses import replace
from typing import Any

from scene_parts import A_WORD, add, add_pictures, live, marked, spec

from accounts.models import Organization
from labeling.models import Item, ItemRole, Project
from labeling.services.projects import create_project, set_status
from quality.services.gold import Known, add_gold

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


def worked_in(organization: Organization) -> dict[str, Project]:
    return {
        "texts": texts(organization),
        "pictures": pictures(organization),
        "markers": markers(organization),
        "sensitive": sensitive(organization),
        "practice": practice(organization),
        "essays": essays(organization),
        **other_types(organization),
        "nothing": live(organization, "Nothing to do yet", ["yes", "no"]),
    }


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
    labels = [marked("label-a"), marked("label-b"), A_WORD[:200]]
    told = f"{marked('instructions')} {A_WORD[:40_000]}\n\n{A_WORD[:50_000]}"
    project = live(organization, marked("project"), labels, told)
    add(project, [{"text": marked("item")}, {"text": A_WORD}, {"text": marked("last")}] * 3)
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
