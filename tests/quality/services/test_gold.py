"""Gold comes in whole or not at all, and labeling never sees a label."""

from pathlib import Path

import pytest

import scenes
from labeling.models import Item, ItemStatus, Project
from labeling.services.staging import ImportRefused
from quality.models import GoldAnswer
from quality.queries import gold_health, gold_labels
from quality.services.gold import GoldRefused, import_gold
from quality.services.gold_items import import_gold_items
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db


def table(tmp_path: Path, *lines: str, name: str = "gold.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n")
    return path


def test_gold_is_open_and_its_answer_known(project, tmp_path):
    path = table(tmp_path, "id,text,label", "a,three,3", "b,eight,8")
    assert import_gold(project, path) == 2
    gold = Item.objects.get(external_id="a")
    assert (gold.role, gold.status, gold.has_seat) == ("gold", ItemStatus.OPEN, True)
    assert gold.payload == {"text": "three"}
    assert (gold.gold_answer.value, gold.gold_answer.label_code) == ("3", 3)
    assert sorted(gold_labels(project.pk).label_code.tolist()) == [3, 8]


def test_items_and_answers_may_come_in_two_files(project, tmp_path):
    items = table(tmp_path, "id,text", "a,three", "b,eight", name="items.csv")
    answers = table(tmp_path, "id,label", "b,8", "a,3")
    assert import_gold_items(project, answers, items=items) == 2
    assert Item.objects.get(external_id="b").gold_answer.value == "8"


def test_a_table_makes_gold_of_items_that_are_there(project, tmp_path):
    for name in "ab":
        scenes.factories.item(project, name)
    assert import_gold(project, table(tmp_path, "id,label", "a,3")) == 1
    roles = dict(Item.objects.values_list("external_id", "role"))
    assert roles == {"a": "gold", "b": "work"}
    assert import_gold(project, table(tmp_path, "id,label", "a,3")) == 0


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["id,label", "a,owl"], "row 2, label: "),
        (["id,label", "c,3"], "row 2, id: is no item of this project"),
        (["id,label", "a,3", "a,3"], "row 3, id: stands in the table twice"),
        (["id,label"], "the table has no rows"),
        (["id", "a"], "row 2: the column label or gold is missing"),
    ],
)
def test_a_table_is_right_or_changes_nothing(project, tmp_path, lines, says):
    scenes.factories.item(project, "a")
    with pytest.raises(GoldRefused) as refused:
        import_gold(project, table(tmp_path, *lines))
    assert refused.value.problems[0].startswith(says)
    assert not Item.objects.filter(role="gold").exists()


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["id,text,label", "a,three,3", "b,owl,owl"], "row 3, label: "),
        (["id,text,label", "a,three,3", "a,again,3"], "row 3, id: 'a' is already in the file"),
        (["id,text,label", "a,three,"], "row 2, label: is missing"),
        (["id,text", "a,three"], "row 2, label: is missing"),
        (["id,label", "a,3"], "row 2, text: is missing"),
        (["id,text,label,hint", "a,three,3,x"], "row 2, hint: is an unknown column"),
        (["id,text,label"], "file: has no rows"),
    ],
)
def test_a_bad_row_is_named_and_nothing_comes_in(project, tmp_path, lines, says):
    with pytest.raises(ImportRefused) as refused:
        import_gold_items(project, table(tmp_path, *lines))
    assert str(refused.value).startswith(says)
    assert not Item.objects.exists()
    assert not GoldAnswer.objects.exists()


def test_answers_without_an_item_and_items_without_an_answer_are_named(project, tmp_path):
    items = table(tmp_path, "id,text", "a,three", "b,eight", name="items.csv")
    with pytest.raises(ImportRefused) as refused:
        import_gold_items(project, table(tmp_path, "id,label", "a,3", "c,1"), items=items)
    said = [str(problem) for problem in refused.value.problems]
    assert said == [
        "file, label: item 'b' has no known answer",
        "row 3, id: 'c' is not among the gold items",
    ]
    assert not Item.objects.exists()


def test_health_counts_what_gold_can_do(project: Project, ada, ben):
    gold = scenes.open_known(project, ["1", "2", "2"])
    scenes.say_all(project, ada, [(item, "2") for item in gold])
    scenes.say(project, ben, gold[0], "1")
    settle_all(project.pk)
    health = gold_health(project.pk, 10)
    assert (health.items, health.retired, health.labels_without) == (3, 0, 8)
    assert (health.answers, health.right) == (4, 3)
    assert (health.least_per_person, health.median_per_person) == (1, 2.0)
