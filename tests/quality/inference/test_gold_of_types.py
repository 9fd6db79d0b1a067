"""Gold of every type that is no choice: it comes out as it is, and people are judged by it."""

import csv
import json

import numpy as np
import pytest

from quality.inference.boxes import BoxesConsensus
from quality.inference.command import main
from quality.inference.layouts import LayoutError
from quality.inference.number import NumberConsensus
from quality.inference.ordinal import OrdinalConsensus
from quality.inference.pairwise import PairwiseConsensus
from quality.inference.spans import SpansConsensus
from quality.inference.text import TextConsensus
from quality.inference.type_registry import TYPES
from quality.inference.typed_answers import TypedAnswers

# What item n is, and what a crowd says that is wrong about it in one way.
RIGHT = {
    "ordinal": lambda n: str(1 + n % 3),
    "number": lambda n: str(10.0 * (1 + n)),
    "text": lambda n: f"the {'abcdefgh'[n % 8]}ird house of street {n}",
    "spans": lambda n: json.dumps([[n, n + 10]]),
    "boxes": lambda n: json.dumps([[n, n, n + 10, n + 10]]),
}
WRONG = {
    "ordinal": lambda n: str(1 + (n + 1) % 3),
    "number": lambda n: str(10.0 * (1 + n) + (60 if n % 2 else -60)),
    "text": lambda n: f"a {'stuvwxyz'[n % 8]}in mouse on strand {n}",
    "spans": lambda n: json.dumps([[n + 40, n + 60]]),
    "boxes": lambda n: json.dumps([[n + 40, n + 40, n + 60, n + 60]]),
}


def write(path, heading, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading, *rows])
    return path


def files(tmp_path, kind, n_items=40):
    """Ada is right, Ben and Cid agree on what is wrong; gold knows all but the last two items."""
    rows = [
        (f"i{n:02d}", who, said(n))
        for n in range(n_items)
        for who, said in (("ada", RIGHT[kind]), ("ben", WRONG[kind]), ("cid", WRONG[kind]))
    ]
    answers = write(tmp_path / "answers.csv", ("item", "worker", "label"), rows)
    known = [(f"i{n:02d}", RIGHT[kind](n)) for n in range(n_items - 2)]
    gold = write(tmp_path / "gold.csv", ("item", "label"), [*known, ("elsewhere", RIGHT[kind](0))])
    return answers, gold


@pytest.mark.parametrize("kind", RIGHT)
def test_known_values_come_out_as_they_went_in(kind, tmp_path):
    answers, gold = files(tmp_path, kind)
    rows = TYPES[kind].aggregate(answers, gold).items
    parse = TYPES[kind].parse
    assert [row.item for row in rows] == [f"i{n:02d}" for n in range(40)]
    for n, row in enumerate(rows[:38]):
        assert TYPES[kind].distance(parse(row.label), parse(RIGHT[kind](n))) == 0
        assert row.confidence == 1


@pytest.mark.parametrize("kind", RIGHT)
def test_people_are_judged_by_what_is_known_and_so_are_other_items(kind, tmp_path):
    answers, gold = files(tmp_path, kind)
    plain, told = TYPES[kind].aggregate(answers), TYPES[kind].aggregate(answers, gold)
    ada, ben, cid = (person.reliability for person in told.people)
    assert ada > max(ben, cid) + 0.1
    assert plain.people[0].reliability <= ada + 1e-9
    parse = TYPES[kind].parse
    for n in (38, 39):
        to_right = TYPES[kind].distance(parse(told.items[n].label), parse(RIGHT[kind](n)))
        to_wrong = TYPES[kind].distance(parse(told.items[n].label), parse(WRONG[kind](n)))
        assert to_right < to_wrong


THINGS = "abcdefgh"
PAIRS = [(x, y) for x in THINGS for y in THINGS if x < y]


def pair_files(tmp_path, gold):
    """Ada picks the earlier letter, Ben and Cid the later one."""
    rows = [(x, y, "ada", x) for x, y in PAIRS]
    rows += [(x, y, who, y) for x, y in PAIRS for who in ("ben", "cid")]
    answers = write(tmp_path / "pairs.csv", ("left", "right", "worker", "label"), rows)
    return answers, write(tmp_path / "gold.csv", *gold)


@pytest.mark.parametrize(
    "gold",
    [
        (("left", "right", "label"), [(x, y, x) for x, y in PAIRS[::2]]),
        (("item", "label"), [(f"{y}|{x}", x) for x, y in PAIRS[::2]]),
        (("item", "label"), [(thing, -n) for n, thing in enumerate("abcdefg")]),
    ],
    ids=["pairs", "pairs in one column", "scores of things"],
)
def test_known_pairs_turn_the_order_and_judge_people(gold, tmp_path):
    answers, known = pair_files(tmp_path, gold)
    plain, told = (TYPES["pairwise"].aggregate(answers, path) for path in (None, known))
    order = [row.item for row in sorted(plain.items, key=lambda row: -float(row.label))]
    assert order == list(reversed(THINGS))
    score = {row.item: float(row.label) for row in told.items}
    assert np.mean([score[x] > score[y] for x, y in PAIRS[::2]]) > 0.8
    ada, ben, cid = (person.reliability for person in told.people)
    assert [person.person for person in told.people] == ["ada", "ben", "cid"]
    assert ada > max(ben, cid)


@pytest.mark.parametrize(
    ("kind", "rows", "where"),
    [
        ("number", [("i00", "1"), ("i00", "2")], "row 3, column 'label': gold for 'i00'"),
        ("number", [("i00", "much")], "row 2, column 'label': 'much' is not a number"),
        ("ordinal", [("i00", "7")], "row 2, column 'label': '7' is none of the classes"),
        ("text", [("i00", "a"), ("i00", "b")], "row 3, column 'label'"),
        ("spans", [("i00", "[[3, 1]]")], "row 2, column 'label'"),
        ("boxes", [("i00", "[[3, 1]]")], "row 2, column 'label'"),
        ("spans", [("", "[]")], "row 2, column 'item'"),
    ],
)
def test_bad_gold_is_refused_by_row_and_column(kind, rows, where, tmp_path, capsys):
    answers, _ = files(tmp_path, kind)
    gold = write(tmp_path / "bad.csv", ("item", "label"), rows)
    assert main([str(answers), "--type", kind, "--gold", str(gold)]) == 2
    assert where in capsys.readouterr().err


def test_known_pairs_that_contradict_each_other_are_refused(tmp_path):
    answers, gold = pair_files(
        tmp_path, (("left", "right", "label"), [("a", "b", "a"), ("b", "a", "b")])
    )
    with pytest.raises(LayoutError, match="contradicts"):
        TYPES["pairwise"].aggregate(answers, gold)


NOBODY = TypedAnswers.from_codes([], [], [])
FITS = [
    (OrdinalConsensus(3), 2),
    (NumberConsensus(), 4.5),
    (TextConsensus(), "right here"),
    (SpansConsensus(), [(1, 4)]),
    (BoxesConsensus(), [(0.0, 0.0, 2.0, 2.0)]),
]


@pytest.mark.parametrize(("model", "value"), FITS, ids=lambda x: type(x).__name__)
def test_an_item_without_answers_has_its_known_value(model, value):
    nothing = np.empty(0, dtype=np.int64)
    fit = model.fit(TypedAnswers(nothing, nothing, [], 2, 0), {1: value})
    found = fit.label_[1] if isinstance(model, OrdinalConsensus) else fit.value_[1]
    assert np.array_equal(found, value)
    assert fit.confidence_.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(("model", "value"), FITS, ids=lambda x: type(x).__name__)
def test_gold_about_an_item_that_is_none_is_refused(model, value):
    with pytest.raises(ValueError, match="outside"):
        model.fit(NOBODY, {0: value})


def test_the_judge_is_nobody_of_the_crowd():
    from quality.inference.comparisons import Comparisons

    one = np.array([0])
    said, known = (Comparisons(one, one + 1, one, one * 0 + side, 2, 1) for side in (1, -1))
    fit = PairwiseConsensus().fit(said, known)
    assert fit.ability_.shape == fit.side_.shape == fit.reliability_.value.shape == (1,)
    assert fit.value_[1] > fit.value_[0]


BY_TYPE = {
    "ordinal": (OrdinalConsensus, 1),
    "number": (NumberConsensus, 1.5),
    "text": (TextConsensus, "an owl"),
    "spans": (SpansConsensus, [(0, 4)]),
    "boxes": (BoxesConsensus, [(0, 0, 4, 4)]),
}


@pytest.mark.parametrize("kind", BY_TYPE)
@pytest.mark.parametrize(
    "odd",
    [None, "x y" * 40, [5], [(4, 1)], 10**5000],
    ids=("none", "text", "list", "range", "huge"),
)
def test_what_is_no_value_of_the_type_is_refused_by_field_and_row(kind, odd):
    consensus, said = BY_TYPE[kind]
    if kind == "text" and isinstance(odd, str):
        return
    if kind == "ordinal" and isinstance(odd, int):
        odd = 0.5
    with pytest.raises(ValueError, match=r"^label\[1\] is .{1,90}, not "):
        consensus().fit(TypedAnswers.from_codes([0, 1], [0, 0], [said, odd]))
    with pytest.raises(ValueError, match=r"^gold\[1\] is .{1,90}, not "):
        consensus().fit(TypedAnswers.from_codes([0, 1], [0, 0], [said, said]), {0: said, 1: odd})


@pytest.mark.parametrize("kind", BY_TYPE)
def test_gold_that_maps_nothing_and_codes_that_are_none_are_refused(kind):
    consensus, said = BY_TYPE[kind]
    answers = TypedAnswers.from_codes([0, 1], [0, 0], [said, said])
    with pytest.raises(ValueError, match="gold must map item codes to values, not be a list"):
        consensus().fit(answers, [said])
    with pytest.raises(ValueError, match=r"the items of gold.* is 'a', not the code of an item"):
        consensus().fit(answers, {"a": said})
    with pytest.raises(ValueError, match="item must hold integer codes, not float64"):
        TypedAnswers.from_codes([0.5], [0], [said])
