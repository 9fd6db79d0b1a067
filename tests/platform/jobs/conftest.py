"""Job kinds that exist for one test only."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from jobs import registry
from jobs.registry import Handler

Register = Callable[..., str]


@pytest.fixture
def kind() -> Iterator[Register]:
    """Registers a handler under a name, and forgets it after the test."""
    before = dict(registry._kinds)

    def register(handler: Handler, name: str = "tests.work", **options: Any) -> str:
        registry.job_kind(name, **{"lease": timedelta(seconds=60), **options})(handler)
        return name

    yield register
    registry._kinds.clear()
    registry._kinds.update(before)
