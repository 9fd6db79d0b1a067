"""A log line cannot be broken out of, and holds no secret."""

import io
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from assay.logs import _formatter


@pytest.fixture
def lines() -> Iterator[Callable[[], list[str]]]:
    """What was logged, through the formatter of the real configuration."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter())
    logger = logging.getLogger("tests")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield lambda: stream.getvalue().splitlines()
    logger.removeHandler(handler)


def test_an_event_is_one_line_with_its_ids(lines) -> None:
    structlog.get_logger("tests").info("job_done", job=7, kind="quality.refit")
    [line] = lines()
    assert line.endswith(" info job_done job=7 kind=quality.refit")


@pytest.mark.parametrize(
    "evil", ["a\nb", "a\r\nb", "\x1b[31m", "\u2028", "\x85", "a b", 'x" injected="1', "\0"]
)
def test_no_value_breaks_out_of_its_place(lines, evil: str) -> None:
    structlog.get_logger("tests").info("refused", name=evil)
    logging.getLogger("tests").info("%s", evil)
    first, second = lines()
    assert first.isascii()
    assert first.isprintable()
    assert second.isprintable()
    assert " injected=" not in first.replace('\\" injected=', "")


def test_secrets_are_taken_out(lines) -> None:
    structlog.get_logger("tests").info(
        "connected",
        url="redis://:hunter2@host/0",
        password="hunter2",
        api_key="hunter2",
        token="hunter2",
    )
    logging.getLogger("tests").info("Connected to redis://user:hunter2@host")
    assert "hunter2" not in "".join(lines())
    assert "token=7" in render(lines, token=7)  # a job's fence is no secret


def render(lines, **values: object) -> str:
    structlog.get_logger("tests").info("event", **values)
    return str(lines()[-1])


def test_an_error_is_told_by_type_first_line_and_places(lines) -> None:
    def fail() -> None:
        raise ValueError("bad row\nDETAIL: ada@example.org")

    try:
        fail()
    except ValueError:
        structlog.get_logger("tests").exception("import_failed")
    [line] = lines()
    assert 'error=ValueError said="bad row"' in line
    assert ":fail" in line
    assert "ada@" not in line
