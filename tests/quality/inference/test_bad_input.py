"""Odd files of every label type: a defined result without NaN, or one line with row and column."""

import csv
import json
import math

import pytest

from quality.inference.command import TYPES, main

KINDS = sorted(TYPES)
LONGER = ("number", "ordinal", "pairwise")
SAYS = {
    "choice": ("yes", "no"),
    "ordinal": ("1", "2"),
    "number": ("1.5", "2.5"),
    "pairwise": ("a", "b"),
    "text": ("one two", "one three"),
    "spans": ("[[0, 4]]", "[[2, 6]]"),
    "boxes": ("[[0, 0, 4, 4]]", "[[1, 1, 5, 5]]"),
}


def item_of(kind, n):
    """Pairs of things, and items of anything else."""
    return "a|b" if kind == "pairwise" else f"i{n}"


@pytest.fixture
def aggregate(tmp_path, capsys):
    """Exit code, the facts as JSON, and what was complained about."""

    def run(kind, rows, *options):
        path = tmp_path / "answers.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("item", "worker", "label"), *rows])
        people = tmp_path / "people.csv"
        code = main([str(path), "--type", kind, "--json", "--people", str(people), *options])
        out, problem = capsys.readouterr()
        facts = json.loads(out, parse_constant=_no_constant) if code == 0 else {}
        if code == 0:
            assert "nan" not in people.read_text(encoding="utf-8").lower()
        return code, facts, problem

    return run


def _no_constant(name):
    raise AssertionError(f"{name} in the facts")


@pytest.mark.parametrize("kind", KINDS)
def test_no_answers_are_no_items_or_one_line(kind, aggregate):
    code, facts, problem = aggregate(kind, [])
    assert (code, problem.count("\n")) == ((2, 1) if kind == "choice" else (0, 0))
    assert kind == "choice" or facts["labels"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_person_is_believed_with_moderation(kind, aggregate):
    rows = [(item_of(kind, n), "ada", SAYS[kind][0]) for n in range(3)]
    code, facts, _ = aggregate(kind, rows)
    assert (code, facts["workers"]) == (0, 1)
    assert all(0 <= row[2] <= 1 for row in facts["labels"])


@pytest.mark.parametrize("kind", KINDS)
def test_one_and_the_same_answer_everywhere_is_the_result(kind, aggregate):
    rows = [(item_of(kind, n), who, SAYS[kind][0]) for n in range(3) for who in "xyz"]
    code, facts, _ = aggregate(kind, rows)
    assert code == 0
    if kind != "pairwise":
        said = json.loads(SAYS[kind][0]) if kind in ("spans", "boxes") else SAYS[kind][0]
        labels = [
            json.loads(x) if kind in ("spans", "boxes") else x for _, x, *_ in facts["labels"]
        ]
        assert labels == [said] * 3
    assert all(math.isfinite(row[2]) for row in facts["labels"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_of_repeated_answers_counts(kind, aggregate):
    first, second = SAYS[kind]
    once = [("a|b" if kind == "pairwise" else "i", who, second) for who in "xyz"]
    again = [(item, who, first) for item, who, _ in once] * 5 + once
    there, back = (aggregate(kind, rows)[1]["labels"] for rows in (again, once))
    if kind == "choice":  # a label that was taken back is still one of the labels
        there, back = ([row[:2] for row in rows] for rows in (there, back))
    assert there == back


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_label_is_refused_by_row_and_column_where_there_are_wrong_ones(kind, aggregate):
    rows = [(item_of(kind, 0), "ada", SAYS[kind][0]), (item_of(kind, 1), "ben", "?!")]
    code, _, problem = aggregate(kind, rows)
    if kind in ("choice", "text"):  # every label is one
        assert code == 0
    else:
        assert code == 2
        assert "row 3" in problem
        assert "'label'" in problem


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", [0, 1])
def test_an_empty_id_is_refused_by_row_and_column(kind, column, aggregate):
    bad = [item_of(kind, 1), "ben", SAYS[kind][0]]
    bad[column] = ""
    code, _, problem = aggregate(kind, [(item_of(kind, 0), "ada", SAYS[kind][0]), bad])
    assert code == 2
    assert "row 3" in problem
    assert ("item", "worker")[column] in problem


@pytest.mark.parametrize(
    "kind", ["choice", *(pytest.param(kind, marks=pytest.mark.nightly) for kind in LONGER)]
)
def test_one_person_may_give_a_hundred_thousand_answers(kind, aggregate):
    def rows():
        for n in range(100_000):
            pair = f"t{n % 400}|t{n % 400 + 1 + n // 400}"
            item = pair if kind == "pairwise" else f"i{n}"
            yield item, "ada", pair.partition("|")[0] if kind == "pairwise" else SAYS[kind][n % 2]
        yield (
            ("t0|t1" if kind == "pairwise" else "i0"),
            "ben",
            "t0" if kind == "pairwise" else SAYS[kind][1],
        )

    code, facts, _ = aggregate(kind, rows())
    assert (code, facts["workers"]) == (0, 2)
    assert all(math.isfinite(row[2]) for row in facts["labels"])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "choice"])
def test_bytes_that_are_no_utf_8_are_refused_by_row_and_column(kind, tmp_path, capsys):
    item = b"\xff|b" if kind == "pairwise" else b"\xff"
    path = tmp_path / "answers.csv"
    path.write_bytes(b"item,worker,label\n" + item + b",ada,x\n")
    assert main([str(path), "--type", kind]) == 2
    assert "row 2, column 'item': is not UTF-8" in capsys.readouterr().err
