"""``assay aggregate`` from file to file."""

import csv
import gzip
import json
import subprocess
import sys

import pytest

from quality.inference import type_registry
from quality.inference.command import TYPES, main
from quality.inference.registry import CHOICE_METHODS

ANSWERS = [
    ("t1", "ada", "cat"),
    ("t1", "ben", "cat"),
    ("t1", "cid", "dog"),
    ("t2", "ada", "dog"),
    ("t2", "ben", "dog"),
    ("t3", "cid", ""),
]


def write(path, rows, heading=("item", "worker", "label")):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    return str(path)


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def answers(tmp_path):
    return write(tmp_path / "answers.csv", ANSWERS)


def test_labels_are_written_with_confidence_and_number_of_answers(answers, tmp_path):
    out = tmp_path / "labels.csv"
    assert main([answers, "--out", str(out)]) == 0
    rows = read(out)
    assert [(row["item"], row["label"], row["answers"]) for row in rows] == [
        ("t1", "cat", "3"),
        ("t2", "dog", "2"),
        ("t3", "", "0"),
    ]
    assert 0.5 < float(rows[0]["confidence"]) < 1


@pytest.mark.parametrize("method", sorted(CHOICE_METHODS))
def test_every_method_can_be_named(method, answers, tmp_path):
    assert main([answers, "--method", method, "--out", str(tmp_path / "out.csv")]) == 0


def test_labels_go_to_standard_output_without_a_path(answers, capsys):
    assert main([answers, "--method", "majority"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "item,label,confidence,answers",
        "t1,cat,0.6667,3",
    ]


def test_gzip_and_other_names_of_columns_are_read(answers, tmp_path, capsys):
    path = tmp_path / "answers.csv.gz"
    with gzip.open(path, "wt") as file:
        file.write("label,extra,annotator,task\ncat,1,ada,t1\n")
    assert main([str(path)]) == 0
    assert "t1,cat," in capsys.readouterr().out


def test_gold_fixes_its_items(answers, tmp_path):
    gold = write(tmp_path / "gold.csv", [("t1", "dog"), ("elsewhere", "cat")], ("item", "label"))
    out = tmp_path / "labels.csv"
    assert main([answers, "--gold", gold, "--out", str(out)]) == 0
    assert (read(out)[0]["label"], float(read(out)[0]["confidence"])) == ("dog", 1.0)


def test_people_are_written_with_an_interval(answers, tmp_path):
    people = tmp_path / "people.csv"
    assert main([answers, "--people", str(people), "--out", str(tmp_path / "out.csv")]) == 0
    rows = {row["worker"]: row for row in read(people)}
    assert rows["ada"]["answers"] == "2"
    assert float(rows["ada"]["low"]) < float(rows["ada"]["accuracy"]) < float(rows["ada"]["high"])


def test_json_holds_the_facts_and_the_labels(answers, capsys):
    assert main([answers, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["items"], facts["workers"], facts["answers"]) == (3, 3, 5)
    assert facts["ceiling"] == 0.95
    assert facts["labels"][1][:2] == ["t2", "dog"]


def test_ids_of_any_bytes_come_out_as_they_went_in(tmp_path):
    path, out = tmp_path / "answers.csv", tmp_path / "labels.csv"
    path.write_bytes(b'item,worker,label\n\xff\xfe,ada,yes\n"a,\n""b",ben,no\n')
    assert main([str(path), "--out", str(out)]) == 0
    assert out.read_bytes().count(b"\xff\xfe,yes,") == 1
    assert b'"a,\n""b",no,' in out.read_bytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "row 1 has no column item"),
        ("item,label\nt,l\n", "row 1 has no column worker"),
        ("item,worker,label\nt,ada,x\nt,ben\n", "row 3 has no column label"),
        ("item,worker,label\nt,,x\n", "row 2: worker is empty"),
        ("item,worker,label\n,ada,x\n", "row 2: item is empty"),
        ("item,worker,label\n", "no label"),
    ],
)
def test_a_bad_file_is_refused_with_row_and_column(text, message, tmp_path, capsys):
    path = tmp_path / "answers.csv"
    path.write_text(text)
    assert main([str(path)]) == 2
    assert message in capsys.readouterr().err


def test_a_broken_gzip_file_is_refused(tmp_path, capsys):
    path = tmp_path / "answers.csv.gz"
    path.write_bytes(gzip.compress(b"item,worker,label\n" + b"t,ada,x\n" * 500)[:-20])
    assert main([str(path)]) == 2
    assert "answers.csv.gz: row" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("t1", "horse")], "row 2: label 'horse'"),
        ([("t1", "cat"), ("t1", "dog")], "two different gold labels"),
    ],
)
def test_bad_gold_is_refused(rows, message, answers, tmp_path, capsys):
    gold = write(tmp_path / "gold.csv", rows, ("item", "label"))
    assert main([answers, "--gold", gold]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "rows", "label"),
    [
        ("number", [("t", "ada", "4"), ("t", "ben", "6"), ("u", "ada", "1")], 5.0),
        ("ordinal", [("t", "ada", "2"), ("t", "ben", "2"), ("u", "ada", "1")], 2.0),
    ],
)
def test_other_label_types_are_loaded_when_asked_for(kind, rows, label, tmp_path):
    out, people = tmp_path / "labels.csv", tmp_path / "people.csv"
    path = write(tmp_path / "answers.csv", rows)
    assert main([path, "--type", kind, "--out", str(out), "--people", str(people)]) == 0
    assert float(read(out)[0]["label"]) == pytest.approx(label, abs=1)
    assert {row["worker"] for row in read(people)} == {"ada", "ben"}


def test_a_bad_file_of_another_type_is_refused(tmp_path, capsys):
    path = write(tmp_path / "answers.csv", [("t", "ada", "many")])
    assert main([path, "--type", "number"]) == 2
    assert "row" in capsys.readouterr().err


def test_the_types_of_the_command_are_those_of_the_registry():
    assert set(TYPES) == {"choice", *type_registry.TYPES}


def test_an_unknown_method_and_a_missing_file_are_refused(answers, capsys):
    assert main([answers, "--method", "magic"]) == 2
    assert main(["nowhere.csv"]) == 2
    assert "choose from auto" in capsys.readouterr().err


def test_the_command_needs_neither_django_nor_the_optimiser(answers):
    code = (
        "import sys; from quality.inference.command import main; main(sys.argv[1:]);"
        "sys.exit(any(m in sys.modules for m in ('django', 'pandas', 'scipy.optimize')))"
    )
    run = subprocess.run([sys.executable, "-c", code, answers], check=False, capture_output=True)
    assert run.returncode == 0
