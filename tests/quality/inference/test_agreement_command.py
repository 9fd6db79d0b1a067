"""``assay agreement`` from a file to coefficients with intervals."""

import csv
import json

import numpy as np
import pytest

from quality.inference.agreement import (
    Ratings,
    consistency,
    entropy,
    fleiss_kappa,
    krippendorff_alpha,
)
from quality.inference.agreement_command import main

NAMES = ("percent_agreement", "krippendorff_alpha", "fleiss_kappa", "gwet_ac1")


def write(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("task", "worker", "label"), *rows])
    return str(path)


@pytest.fixture
def rows():
    """Three people, who say what a die of fixed seed has them say, on 40 items of three labels."""
    rng = np.random.default_rng(3)
    truth = rng.integers(3, size=40)
    said = np.where(rng.random((40, 3)) < 0.8, truth[:, None], rng.integers(3, size=(40, 3)))
    return [(f"t{i}", f"p{a}", str(said[i, a])) for i in range(40) for a in range(3)]


@pytest.fixture
def facts(rows, tmp_path, capsys):
    def run(*options, rows=rows):
        assert main([write(tmp_path / "a.csv", rows), "--json", *options]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_the_numbers_are_those_of_the_library(rows, facts):
    item = np.array([int(row[0][1:]) for row in rows])
    person = np.array([int(row[1][1:]) for row in rows])
    ratings = Ratings.of(item, person, np.array([int(row[2]) for row in rows]))
    found = facts()
    assert found["fleiss_kappa"]["value"] == pytest.approx(fleiss_kappa(ratings).value)
    assert found["krippendorff_alpha"]["value"] == pytest.approx(krippendorff_alpha(ratings).value)
    assert (found["items"], found["workers"], found["answers"]) == (40, 3, 120)
    assert found["consistency"]["value"] == pytest.approx(consistency(ratings).value)
    assert found["entropy"]["value"] == pytest.approx(entropy(ratings).value)


def test_every_number_has_its_interval_and_the_same_seed_gives_the_same(facts):
    found = facts("--seed", "7")
    for estimate in [*(found[name] for name in NAMES), *found["cohen_kappa"]]:
        assert estimate["low"] < estimate["value"] < estimate["high"]
    assert facts("--seed", "7") == found
    assert facts("--seed", "8")["gwet_ac1"]["low"] != found["gwet_ac1"]["low"]


def test_pairs_that_share_most_come_first(rows, facts):
    few = [row for row in rows if row[1] != "p2" or int(row[0][1:]) < 10]
    found = facts("--pairs", "2", rows=few)["cohen_kappa"]
    assert [pair["items"] for pair in found] == [40, 10]
    assert found[0]["workers"] == ["p0", "p1"]


def test_distances_of_numbers_are_of_numbers_not_of_codes(facts):
    near = [("a", "x", "1"), ("a", "y", "2"), ("b", "x", "10"), ("b", "y", "10")]
    nominal = facts(rows=near)["krippendorff_alpha"]["value"]
    interval = facts("--distance", "interval", rows=near)["krippendorff_alpha"]["value"]
    assert nominal < 0.6 < 0.95 < interval


def test_what_is_undefined_says_why(facts):
    found = facts(rows=[("a", "x", "cat"), ("b", "y", "cat")])
    for name in NAMES:
        assert found[name]["value"] is None
        assert found[name]["reason"]


def test_more_labels_than_a_table_can_hold_are_numbers_or_refused(facts, tmp_path, capsys):
    many = [(f"t{n}", who, str(n + 0.5)) for n in range(600) for who in "xy"]
    assert facts("--distance", "interval", rows=many)["krippendorff_alpha"]["value"] == 1.0
    assert main([write(tmp_path / "many.csv", many)]) == 2
    assert "--distance interval" in capsys.readouterr().err


def test_people_read_a_line_for_each(rows, tmp_path, capsys):
    assert main([write(tmp_path / "a.csv", rows)]) == 0
    out = capsys.readouterr().out
    for words in ("percent agreement", "Krippendorff's alpha", "Fleiss' kappa", "Gwet's AC1"):
        assert words in out
    assert "\nconsistency " in out
    assert "\nentropy " in out
    assert out.count("Cohen's kappa") == 3


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (
            [("a", "x", "cat")],
            "row 2: --distance ordinal and interval need numbers, and label 'cat'",
        ),
        ([("a", "x", ""), ("a", "y", "1"), ("b", "y", "inf")], "row 4"),
    ],
)
def test_words_have_no_distance_and_the_first_is_named_with_its_row(rows, named, tmp_path, capsys):
    path = write(tmp_path / "a.csv", rows)
    assert main([path, "--distance", "ordinal"]) == 2
    assert f"a.csv: {named}" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_one_line(capsys):
    assert main(["nowhere.csv"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


SAID = {
    "number": ("1.5", "1.6", "30"),
    "text": ("an owl", "an old owl", "two cats"),
    "spans": ("[[0, 4]]", "[[0, 5]]", "[[9, 12]]"),
    "boxes": ("[[0, 0, 4, 4]]", "[[0, 0, 4, 5]]", "[[9, 9, 12, 12]]"),
    "pairwise": ("a", "tie", "b"),
}


@pytest.mark.parametrize("kind", SAID)
def test_near_answers_agree_more_than_far_ones_by_the_distance_of_the_type(kind, facts):
    """Two answers an item: on every second item one of the first two sorts, and else the third."""
    first, near, far = SAID[kind]

    def alpha(other):
        pairs = [(f"a{n}|b{n}", f"a{n}", f"b{n}") for n in range(12)]
        said = [(first, other) if n % 2 else (far, far) for n in range(12)]
        rows = [
            (pair if kind == "pairwise" else pair[:3], who, {"a": a, "b": b}.get(one, one))
            for (pair, a, b), both in zip(pairs, said, strict=True)
            for who, one in zip("uv", both, strict=True)
        ]
        found = facts("--type", kind, rows=rows)
        assert (found["items"], found["workers"], found["answers"]) == (12, 2, 24)
        return found["krippendorff_alpha"]["value"]

    assert alpha(first) == pytest.approx(1.0)
    assert 1.0 > alpha(near) > alpha(far)


def test_it_does_not_matter_which_of_two_things_stood_left(facts):
    there = facts(
        "--type", "pairwise", rows=[("a|b", "u", "a"), ("a|b", "v", "a"), ("c|d", "u", "d")]
    )
    turned = facts(
        "--type", "pairwise", rows=[("a|b", "u", "a"), ("b|a", "v", "a"), ("c|d", "u", "d")]
    )
    assert there == turned


def test_ordered_labels_by_their_type_are_those_by_their_distance(rows, facts):
    assert facts("--type", "ordinal") == facts("--distance", "ordinal")


def test_what_is_no_answer_of_the_type_is_refused_by_row_and_column(tmp_path, capsys):
    path = write(tmp_path / "a.csv", [("t", "u", "[]"), ("t", "v", "[[0, 0, 1]]")])
    assert main([path, "--type", "boxes"]) == 2
    assert "row 3, column 'label'" in capsys.readouterr().err
