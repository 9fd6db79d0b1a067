import numpy as np
import pytest

from quality.inference.answers import NO_GOLD, Answers, checked_gold
from quality.inference.encoding import encode, encode_frame


def test_the_last_revision_of_a_person_counts():
    answers = Answers.from_codes([0, 0, 1, 0], [0, 1, 0, 0], [2, 1, 0, 1])
    rows = sorted(zip(answers.item, answers.annotator, answers.label, strict=True))
    assert rows == [(0, 0, 1), (0, 1, 1), (1, 0, 0)]


def test_an_abstention_takes_back_the_earlier_vote():
    answers = Answers.from_codes([0, 0, 0], [0, 1, 0], [1, 1, -1])
    assert answers.annotator.tolist() == [1]
    assert (answers.n_items, answers.n_annotators, answers.n_labels) == (1, 2, 2)


def test_the_plain_constructor_keeps_repeated_readings_but_no_abstentions():
    answers = Answers(np.array([0, 0, 0]), np.array([0, 0, 0]), np.array([1, 0, -1]), 1, 1, 2)
    assert answers.label.tolist() == [1, 0]


def test_weights_follow_their_votes():
    answers = Answers.from_codes([0, 1, 0], [0, 0, 0], [0, 1, 1], weight=[0.1, 0.2, 0.3])
    assert answers.weight.tolist() == [0.2, 0.3]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([0, 1], [0], [0]), "differ in length"),
        (([0, -2], [0, 0], [0, 0]), r"item\[1\] is -2"),
        (([0], [0], [-3]), r"label\[0\] is -3"),
        (([0.5], [0], [0]), "integer codes"),
        (([[0]], [0], [0]), "one-dimensional"),
    ],
)
def test_bad_columns_are_named(columns, message):
    with pytest.raises(ValueError, match=message):
        Answers.from_codes(*columns)


def test_bad_weights_are_refused():
    with pytest.raises(ValueError, match="weight"):
        Answers.from_codes([0], [0], [0], weight=[np.nan])


def test_no_answers_at_all_is_a_valid_set():
    answers = Answers.from_codes([], [], [], n_items=3, n_annotators=2, n_labels=2)
    assert len(answers) == 0
    assert answers.votes_per_item().tolist() == [0, 0, 0]


def test_codes_do_not_depend_on_the_order_of_rows():
    rows = [("b", "x", "no"), ("a", "y", "yes"), ("a", "x", "no")]
    there = encode(*zip(*rows, strict=True))
    back = encode(*zip(*rows[::-1], strict=True))
    assert (there.items, there.annotators, there.labels) == (["a", "b"], ["x", "y"], ["no", "yes"])
    assert (back.items, back.annotators, back.labels) == (
        there.items,
        there.annotators,
        there.labels,
    )


def test_ids_may_be_bytes_numbers_and_strings_together():
    coded = encode([b"\x00", b"\x00\x00", 7, "7"], [1, "1", b"1", 1], ["", "\x00", "", "z"])
    assert len(coded.items) == 4
    assert len(coded.annotators) == 3
    assert coded.labels == ["", "\x00", "z"]


def test_a_label_of_none_abstains_and_label_order_may_name_unused_labels():
    coded = encode([1, 2], ["ada", "ada"], [None, "good"], label_order=["bad", "good", "great"])
    assert coded.answers.label.tolist() == [1]
    assert coded.answers.n_labels == 3


def test_a_label_outside_the_label_order_is_refused():
    with pytest.raises(ValueError, match="'ugly'"):
        encode([1], ["ada"], ["ugly"], label_order=["bad", "good"])


def test_frames_in_the_manner_of_crowd_kit_are_read():
    frame = {"task": ["t", "t"], "worker": ["a", "b"], "label": ["x", "y"]}
    assert len(encode_frame(frame).answers) == 2


def test_gold_becomes_codes_and_contradictions_are_refused():
    coded = encode(["s", "t"], ["a", "b"], ["x", "y"])
    assert coded.gold([("t", "x"), ("unknown", "y"), ("t", "x")]).tolist() == [NO_GOLD, 0]
    with pytest.raises(ValueError, match="two different"):
        coded.gold([("t", "x"), ("t", "y")])
    with pytest.raises(ValueError, match="not one of the labels"):
        coded.gold([("t", "z")])


def test_gold_codes_must_fit_the_answers():
    answers = Answers.from_codes([0, 1], [0, 0], [0, 1])
    assert checked_gold(None, answers).tolist() == [NO_GOLD, NO_GOLD]
    with pytest.raises(ValueError, match="2 items"):
        checked_gold([0], answers)
    with pytest.raises(ValueError, match=r"gold\[0\]"):
        checked_gold([2, 0], answers)
