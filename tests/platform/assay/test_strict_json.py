"""JSON that could not be stored and given back unchanged is refused, and the field is named."""

import json

import pytest
from rest_framework.exceptions import ParseError, ValidationError

from assay.strict_json import DEEPEST, LARGEST_INTEGER, parse


@pytest.mark.parametrize(
    "text",
    [
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "-Infinity",
        str(LARGEST_INTEGER + 1),
        "-" + "9" * 5000,
        '{"a": 1, "a": 2}',
        "[" * 100_000,
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "[[" * (DEEPEST + 1) + '"\\u0041"' + "]]" * (DEEPEST + 1),
        '"\x00"',
        "",
        "{",
        "\ufeff{}",
    ],
)
def test_what_is_no_plain_json_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text.encode())


@pytest.mark.parametrize("raw", [b'"\xff"', b'"\xed\xa0\x80"', "{}".encode("utf-16")])
def test_bytes_that_are_not_utf8_are_refused(raw: bytes) -> None:
    with pytest.raises(ParseError):
        parse(raw)


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\udfff"])
def test_characters_that_no_column_holds_are_refused_by_field(escape: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(f'{{"answers": [{{"value": "a{escape}b"}}]}}'.encode())
    assert list(refused.value.detail) == ["answers.0.value"]


def test_they_are_refused_in_names_too() -> None:
    with pytest.raises(ValidationError):
        parse(b'{"a\\u0000": 1}')


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, None, True, "é\u2028😀"]},
        LARGEST_INTEGER,
        -LARGEST_INTEGER,
        1e308,
        "\\u0000 written out",
        [[1]] * 1000,
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_all_else_arrives_unchanged(value: object, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == value
