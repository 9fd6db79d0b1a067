"""A project of each label type, from the file to the export: import, claim, answer, settle, take away."""

import csv
import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from PIL import Image

import scenes
from accounts.models import Organization, User
from labeling.label_types import label_types
from labeling.models import Item, ItemRole, ItemStatus, Project
from labeling.services import importing
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.exporting import export_answers
from labeling.services.people import enroll
from labeling.services.projects import ProjectSpec, create_project, set_status
from labeling.services.verdicts import Submission
from quality.label_types import merge_of
from quality.models import Consensus, Decision, Fit, GoldResult, Skill
from quality.services.exporting import export_labels
from quality.services.gold import import_gold
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Scene:
    """What is asked, the right answer to each of three items, and one that is not right for the first."""

    configuration: dict[str, Any]
    truth: list[Any]
    wrong: Any
    payload: dict[str, Any]
    pictures: bool = False


def span(start: int, end: int, label: str = "bird") -> dict[str, Any]:
    return {"start": start, "end": end, "label": label}


def box(x: float, y: float, width: float, height: float, label: str = "bird") -> dict[str, Any]:
    return {"x": x, "y": y, "width": width, "height": height, "label": label}


LABELS = {"labels": ["cat", "owl", "dog"]}
TEXT = {"text": "The old owl and the young owl sleep."}
SCENES = {
    "choice": Scene(LABELS, ["owl", "cat", "dog"], "cat", TEXT),
    "multiple_choice": Scene(LABELS, [["cat", "owl"], [], ["dog"]], ["dog"], TEXT),
    "ordinal": Scene({"labels": list("12345")}, ["2", "5", "3"], "5", TEXT),
    "number": Scene({"min": 0, "max": 50, "step": 0.5}, [12.5, 40, 7], 45, TEXT),
    "pairwise": Scene(
        {"ties": True}, ["left", "tie", "right"], "right", {"left": "An owl", "right": "A cat"}
    ),
    "text": Scene(
        {"longest": 80}, ["An owl, asleep", "=1+1", "Two owls on a tree"], "No idea", TEXT
    ),
    "spans": Scene(
        {"labels": ["bird", "verb"]},
        [[span(8, 11), span(26, 29), span(30, 35, "verb")], [], [span(8, 11)]],
        [span(0, 3)],
        TEXT,
    ),
    "boxes": Scene(
        {"labels": ["bird", "tree"]},
        [[box(1, 2, 10, 10), box(20, 5, 8, 12.5, "tree")], [], [box(0, 0, 40, 30)]],
        [box(30, 20, 5, 5)],
        {},
        pictures=True,
    ),
}
every_type = pytest.mark.parametrize("name", SCENES)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path: Path) -> None:
    settings.MEDIA_STORE = tmp_path / "media"


def start(organization: Organization, name: str, **fields: Any) -> Project:
    settings = {"seats_min": 2, "seats_max": 3, "target_certainty": 0.85, "gold_share": 0.0}
    spec = ProjectSpec("A", SCENES[name].configuration, label_type=name, **{**settings, **fields})
    project = create_project(organization, spec)
    set_status(project, "live")
    project.refresh_from_db()
    return project


def file_of(scene: Scene, n_rows: int) -> tuple[str, bytes]:
    """So many rows; with pictures a zip of them and the table."""
    rows: list[dict[str, Any]] = [
        {"id": f"item-{n}", "payload": scene.payload} for n in range(n_rows)
    ]
    if not scene.pictures:
        return "items.jsonl", "\n".join(json.dumps(row) for row in rows).encode()
    rows = [{**row, "image": f"{n}.png", "payload": {}} for n, row in enumerate(rows)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("items.json", json.dumps(rows))
        for n in range(n_rows):
            drawn = io.BytesIO()
            Image.new("RGB", (40, 30), (n, 0, 0)).save(drawn, "PNG")
            archive.writestr(f"{n}.png", drawn.getvalue())
    return "items.zip", packed.getvalue()


def bring(project: Project, scene: Scene) -> list[Item]:
    name, content = file_of(scene, 4)
    upload, _ = importing.accept_file(project, [content], name, open_at_once=True)
    importing.run_import(upload.public_id, fence=transaction.atomic, progress=lambda _: None)
    return list(Item.objects.filter(project=project).order_by("external_id"))


def work(project: Project, person: User, answers: dict[str, Any]) -> list[str]:
    """Claim what there is and answer it; the verdicts."""
    enroll(project, person)
    seats = claim(project, person, 10).assignments
    said = [
        Submission(seat.public_id, answers[seat.item.external_id], 1.0, uuid.uuid4())
        for seat in seats
    ]
    return [outcome.verdict for outcome in submit(person, said)]


def right_answers(scene: Scene) -> dict[str, Any]:
    return {f"item-{n}": value for n, value in enumerate(scene.truth)}


def rows_of(project: Project) -> list[dict[str, str]]:
    text = b"".join(export_labels(project, "csv")).decode()
    return list(csv.DictReader(io.StringIO(text)))


def read_cell(cell: str, like: Any) -> Any:
    return cell.removeprefix("'") if isinstance(like, str) else json.loads(cell)


def test_every_type_has_a_scene() -> None:
    assert set(SCENES) == set(label_types())


@every_type
def test_from_the_file_to_the_export_and_through_a_refit(name, organization, ada, ben) -> None:
    """Two agree on three items and not on the fourth, for which there is no third seat."""
    scene, project = SCENES[name], start(organization, name, seats_max=2)
    *agreed, disputed = bring(project, scene)
    said = right_answers(scene)
    for person, about_the_fourth in ((ada, scene.truth[0]), (ben, scene.wrong)):
        answers = {**said, "item-3": about_the_fourth}
        assert work(project, person, answers) == ["stored"] * 4
        settle_all(project.pk)
        if person is ada:
            assert Consensus.objects.get(item=disputed).state == "open"
    check_agreed(name, scene, agreed)
    check_disputed(disputed)
    check_exports(project, scene)
    check_refit(project, scene)


def check_agreed(name: str, scene: Scene, items: list[Item]) -> None:
    found = [Consensus.objects.get(item=item) for item in items]
    assert [one.value for one in found] == scene.truth
    assert {(one.state, one.answers_used) for one in found} == {("settled", 2)}
    assert all((one.posterior is None) == (merge_of(name) is not None) for one in found)
    statuses = Item.objects.filter(pk__in=[item.pk for item in items]).values_list("status")
    assert set(statuses) == {(ItemStatus.SETTLED,)}


def check_disputed(item: Item) -> None:
    known = Consensus.objects.get(item=item)
    item.refresh_from_db()
    assert (known.state, item.status) == ("expert", ItemStatus.HELD)
    assert known.confidence < 0.85


def check_exports(project: Project, scene: Scene) -> None:
    exported = {row["item"]: row for row in rows_of(project)}
    for item, truth in right_answers(scene).items():
        assert read_cell(exported[item]["label"], truth) == truth
    rows = [json.loads(line) for line in b"".join(export_labels(project, "jsonl")).splitlines()]
    labels = {row["item"]: row["label"] for row in rows}
    assert [labels[f"item-{n}"] for n in range(3)] == scene.truth
    answers = list(csv.DictReader(io.StringIO(b"".join(export_answers(project, "csv")).decode())))
    assert [read_cell(row["value"], scene.truth[0]) for row in answers if row["item"] == "item-0"]


def check_refit(project: Project, scene: Scene) -> None:
    """It knows the people and leaves agreed labels; a second one changes nothing."""
    assert refit(project.pk, Unfenced())["answers"] == 8
    known = dict(Consensus.objects.values_list("item__external_id", "value"))
    assert [known[f"item-{n}"] for n in range(3)] == scene.truth
    assert Fit.objects.get(project=project).answers_since == 0
    for skill in Skill.objects.all():
        assert skill.accuracy_low <= skill.accuracy <= skill.accuracy_high
        assert skill.accuracy > 0.5
    before = list(Consensus.objects.order_by("pk").values())
    refit(project.pk, Unfenced())
    same = [{**row, "updated_at": 0} for row in Consensus.objects.order_by("pk").values()]
    assert same == [{**row, "updated_at": 0} for row in before]


@every_type
def test_gold_is_scored_with_the_tolerance_of_the_type(
    name, organization, ada, ben, tmp_path
) -> None:
    scene, project = SCENES[name], start(organization, name)
    file, content = file_of(scene, 3)
    path = tmp_path / file
    path.write_bytes(content)
    table = tmp_path / "gold.jsonl"
    rows = [{"id": item, "label": value} for item, value in right_answers(scene).items()]
    table.write_text("\n".join(json.dumps(row) for row in rows))
    assert import_gold(project, table, items=path) == 3
    gold = Item.objects.get(external_id="item-0", role=ItemRole.GOLD)
    scenes.say(project, ada, gold, scene.truth[0])
    scenes.say(project, ben, gold, scene.wrong)
    settle_all(project.pk)
    assert dict(GoldResult.objects.values_list("annotator__username", "right")) == {
        "ada": True,
        "ben": False,
    }
    assert not Consensus.objects.exists()


@pytest.mark.parametrize("name", ["number", "text", "boxes", "ordinal"])
def test_who_is_never_near_the_known_answers_is_paused(name, organization, ada, ben) -> None:
    scene, project = SCENES[name], start(organization, name)
    kind = label_types()[name]
    checked = kind.check_configuration(scene.configuration)
    made = [scenes.factories.item(project, f"g{n}", role=ItemRole.GOLD) for n in range(12)]
    for item in made:
        value = kind.canonical(checked, scene.truth[0], scene.payload)
        scenes.GoldAnswer.objects.create(item=item, value=value.value, label_code=value.label_code)
    # other known answers, so that one answer to everything would not pass
    for n, truth in enumerate([*scene.truth[1:]] * 12):
        item = scenes.factories.item(project, f"h{n}", role=ItemRole.GOLD)
        value = kind.canonical(checked, truth, scene.payload)
        scenes.GoldAnswer.objects.create(item=item, value=value.value, label_code=value.label_code)
    scenes.open_gold(project.pk)
    scenes.say_all(project, ada, [(item, scene.truth[0]) for item in made])
    scenes.say_all(project, ben, [(item, scene.wrong) for item in made])
    settle_all(project.pk)
    decision = Decision.objects.get()
    assert (decision.annotator, decision.action) == (ben, "pause")
    assert "0 of 12 answers" in decision.reason


def test_a_cell_of_a_gold_table_is_checked_against_its_own_item(organization, tmp_path) -> None:
    project = start(organization, "spans")
    table = tmp_path / "gold.csv"
    with table.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "text", "label"])
        lines.writerow(["a", "An owl", json.dumps([span(3, 6)])])
        lines.writerow(["b", "Owl", json.dumps([span(0, 6)])])
    with pytest.raises(importing.ImportRefused, match=r"row 3, label\.0\.end: must be behind"):
        import_gold(project, table)
    assert not Item.objects.exists()
