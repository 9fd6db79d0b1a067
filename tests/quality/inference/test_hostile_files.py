"""Files that somebody sends to see what breaks: one line that says where, or a result without NaN."""

import csv
import gzip
import io
import json

import numpy as np
import pytest

from quality.inference.agreement.alpha import alpha_of_numbers
from quality.inference.agreement_command import main as agreement
from quality.inference.answers import Answers
from quality.inference.auto import Auto
from quality.inference.command import main
from quality.inference.comparisons import TIE, Comparisons
from quality.inference.number import NumberConsensus
from quality.inference.ordinal import OrdinalConsensus
from quality.inference.pairwise import PairwiseConsensus
from quality.inference.typed_answers import TypedAnswers

TABLE = b"item,worker,label\ni1,ada,1\ni1,ben,1\ni2,ada,2\ni2,ben,1\n"
SAID = {"choice": "item is empty", "number": "column 'item': is empty"}


@pytest.fixture
def told(tmp_path, capsys):
    """What the command answers to this file: exit code, standard output, complaint."""

    def run(data, *options, command=main):
        path = tmp_path / "answers.csv"
        path.write_bytes(data)
        code = command([str(path), *options])
        return code, *capsys.readouterr()

    return run


PACKED = gzip.compress(TABLE, mtime=0)


@pytest.mark.parametrize(
    "data",
    [PACKED[:2], PACKED[:14], PACKED[:-9], PACKED[:12] + b"\xff\0\xff" + PACKED[15:]],
    ids=["magic-only", "in-the-heading", "in-the-end", "spoilt-inside"],
)
@pytest.mark.parametrize("kind", ["choice", "number"])
def test_a_spoilt_gzip_file_is_refused_by_row(kind, data, told):
    code, _, problem = told(data, "--type", kind)
    assert (code, problem.count("\n")) == (2, 1)
    assert "row " in problem


@pytest.mark.parametrize("kind", ["choice", "number"])
def test_rows_are_numbered_as_in_the_file_also_after_blank_ones(kind, told):
    code, _, problem = told(TABLE + b"\n\n,ada,2\n", "--type", kind)
    assert code == 2
    assert "row 8" in problem
    assert SAID[kind] in problem


@pytest.mark.parametrize("command", [main, agreement], ids=["aggregate", "agreement"])
@pytest.mark.parametrize("kind", ["choice", "number"])
def test_an_open_quote_does_not_swallow_the_rows_after_it(kind, command, told):
    code, _, problem = told(TABLE.replace(b"i1,ben,", b'i1,ben,"'), "--type", kind, command=command)
    assert code == 2
    assert "row " in problem


def test_gold_that_contradicts_itself_is_found_by_its_row(told, tmp_path):
    gold = tmp_path / "gold.csv"
    gold.write_bytes(b"item,label\ni1,1\n\n\ni1,2\n")
    code, _, problem = told(TABLE, "--gold", str(gold))
    assert code == 2
    assert "row 5: label: 'i1' has two" in problem


def test_a_heading_and_a_label_may_be_long(told):
    long = b"x" * 200_000
    assert told(TABLE.replace(b"label", b"label," + long, 1))[0] == 0
    code, out, _ = told(TABLE + b"i3,ada," + long + b"\n")
    assert code == 0
    assert len(out) > 200_000


def test_ids_of_any_bytes_reach_the_standard_output(tmp_path, capfdbinary):
    path = tmp_path / "answers.csv"
    path.write_bytes(TABLE + b"\xff\xfe,ada,1\n")
    assert main([str(path)]) == 0
    assert b"\xff\xfe,1," in capfdbinary.readouterr().out


@pytest.mark.parametrize("command", [main, agreement], ids=["aggregate", "agreement"])
def test_ids_of_any_bytes_are_escaped_in_json(command, told):
    data = TABLE.replace(b"ben", b"\xff\xfe").replace(b"i2", b"\xfd")
    code, out, _ = told(data, "--json", command=command)
    assert code == 0
    assert out.isascii()  # so any reader of JSON can have it
    facts = json.loads(out)
    name = facts["labels"][1][0] if command is main else facts["cohen_kappa"][0]["workers"][1]
    assert name.encode("utf-8", "surrogateescape") in (b"\xfd", b"\xff\xfe")


BOXES = [
    "[[0, 0, 1e308, 1e308]]",
    "[[-1e308, 0, 1e308, 1]]",
    f"[[0, 0, {'9' * 400}, 1]]",
    "[[0, 0, NaN, 1]]",
]


@pytest.mark.parametrize("box", BOXES, ids=["large", "wide", "endless", "nan"])
def test_a_box_beyond_all_pictures_is_refused_by_row_and_column(box, told):
    text = io.StringIO()
    csv.writer(text).writerows([("item", "worker", "label"), ("i", "ada", "[]"), ("i", "ben", box)])
    code, _, problem = told(text.getvalue().encode(), "--type", "boxes")
    assert code == 2
    assert "row 3, column 'label'" in problem


def test_numbers_beyond_all_measures_are_refused_and_large_ones_taken(told):
    code, _, problem = told(TABLE + b"i2,cid,1e308\n", "--type", "number")
    assert code == 2
    assert "row 6, column 'label': '1e308' is larger than 1e+150" in problem
    near = b"".join(b"i%d,u%d,%d\n" % (n % 20, n % 7, n % 3) for n in range(140))
    code, out, _ = told(
        b"item,worker,label\n" + near + b"i3,z,1e99\ni77,z,1e99\n", "--type", "number"
    )
    assert code == 0
    assert "nan" not in out
    assert "inf" not in out


def test_known_numbers_far_from_all_answers_stand_as_they_are():
    said = TypedAnswers.from_codes([0, 0, 1, 1], [0, 1, 0, 1], [1.0, 2.0, 1.5, 2.5])
    found = NumberConsensus().fit(said, {0: 1e99})
    assert found.value_[0] == 1e99
    assert np.isfinite(found.confidence_).all()
    for wrong in (1e308, 10**400, float("nan")):
        with pytest.raises(ValueError, match="label"):
            NumberConsensus().fit(TypedAnswers.from_codes([0], [0], [wrong]))


def test_agreement_of_numbers_has_no_unit():
    item, annotator = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1] * 3)
    numbers = np.array([1.0, 1.1, 2.0, 2.2, 5.0, 4.0])
    usual = alpha_of_numbers(item, annotator, numbers)
    for unit in (1e307, 1e-300):
        scaled = alpha_of_numbers(item, annotator, numbers * unit)
        assert scaled.value == pytest.approx(usual.value)


def test_agreement_names_the_label_that_is_no_number(told):
    code, _, problem = told(TABLE + b"i2,cid,two\n", "--distance", "interval", command=agreement)
    assert code == 2
    assert "label 'two' is none" in problem


@pytest.mark.parametrize("weight", [np.nan, -1.0, np.inf, 1e300])
def test_weights_that_are_none_are_refused(weight):
    with pytest.raises(ValueError, match="weight must hold one number from 0"):
        Answers.from_codes([0, 0], [0, 1], [0, 1], weight=[1.0, weight])


def test_the_heaviest_weights_still_give_beliefs():
    rng = np.random.default_rng(3)
    item, annotator = np.repeat(np.arange(40), 5), np.tile(np.arange(10), 20)
    votes = Answers.from_codes(item, annotator, rng.integers(0, 30, 200), weight=np.full(200, 1e9))
    assert np.isfinite(Auto().fit(votes).posterior_).all()


def test_people_who_never_see_a_winner_leave_all_things_alike():
    two, n = np.arange(20) % 2, 20
    tied = Comparisons(two, 1 - two, np.arange(n) % 5, np.full(n, TIE), 2, 5)
    found = PairwiseConsensus().fit(tied)
    assert found.value_ == pytest.approx([0.0, 0.0], abs=1e-3)


def test_no_class_at_all_is_refused():
    none = TypedAnswers.from_codes([], [], [])
    for classes in (0, None):
        with pytest.raises(ValueError, match="no class"):
            OrdinalConsensus(classes).fit(none)
