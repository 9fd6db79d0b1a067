"""What labelling functions vote, and that no pattern can hold the platform up."""

import contextlib
import time
from pathlib import Path

import pytest

from labeling.errors import Refused
from learning.children import started
from learning.functions import kinds
from learning.functions.kinds import FunctionBroken, check, votes
from learning.functions.searching import TooSlow, found

LABELS = ["spam", "ham"]


def texts(*given):
    return [{"text": text} for text in given]


def test_keywords_are_whole_words_in_any_case():
    rule = {"field": "text", "words": ["win", "C++"], "label": "spam"}
    payloads = [*texts("WIN now", "window", "learn c++ today", ""), {}]
    assert votes("keyword", rule, payloads) == ["spam", None, "spam", None, None]


def test_a_pattern_is_searched_in_the_text():
    rule = {"field": "text", "pattern": r"\d{3}-\d{3}", "label": "spam"}
    assert votes("pattern", rule, texts("call 555-123", "call me")) == ["spam", None]


def test_a_threshold_looks_at_numbers_only():
    rule = {"field": "n", "above": 2, "below": 5, "label": "ham"}
    payloads = [{"n": 3}, {"n": 2}, {"n": 9}, {"n": "3"}, {"n": True}, {"n": float("nan")}, {}]
    assert votes("threshold", rule, payloads) == ["ham", *[None] * 6]


def test_a_pattern_that_explodes_is_stopped():
    started = time.monotonic()
    with pytest.raises(TooSlow, match="make it simpler"):
        found(r"(a+)+$", ["a" * 40 + "b"], seconds=1.0)
    assert time.monotonic() - started < 30  # by itself it would take days


def shout(payload):
    return "spam" if payload["text"].isupper() else None


def fails(payload):
    return payload["nothing"]


def test_python_is_called_only_when_the_administrator_allows_it(settings):
    path = "bad_functions.shout"
    with pytest.raises(FunctionBroken, match="not on the administrator's list"):
        votes("python", {"path": path}, texts("HELLO"))
    settings.ALLOWED_PYTHON = (path,)
    assert votes("python", {"path": path}, texts("HELLO", "hello")) == ["spam", None]


def alive_in(group):
    """Whether anything runs that the process had started, itself among it; what waits to be reaped does not."""
    fields = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields.append(stat.read_text().rpartition(")")[2].split())
    return any(int(of_group) == group and state != "Z" for state, _, of_group, *_ in fields)


@pytest.mark.parametrize(
    ("name", "says"),
    [("fails", "KeyError"), ("leaves", "SystemExit"), ("hangs", "not come to an end within 1 s")],
)
def test_python_that_fails_leaves_or_hangs_says_so(settings, monkeypatch, name, says):
    settings.ALLOWED_PYTHON = ("bad_functions.",)
    monkeypatch.setattr(kinds, "PYTHON_SECONDS", 1.0 if name == "hangs" else 30.0)
    children = []
    monkeypatch.setattr(
        "learning.children.started", lambda of: children.append(started(of)) or children[-1]
    )
    with pytest.raises(FunctionBroken, match=says):
        votes("python", {"path": f"bad_functions.{name}"}, texts("x"))
    for _ in range(100):  # killed; the system takes a moment to end them
        if not alive_in(children[0].pid):
            break
        time.sleep(0.02)
    assert not alive_in(children[0].pid)


@pytest.mark.parametrize(
    ("kind", "parameters", "field"),
    [
        ("magic", {}, "kind"),
        ("keyword", {"field": "text", "words": ["x"]}, "parameters"),
        ("keyword", {"field": "text", "words": [], "label": "spam"}, "parameters.words"),
        ("keyword", {"field": "text", "words": ["x"], "label": "eggs"}, "parameters.label"),
        ("pattern", {"field": "text", "pattern": "(", "label": "spam"}, "parameters.pattern"),
        (
            "pattern",
            {"field": "text", "pattern": "x" * 2000, "label": "spam"},
            "parameters.pattern",
        ),
        ("threshold", {"field": "n", "label": "ham"}, "parameters"),
        ("threshold", {"field": "n", "above": "3", "label": "ham"}, "parameters"),
        ("python", {"path": "os.system"}, "parameters.path"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_by_name(kind, parameters, field):
    with pytest.raises(Refused) as refused:
        check(kind, parameters, LABELS)
    assert refused.value.field == field
