"""Label types: single choice, and adding one without touching another file."""

import contextlib
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling import label_types
from labeling.label_types import InvalidAnswer, InvalidConfiguration, label_type

CHOICE = label_type("choice")
ANIMALS = CHOICE.check_configuration({"labels": ["cat", {"value": "owl", "key": "o"}]})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def test_labels_may_be_plain_texts() -> None:
    assert ANIMALS == {"labels": [{"value": "cat"}, {"value": "owl", "key": "o"}]}
    assert CHOICE.label_values(ANIMALS) == ["cat", "owl"]


def test_an_answer_is_one_of_the_labels() -> None:
    answer = CHOICE.canonical(ANIMALS, "owl", {})
    assert (answer.value, answer.label_code) == ("owl", 1)
    assert CHOICE.agrees(ANIMALS, answer.value, "owl")
    assert not CHOICE.agrees(ANIMALS, answer.value, "cat")


@given(JSON)
def test_anything_else_is_an_invalid_answer(value) -> None:
    if value in ("cat", "owl"):
        return
    with pytest.raises(InvalidAnswer):
        CHOICE.canonical(ANIMALS, value, {})


@given(JSON)
def test_any_configuration_is_taken_or_refused(value) -> None:
    for configuration in (value, {"labels": value}, {"labels": [value, "x"]}):
        with contextlib.suppress(InvalidConfiguration):  # and nothing else
            checked = CHOICE.check_configuration(configuration)
            assert CHOICE.check_configuration(checked) == checked


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(InvalidConfiguration, match="label_type"):
        label_type("telepathy")


TOY = """
from labeling.label_types.base import CanonicalAnswer

class Toy:
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
        assert label_type("toy").canonical({}, 3, {}).value == 3
    finally:
        label_types.label_types.cache_clear()
        sys.modules.pop("labeling.label_types.toy", None)
