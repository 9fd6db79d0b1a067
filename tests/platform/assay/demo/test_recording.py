"""Recorded answers: what is wrong with a folder is named by file, row and column."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from assay.demo.recorded import recorded_scene
from assay.demo.recording import RecordingUnusable, read_recording

ITEMS = [["item", "text"], ["a", "one"], ["b", "two"], ["c", "three"]]
TRUTH = [["item", "label"], ["c", "10"], ["a", "2"], ["b", "2"]]
ANSWERS = [["item", "worker", "label"], ["a", "w1", "2"], ["b", "w2", "no"], ["a", "w2", "10"]]


def write(path: Path, rows: list[list[str]]) -> None:
    with gzip.open(path, "wt", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three items, two people, and vectors."""
    folder = tmp_path / "recorded"
    folder.mkdir()
    write(folder / "items.csv.gz", ITEMS)
    write(folder / "truth.csv.gz", TRUTH)
    write(folder / "answers.csv.gz", ANSWERS)
    np.save(folder / "features.npy", np.eye(3, 4, dtype=np.float16))
    return folder


def problem(folder: Path) -> str:
    with pytest.raises(RecordingUnusable) as refused:
        read_recording(folder)
    return str(refused.value)


def test_a_good_folder_is_read_in_the_order_of_its_items(folder: Path) -> None:
    recording = read_recording(folder)
    assert list(recording.texts) == ["a", "b", "c"]
    assert recording.labels == ["2", "10", "no"]  # numbers by size, then words
    assert recording.answers == {"w1": {"a": "2"}, "w2": {"b": "no", "a": "10"}}
    assert recording.features is not None
    assert recording.features.tolist() == np.eye(3, 4).tolist()


def test_vectors_may_be_absent(folder: Path) -> None:
    (folder / "features.npy").unlink()
    assert read_recording(folder).features is None


def test_each_recorded_person_says_what_they_said_and_nothing_else(
    folder: Path, tmp_path: Path
) -> None:
    scene = recorded_scene(folder, tmp_path, seed=1)
    w1, w2 = scene.actors
    assert [w1.answer(n, 0) for n in range(3)] == [0, None, None]
    assert [w2.answer(n, 7) for n in range(3)] == [1, 2, None]
    assert scene.truth.tolist() == [0, 0, 1]
    assert sorted(scene.eligible or []) == [(0, 0), (0, 1), (1, 1)]
    assert sorted([*scene.gold, *scene.work]) == [0, 1, 2]
    assert scene.gold.size == 1


def test_who_was_right_no_more_often_than_chance_is_known_as_a_guesser(tmp_path: Path) -> None:
    """The truth alternates; one person knows it, one always says 0, one has said too little to tell."""
    folder = tmp_path / "recorded"
    folder.mkdir()
    names = [f"i{n}" for n in range(100)]
    write(folder / "items.csv.gz", [["item", "text"], *[[name, "x"] for name in names]])
    right = [[name, str(n % 2)] for n, name in enumerate(names)]
    write(folder / "truth.csv.gz", [["item", "label"], *right])
    knows = [[name, "knows", label] for name, label in right]
    zero = [[name, who, "0"] for who, n in (("zero", 100), ("brief", 6)) for name in names[:n]]
    write(folder / "answers.csv.gz", [["item", "worker", "label"], *knows, *zero])
    actors = {actor.name: actor for actor in recorded_scene(folder, tmp_path, seed=1).actors}
    assert {name: actor.honest for name, actor in actors.items()} == {
        "knows": True,
        "zero": False,
        "brief": True,
    }
    assert actors["zero"].kind == "guessed"


@pytest.mark.parametrize(
    ("file", "rows", "said"),
    [
        ("items", [["id", "text"], ["a", "x"]], "items.csv.gz: column 'item' is missing"),
        ("items", [*ITEMS, ["a", "x"]], "items.csv.gz, row 5, column item: 'a' is there twice"),
        ("items", [*ITEMS, ["d", ""]], "items.csv.gz, row 5, column text: is empty"),
        ("items", ITEMS[:1], "items.csv.gz has no rows"),
        ("items", ITEMS[:2], "items.csv.gz holds too few items: 2 are needed"),
        ("truth", TRUTH[:3], "truth.csv.gz: item 'b' of items.csv.gz is missing"),
        ("truth", [*TRUTH, ["z", "2"]], "truth.csv.gz, row 5, column item: 'z' is not in items"),
        ("truth", [*TRUTH, ["a", "2"]], "truth.csv.gz, row 5, column item: 'a' is there twice"),
        ("answers", ANSWERS[:1], "answers.csv.gz has no rows"),
        ("answers", [*ANSWERS, ["z", "w1", "2"]], "answers.csv.gz, row 5, column item: 'z'"),
        ("answers", [*ANSWERS, ["a", "w1", "2"]], "row 5, column item: 'w1' has answered 'a'"),
        ("answers", [*ANSWERS, ["c", "w1"]], "answers.csv.gz, row 5, column label: is empty"),
        ("answers", [*ANSWERS, ["c", "", "2"]], "answers.csv.gz, row 5, column worker: is empty"),
    ],
)
def test_a_bad_table_is_named(folder: Path, file: str, rows: list[list[str]], said: str) -> None:
    write(folder / f"{file}.csv.gz", rows)
    assert said in problem(folder)


def test_one_label_alone_cannot_be_asked_about(folder: Path) -> None:
    write(folder / "truth.csv.gz", [["item", "label"], ["a", "x"], ["b", "x"], ["c", "x"]])
    write(folder / "answers.csv.gz", [["item", "worker", "label"], ["a", "w", "x"]])
    assert "there is only one label, 'x'" in problem(folder)


HEADER = b"item,worker,label\n"
BROKEN = {
    "plain": (HEADER, "after row 1: Not a gzipped file"),
    "latin": (gzip.compress(HEADER + b"a,w,\xff\n", mtime=0), "after row 1: not UTF-8"),
    "cut": (gzip.compress(HEADER, mtime=0)[:-9], "after row 1: "),
    "quote": (gzip.compress(HEADER + b'a,w,"2\n', mtime=0), "after row 1: "),
    "damaged": (gzip.compress(HEADER, mtime=0)[:10] + b"\xff" * 9, "after row 1: "),
    "empty": (b"", ": column 'item' is missing"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_is_named(folder: Path, how: str) -> None:
    content, said = BROKEN[how]
    (folder / "answers.csv.gz").write_bytes(content)
    assert problem(folder).startswith("answers.csv.gz")
    assert said in problem(folder)


@pytest.mark.parametrize("name", ["items", "truth", "answers"])
def test_an_absent_file_is_named(folder: Path, name: str) -> None:
    (folder / f"{name}.csv.gz").unlink()
    assert problem(folder) == f"{folder}/{name}.csv.gz is missing"


def test_an_absent_folder_is_named(tmp_path: Path) -> None:
    assert problem(tmp_path / "nowhere") == f"{tmp_path}/nowhere is not a folder"


@pytest.mark.parametrize(
    ("features", "said"),
    [
        (np.zeros((2, 4)), "float64 of shape (2, 4); wanted are 3 rows"),
        (np.zeros(3), "of shape (3,); wanted are 3 rows"),
        (np.array([["x"], ["y"], ["z"]]), "wanted are 3 rows of numbers"),
        (np.array([[0.0], [1.0], [np.nan]]), "features.npy, row 2: not all numbers are finite"),
        (np.array([[0.0], [1e200], [1.0]]), "features.npy, row 1: not all numbers are finite"),
        (np.array([[{}], [1], [2]], dtype=object), "features.npy cannot be read"),
    ],
)
def test_bad_vectors_are_named(folder: Path, features: np.ndarray, said: str) -> None:
    np.save(folder / "features.npy", features, allow_pickle=True)
    assert said in problem(folder)


def test_vectors_that_are_no_array_file_are_named(folder: Path) -> None:
    (folder / "features.npy").write_bytes(b"")
    assert "features.npy cannot be read" in problem(folder)
