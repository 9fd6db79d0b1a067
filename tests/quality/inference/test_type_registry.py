import json
import math

import pytest

from quality.inference.type_registry import TYPES

FILES = {
    "ordinal": "item,worker,label\n1,ada,1\n1,ben,2\n2,ada,3\n2,ben,3\n",
    "number": "item,worker,label\n1,ada,1.5\n1,ben,2\n2,ada,30\n2,ben,33\n",
    "pairwise": "left,right,worker,label\na,b,ada,a\nb,c,ben,b\na,c,ben,tie\n",
    "text": "item,worker,label\n1,ada,one two\n1,ben,one two\n2,ada,x\n2,ben,y\n",
    "spans": 'item,worker,label\n1,ada,"[[0, 4]]"\n1,ben,"[[1, 4]]"\n2,ada,[]\n',
    "boxes": 'item,worker,label\n1,ada,"[[0, 0, 4, 4]]"\n1,ben,"[[0, 0, 4, 5]]"\n2,ada,[]\n',
}
LABELS = {
    "ordinal": ("1", "3"),
    "number": ("1.5", "33"),
    "pairwise": ("a", "b"),
    "text": ("one two", "two"),
    "spans": ("[[0, 4]]", "[[1, 4]]"),
    "boxes": ("[[0, 0, 4, 4]]", "[[0, 0, 4, 5]]"),
}


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "answers.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("name", TYPES)
def test_every_type_goes_from_a_file_to_finite_rows(name, write):
    result = TYPES[name].aggregate(write(FILES[name]))
    assert len(result.items) == (3 if name == "pairwise" else 2)
    assert [row.person for row in result.people] == ["ada", "ben"]
    assert all(0 <= row.confidence <= 1 for row in result.items)
    assert all(row.answers >= 1 for row in result.items)
    for row in result.people:
        assert 0 <= row.low <= row.reliability <= row.high <= 1


@pytest.mark.parametrize("name", TYPES)
def test_every_type_has_rows_for_no_answers(name, write):
    result = TYPES[name].aggregate(write(FILES[name].splitlines()[0] + "\n"))
    assert result.items == []
    assert result.people == []


@pytest.mark.parametrize("name", sorted(set(TYPES) - {"pairwise"}))
def test_labels_can_be_read_back_as_answers(name, write):
    for row in TYPES[name].aggregate(write(FILES[name])).items:
        TYPES[name].parse(row.label)
    if name in ("spans", "boxes"):
        assert json.loads(row.label) == []


@pytest.mark.parametrize("name", TYPES)
def test_every_distance_is_symmetric_and_zero_for_equal_labels(name):
    label_type = TYPES[name]
    a, b = (label_type.parse(text) for text in LABELS[name])
    assert label_type.distance(a, a) == 0.0
    assert label_type.distance(a, b) == label_type.distance(b, a) > 0.0
    assert math.isfinite(label_type.distance(a, b))


@pytest.mark.parametrize("name", TYPES)
def test_the_order_of_lines_does_not_matter(name, write):
    header, *lines = FILES[name].splitlines()
    there = TYPES[name].aggregate(write("\n".join([header, *lines])))
    back = TYPES[name].aggregate(write("\n".join([header, *lines[::-1]])))
    for a, b in zip(there.items, back.items, strict=True):
        assert a.item == b.item
        assert a.confidence == pytest.approx(b.confidence, abs=1e-3)
