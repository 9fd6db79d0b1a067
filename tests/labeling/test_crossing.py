"""Turns that wait for one writer share a transaction, and nobody hears of theirs before it is committed."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

import factories
from labeling.models import Project
from labeling.services.fast import crossing
from labeling.services.fast.crossing import Ferry
from together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ends_soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The thread and its connection, so that neither outlives the test."""
    monkeypatch.setattr(crossing, "IDLE", 0.05)
    yield
    for thread in threading.enumerate():
        if thread.name == "ferry":
            thread.join(60)
            assert not thread.is_alive()


def this_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


class Pier:
    """A trip that is under way until ``n`` others wait, who then go together."""

    def __init__(self, n: int) -> None:
        self.ferry: Ferry[Any] = Ferry()
        self._others, self._left = n, threading.Event()

    def first(self) -> Any:
        return self.ferry.take(self._wait_for_others)

    def _wait_for_others(self) -> int:
        self._left.set()
        for _ in range(6000):  # a minute is for ever
            if len(self.ferry._line) > self._others:
                return this_transaction()
            time.sleep(0.01)
        raise AssertionError("nobody came")

    def other(self, act: Callable[[], Any]) -> Any:
        assert self._left.wait(60)
        try:
            return self.ferry.take(act)
        except RuntimeError as error:
            return str(error)


def test_who_comes_meanwhile_goes_together() -> None:
    pier = Pier(4)
    first, *others = together([pier.first, *[lambda: pier.other(this_transaction)] * 4])
    assert len(set(others)) == 1
    assert first not in others
    assert pier.ferry._line == []


def test_a_transaction_that_fails_keeps_nothing_of_anybody(organization) -> None:
    def sink() -> None:
        raise RuntimeError("the ship sinks")

    pier = Pier(3)
    stored = [lambda: pier.other(lambda: factories.project(organization).name)] * 2
    _, *told = together([pier.first, *stored, lambda: pier.other(sink)])
    assert sorted(told, key=str) == [None, None, "the ship sinks"]
    assert not Project.objects.exists()
    assert pier.ferry._line == []


def test_what_fails_in_its_own_savepoint_takes_nothing_with_it(organization) -> None:
    ferry: Ferry[str] = Ferry()

    def store_and_give_up() -> str:
        try:
            with transaction.atomic():
                factories.project(organization, name="never")
                raise ValueError
        except ValueError:
            return "gave up"

    def store(name: str) -> Callable[[], str]:
        return lambda: factories.project(organization, name=name).name

    together(
        [lambda act=act: ferry.take(act) for act in (store("a"), store_and_give_up, store("b"))]
    )
    assert sorted(Project.objects.values_list("name", flat=True)) == ["a", "b"]


def test_after_a_rest_the_next_who_comes_is_taken_too() -> None:
    ferry: Ferry[threading.Thread] = Ferry()
    boat = ferry.take(threading.current_thread)
    assert boat
    boat.join(60)
    assert not boat.is_alive()
    assert ferry.take(threading.current_thread) not in (None, boat)


def test_what_fails_is_told_to_whose_it_is_and_the_next_is_taken() -> None:
    def fail() -> None:
        raise RuntimeError("a hole")

    ferry: Ferry[Any] = Ferry()
    with pytest.raises(RuntimeError, match="a hole"):
        ferry.take(fail)
    assert ferry.take(lambda: "over") == "over"
