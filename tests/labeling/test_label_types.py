"""Label types: what is an answer, what is none, and adding a type without touching another file."""

import contextlib
import math
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling import label_types
from labeling.label_types import InvalidAnswer, InvalidConfiguration, label_type

CHOICE = label_type("choice")
ANIMALS = CHOICE.check_configuration({"labels": ["cat", {"value": "owl", "key": "o"}]})
PAYLOAD = {"text": "Der 🦉 schläft.", "image": {"width": 64, "height": 48}}
LABELS = {"labels": ["cat", "owl", "dog"]}
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "choice": LABELS,
    "multiple_choice": {**LABELS, "fewest": 1, "most": 2},
    "ordinal": {"labels": ["1", "2", "3", "4", "5"]},
    "number": {"unit": "cm", "min": 0, "max": 10, "step": 0.5},
    "pairwise": {"ties": True},
    "text": {"longest": 40, "lines": True},
    "spans": {"labels": ["bird", "verb"], "most": 3},
    "boxes": {"labels": ["bird"], "most": 3},
}
ANY_TEXT = st.text(st.characters(categories=None)) | st.sampled_from(
    ["cat", "owl", "left", "tie", "3", "bird", "start", "end", "label", "x", "y", "e\u0301\r\n e"]
)
ANY_NUMBER = st.integers() | st.floats() | st.sampled_from([math.nan, math.inf, -0.0, 10**400, 0.3])
JSON = st.recursive(
    st.none() | st.booleans() | ANY_NUMBER | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=10,
)
SMALL = st.integers(-1, 70) | st.floats(-1, 70) | JSON
SPAN = st.fixed_dictionaries({"start": SMALL, "end": SMALL, "label": st.just("bird") | JSON})
SIDES = dict.fromkeys(("x", "y", "width", "height"), SMALL)
BOX = st.fixed_dictionaries(
    {**SIDES, "label": st.just("bird") | JSON}, optional={"rotation": st.just(0) | JSON}
)
LIKELY = (
    st.lists(st.sampled_from(["cat", "owl", "dog"]) | JSON, max_size=4)
    | st.lists(SPAN, max_size=4)
    | st.lists(BOX, max_size=4)
    | st.floats(0, 10)
)


def of(name: str) -> tuple[Any, dict[str, Any]]:
    kind = label_type(name)
    return kind, kind.check_configuration(CONFIGURATIONS[name])


def canonical(name: str, value: Any) -> Any:
    kind, configuration = of(name)
    return kind.canonical(configuration, value, PAYLOAD).value


def agrees(name: str, value: Any, known: Any) -> bool:
    kind, configuration = of(name)
    return kind.agrees(configuration, canonical(name, value), canonical(name, known))


def wrong_field(name: str, value: Any) -> str:
    with pytest.raises(InvalidAnswer) as wrong:
        canonical(name, value)
    return wrong.value.field


def test_every_type_is_tested_here() -> None:
    assert set(label_types.label_types()) == set(CONFIGURATIONS)


def test_labels_may_be_plain_texts() -> None:
    assert ANIMALS == {"labels": [{"value": "cat"}, {"value": "owl", "key": "o"}]}
    assert CHOICE.label_values(ANIMALS) == ["cat", "owl"]


def test_an_answer_is_one_of_the_labels() -> None:
    answer = CHOICE.canonical(ANIMALS, "owl", {})
    assert (answer.value, answer.label_code) == ("owl", 1)
    assert CHOICE.agrees(ANIMALS, answer.value, "owl")
    assert not CHOICE.agrees(ANIMALS, answer.value, "cat")


@pytest.mark.parametrize("name", CONFIGURATIONS)
@settings(max_examples=50)
@given(value=JSON | LIKELY)
def test_anything_is_an_answer_or_an_invalid_answer(name, value) -> None:
    kind, configuration = of(name)
    with contextlib.suppress(InvalidAnswer):  # and nothing else
        once = kind.canonical(configuration, value, PAYLOAD)
        assert kind.canonical(configuration, once.value, PAYLOAD) == once
        assert kind.agrees(configuration, once.value, once.value)


@pytest.mark.parametrize("name", CONFIGURATIONS)
@settings(max_examples=50)
@given(payload=JSON, value=LIKELY | JSON)
def test_any_payload_is_borne(name, payload, value) -> None:
    kind, configuration = of(name)
    with contextlib.suppress(InvalidAnswer):
        kind.canonical(configuration, value, payload)


@pytest.mark.parametrize("name", CONFIGURATIONS)
@settings(max_examples=50)
@given(text=ANY_TEXT | st.just("[" * 100_000))
def test_any_cell_and_any_form_is_read_or_refused(name, text) -> None:
    kind, configuration = of(name)
    with contextlib.suppress(InvalidAnswer):
        kind.canonical(configuration, kind.from_text(configuration, text), PAYLOAD)
    fields = {field: [text, "3"] for field in ("value", "label", *SIDES, "start", "end")}
    with contextlib.suppress(InvalidAnswer):
        kind.canonical(configuration, kind.from_form(configuration, fields), PAYLOAD)


@pytest.mark.parametrize("name", CONFIGURATIONS)
@settings(max_examples=50)
@given(value=JSON, data=st.data())
def test_any_configuration_is_taken_or_refused(name, value, data) -> None:
    kind, configuration = of(name)
    field = data.draw(st.sampled_from([*configuration, "labels", "surprise"]))
    for given_one in (value, {**configuration, field: value}, {"labels": [value, "x"]}):
        with contextlib.suppress(InvalidConfiguration):  # and nothing else
            checked = kind.check_configuration(given_one)
            assert kind.check_configuration(checked) == checked


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("multiple_choice", "cat", "value"),
        ("multiple_choice", [], "value"),
        ("multiple_choice", ["cat", "owl", "dog"], "value"),
        ("multiple_choice", ["cat", "cat"], "value"),
        ("multiple_choice", ["cat", "cow"], "value.1"),
        ("ordinal", 3, "value"),
        ("ordinal", "6", "value"),
        ("number", "3", "value"),
        ("number", True, "value"),
        ("number", math.nan, "value"),
        ("number", 10**400, "value"),
        ("number", -0.5, "value"),
        ("number", 10.5, "value"),
        ("number", 0.3, "value"),
        ("pairwise", "both", "value"),
        ("text", 3, "value"),
        ("text", "   ", "value"),
        ("text", "a\0b", "value"),
        ("text", "a\ud800b", "value"),
        ("text", "long " * 9, "value"),
        ("text", "x" + "\u0301" * 31, "value"),
        ("spans", {}, "value"),
        ("spans", [{"start": 0, "end": 3}], "value.0.label"),
        ("spans", [{"start": 0, "end": 3, "label": "cow"}], "value.0.label"),
        ("spans", [{"start": 0, "end": 15, "label": "bird"}], "value.0.end"),
        ("spans", [{"start": 14, "end": 15, "label": "bird"}], "value.0.start"),
        ("spans", [{"start": 3, "end": 3, "label": "bird"}], "value.0.end"),
        ("spans", [{"start": 0, "end": 1e400, "label": "bird"}], "value.0.end"),
        ("spans", [{"start": 0.5, "end": 3, "label": "bird"}], "value.0.start"),
        ("spans", [{"start": 0, "end": 3, "label": "bird", "why": 1}], "value.0.why"),
        ("spans", [{"start": 0, "end": n, "label": "bird"} for n in (1, 2)], "value.1.start"),
        ("spans", [{}] * 4, "value"),
        ("boxes", [{"x": 0, "y": 0, "width": 65, "height": 1, "label": "bird"}], "value.0.width"),
        ("boxes", [{"x": -1, "y": 0, "width": 5, "height": 1, "label": "bird"}], "value.0.x"),
        ("boxes", [{"x": 0, "y": 48, "width": 5, "height": 1, "label": "bird"}], "value.0.y"),
        ("boxes", [{"x": 0, "y": 0, "width": 5, "height": 0, "label": "bird"}], "value.0.height"),
        ("boxes", [{"x": 0, "y": 0, "width": 5, "height": 1}], "value.0.label"),
        (
            "boxes",
            [{"x": 0, "y": 0, "width": 5, "height": 1, "label": "bird", "rotation": 90}],
            "value.0.rotation",
        ),
    ],
)
def test_what_is_wrong_is_named(name, value, field) -> None:
    assert wrong_field(name, value) == field


@pytest.mark.parametrize(
    ("name", "configuration", "field"),
    [
        ("multiple_choice", {**LABELS, "fewest": 3, "most": 2}, "most"),
        ("multiple_choice", {**LABELS, "most": True}, "most"),
        ("ordinal", {**LABELS, "tolerance": 3}, "tolerance"),
        ("ordinal", {"labels": ["a", {"value": ""}]}, "labels.1.value"),
        ("number", {"min": 5, "max": 5}, "max"),
        ("number", {"step": 0}, "step"),
        ("number", {"min": math.nan}, "min"),
        ("number", {"unit": ""}, "unit"),
        ("number", {"digits": 3}, "configuration.digits"),
        ("pairwise", {"left": "a", "right": "a"}, "right"),
        ("pairwise", {"ties": 1}, "ties"),
        ("text", {"shortest": 9, "longest": 5}, "longest"),
        ("text", {"longest": 10**9}, "longest"),
        ("spans", {"labels": []}, "labels"),
        ("spans", {"labels": ["a"], "field": 3}, "field"),
        ("boxes", {"labels": ["a"], "overlap": 0}, "overlap"),
        ("boxes", {"labels": ["a", "\ud800"]}, "labels.1.value"),
    ],
)
def test_what_is_wrong_with_a_configuration_is_named(name, configuration, field) -> None:
    with pytest.raises(InvalidConfiguration) as wrong:
        label_type(name).check_configuration(configuration)
    assert wrong.value.field == field


def span(start: int, end: int, label: str = "bird") -> dict[str, Any]:
    return {"start": start, "end": end, "label": label}


def box(x: float, y: float, width: float, height: float) -> dict[str, Any]:
    return {"x": x, "y": y, "width": width, "height": height, "label": "bird"}


def test_equal_answers_become_equal() -> None:
    assert canonical("multiple_choice", ["dog", "cat"]) == ["cat", "dog"]
    assert repr(canonical("number", 3.0)) == "3"
    assert repr(canonical("number", -0.0)) == "0"
    assert canonical("text", "  e\u0301t  e\r\n\tx ") == "\u00e9t e\nx"
    assert canonical("spans", [span(6, 9, "verb"), span(0, 3), span(0, 3)]) == [
        span(0, 3),
        span(6, 9, "verb"),
    ]
    assert canonical("boxes", [box(3, 1, 2.001, 9), box(1.0, 1, 2, 9)]) == [
        box(1, 1, 2, 9),
        box(3, 1, 2, 9),
    ]


def test_spans_count_code_points() -> None:
    [found] = canonical("spans", [span(4, 5)])
    assert PAYLOAD["text"][found["start"] : found["end"]] == "🦉"


def test_spans_may_overlap_where_allowed() -> None:
    kind = label_type("spans")
    configuration = kind.check_configuration({"labels": ["bird", "verb"], "overlaps": True})
    said = [span(0, 5), span(3, 8, "verb")]
    assert kind.canonical(configuration, said, PAYLOAD).value == said


def test_rotation_zero_is_a_box() -> None:
    assert canonical("boxes", [{**box(1, 1, 2, 3), "rotation": 0}]) == [box(1, 1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "near", "far", "known"),
    [
        ("multiple_choice", ["owl", "cat"], ["cat"], ["cat", "owl"]),
        ("ordinal", "4", "5", "3"),
        ("number", 5.5, 6, 5),
        ("pairwise", "tie", "left", "tie"),
        ("text", "a b c d e f g h i, J!", "a b c d e f g h", "A b c d e f g h i"),
        ("spans", [span(0, 9)], [span(0, 9, "verb")], [span(0, 10)]),
        ("boxes", [box(1, 0, 9, 10)], [box(5, 0, 9, 10)], [box(0, 0, 10, 10)]),
    ],
)
def test_agreement_has_the_tolerance_of_the_type(name, near, far, known) -> None:
    assert agrees(name, near, known)
    assert not agrees(name, far, known)


def test_cells_and_forms_are_read() -> None:
    kind, configuration = of("multiple_choice")
    assert kind.from_text(configuration, "cat | owl") == ["cat", "owl"]
    assert kind.from_text(configuration, '["cat"]') == ["cat"]
    assert kind.from_form(configuration, {"value": ["owl"]}) == ["owl"]
    kind, configuration = of("number")
    assert kind.from_form(configuration, {"value": [" 2.5"]}) == 2.5
    kind, configuration = of("spans")
    rows = {"label": ["bird", "bird"], "start": ["0", ""], "end": ["3", ""]}
    assert kind.from_form(configuration, rows) == [span(0, 3)]


def test_a_form_with_an_incomplete_row_is_refused() -> None:
    kind, configuration = of("spans")
    with pytest.raises(InvalidAnswer) as wrong:
        kind.from_form(configuration, {"label": ["bird"], "start": ["0"], "end": [""]})
    assert wrong.value.field == "value.0.end"


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(InvalidConfiguration, match="label_type"):
        label_type("telepathy")


TOY = """
from labeling.label_types.base import CanonicalAnswer, LabelType

class Toy(LabelType):
    name = "toy"
    def check_configuration(self, configuration): return configuration
    def label_values(self, configuration): return []
    def canonical(self, configuration, value, payload): return CanonicalAnswer(value)
    def agrees(self, configuration, value, known): return value == known

label_type = Toy()
"""


def test_a_new_type_is_a_new_folder_and_nothing_else(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "__init__.py").write_text(TOY)
    monkeypatch.setattr(label_types, "__path__", [*label_types.__path__, str(tmp_path)])
    label_types.label_types.cache_clear()
    try:
        assert set(label_types.label_types()) >= {"choice", "toy"}
        toy = label_type("toy")
        assert toy.canonical({}, 3, {}).value == 3
        assert toy.from_form({}, {"value": ["three"]}) == "three"
    finally:
        label_types.label_types.cache_clear()
        sys.modules.pop("labeling.label_types.toy", None)
