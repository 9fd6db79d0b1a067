"""Every method takes ids as they come: a frame as crowd-kit has it, lists, arrays."""

import numpy as np
import pandas as pd
import pytest

from quality.inference.auto import Auto
from quality.inference.encoding import encode
from quality.inference.majority import MajorityVote
from quality.inference.registry import CHOICE_METHODS

ROWS = [("t1", "ada", "cat"), ("t1", "ben", "cat"), ("t1", "cid", "dog"), ("t2", "ada", "dog")]
COLUMNS = dict(zip(("task", "worker", "label"), map(list, zip(*ROWS, strict=True)), strict=True))
FRAMES = {
    "lists": COLUMNS,
    "arrays": {name: np.array(column) for name, column in COLUMNS.items()},
    "pandas": pd.DataFrame(COLUMNS),
    "structured": np.array(ROWS, dtype=[("task", "U9"), ("worker", "U9"), ("label", "U9")]),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_ids_go_in_and_come_out(frame):
    found = Auto().fit(frame)
    assert list(found.items_) == ["t1", "t2"]
    assert list(found.annotators_) == ["ada", "ben", "cid"]
    assert list(found.classes_) == ["cat", "dog"]
    assert found.posterior_.shape == (2, 2)
    assert Auto().fit_predict(frame) == {"t1": "cat", "t2": "dog"}


@pytest.mark.parametrize("method", sorted(CHOICE_METHODS))
def test_gold_of_a_frame_is_a_mapping_of_ids(method):
    found = CHOICE_METHODS[method]().fit_predict(COLUMNS, {"t1": "dog", "elsewhere": "cat"})
    assert found["t1"] == "dog"


@pytest.mark.parametrize("method", sorted(CHOICE_METHODS))
def test_rows_of_a_frame_may_weigh_less(method):
    frame = {"task": "tttuu", "worker": "abcab", "label": ["cat", "dog", "dog", "cat", "cat"]}
    fit = CHOICE_METHODS[method]
    found = fit().fit(frame, weight=[9, 0, 0, 1, 1])
    assert found.classes_[found.label_[0]] == "cat", "two dogs that weigh nothing are outvoted"
    with pytest.raises(ValueError, match="weight"):
        fit().fit(frame, weight=[1, 2])
    with pytest.raises(ValueError, match="carry their own weight"):
        fit().fit(encode(*frame.values()).answers, weight=[1] * 5)


def test_codes_have_ids_too():
    coded = encode(*zip(*ROWS, strict=True))
    found = MajorityVote().fit(coded.answers)
    assert [list(ids) for ids in (found.items_, found.annotators_, found.classes_)] == [
        [0, 1],
        [0, 1, 2],
        [0, 1],
    ]


def test_a_missing_label_abstains_and_items_without_a_vote_have_no_label():
    frame = pd.DataFrame({"task": [1, 1, 2], "worker": [7, 8, 7], "label": [3.0, 3.0, np.nan]})
    assert Auto().fit_predict(frame) == {1: 3.0}
    assert Auto().fit_predict({"task": "ab", "worker": "xx", "label": [None, "y"]}) == {"b": "y"}


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"task": [1, None], "worker": [1, 2], "label": [0, 1]}, r"task\[1\] is missing"),
        ({"task": [1, 2], "worker": [np.nan, 2], "label": [0, 1]}, r"worker\[0\] is missing"),
        ({"task": [1], "worker": [1]}, "no column 'label'"),
        (pd.DataFrame({"item": [1], "worker": [1], "label": [1]}), "no column 'task'"),
        ({"task": [1, 2], "worker": [1], "label": [0, 0]}, "differ in length"),
        ({"task": [1], "worker": [1], "label": [None]}, "no labels"),
        ({"task": [], "worker": [], "label": []}, "no labels"),
        ({"task": ["a", ["b"]], "worker": [1, 2], "label": [0, 1]}, r"task\[1\] is \['b'\], not"),
        ({"task": ["a"], "worker": [(1, [])], "label": [0]}, r"worker\[0\] is \(1, \[\]\), not"),
        ({"task": ["a"], "worker": [1], "label": [{}]}, r"label\[0\] is {}, not an id"),
        ({"task": 5, "worker": [1], "label": [0]}, "task must be a column of values, not one int"),
    ],
)
def test_what_is_no_frame_is_refused_by_column_and_row(frame, message):
    with pytest.raises(ValueError, match=message):
        Auto().fit(frame)


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ({"t1": "horse"}, "gold for item 't1': 'horse' is not one of the labels"),
        ({"t1": ["cat"]}, r"gold for item 't1': \['cat'\] is not one of the labels"),
        (["cat", "dog"], "gold must map items to labels, not be a list"),
        (np.array([0, 1]), "gold must map items to labels, not be a ndarray"),
    ],
)
def test_gold_that_names_no_labels_of_items_is_refused(gold, message):
    with pytest.raises(ValueError, match=message):
        Auto().fit(COLUMNS, gold)


def test_gold_may_be_a_pandas_series():
    assert Auto().fit_predict(COLUMNS, pd.Series({"t1": "dog"}))["t1"] == "dog"
