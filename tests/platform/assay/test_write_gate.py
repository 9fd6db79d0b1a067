"""SQLite's writers are served in the order of asking, one at a time, and no error leaves the gate shut."""

import multiprocessing
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.utils import ConnectionHandler

from assay.settings.environment import _sqlite
from assay.sqlite.gate import FairLock, WriteGate, gate_for


@pytest.fixture
def handler(tmp_path: Path, django_db_blocker: Any) -> Iterator[ConnectionHandler]:
    """A SQLite database with our backend, apart from the database of the tests."""
    made = ConnectionHandler({"default": _sqlite(tmp_path / "gate.sqlite3")})
    with django_db_blocker.unblock():
        with made["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE counter (value integer CHECK (value < 1000))")
            cursor.execute("INSERT INTO counter VALUES (0)")
        yield made
        made["default"].close()


@pytest.fixture
def database(handler: ConnectionHandler, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The connection of this thread, as ``transaction.atomic`` finds it."""
    monkeypatch.setattr(transaction, "connections", handler)
    return handler["default"]


def gate_is_free(database: Any) -> bool:
    """Whether somebody else can enter now."""
    gate, entered = gate_for(str(database.settings_dict["NAME"])), threading.Event()
    threading.Thread(target=pass_through, args=(gate, entered), daemon=True).start()
    return entered.wait(5)


def pass_through(gate: WriteGate, entered: threading.Event) -> None:
    gate.enter()
    entered.set()
    gate.leave()


def test_waiting_threads_are_served_in_the_order_of_asking() -> None:
    lock, served = FairLock(), []
    lock.acquire()
    threads = []
    for number in range(8):
        thread = threading.Thread(
            target=lambda number=number: (lock.acquire(), served.append(number), lock.release())
        )
        thread.start()
        threads.append(thread)
        while len(lock._waiting) <= number:
            pass
    lock.release()
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_nobody_overtakes_those_who_wait() -> None:
    """The holder asks again at once, as a busy writer does: the one who waited is first all the same."""
    lock, served = FairLock(), []
    lock.acquire()
    waiting = threading.Thread(
        target=lambda: (lock.acquire(), served.append("waited"), lock.release())
    )
    waiting.start()
    while not lock._waiting:
        pass
    lock.release()
    lock.acquire()
    served.append("again")
    lock.release()
    waiting.join()
    assert served == ["waited", "again"]


def test_writers_in_many_threads_lose_nothing(handler: ConnectionHandler, database: Any) -> None:
    def add(times: int) -> None:
        for _ in range(times):
            with transaction.atomic(), handler["default"].cursor() as cursor:
                [value] = cursor.execute("SELECT value FROM counter").fetchone()
                cursor.execute("UPDATE counter SET value = %s", [value + 1])
        handler["default"].close()

    threads = [threading.Thread(target=add, args=(10,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value_of(database) == 60


def value_of(database: Any) -> int:
    with database.cursor() as cursor:
        value: int = cursor.execute("SELECT value FROM counter").fetchone()[0]
        return value


def fail_in_python(database: Any) -> None:
    raise ZeroDivisionError


def fail_in_the_database(database: Any) -> None:
    with database.cursor() as cursor:
        cursor.execute("UPDATE counter SET value = 5000")


def lose_the_connection(database: Any) -> None:
    database.connection.close()
    with database.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize("fail", [fail_in_python, fail_in_the_database, lose_the_connection])
def test_the_gate_opens_after_any_error(database: Any, fail: Any) -> None:
    with pytest.raises((ZeroDivisionError, DatabaseError, sqlite3.Error)), transaction.atomic():
        fail(database)
    assert gate_is_free(database)
    assert value_of(database) == 0


def test_the_gate_opens_when_the_transaction_cannot_begin(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.backends.sqlite3.base import DatabaseWrapper

    def broken(_self: Any) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(DatabaseWrapper, "_start_transaction_under_autocommit", broken)
    with pytest.raises(sqlite3.OperationalError), transaction.atomic():
        pytest.fail("it began")
    assert gate_is_free(database)


def test_a_savepoint_that_fails_keeps_the_gate_for_its_transaction(database: Any) -> None:
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            fail_in_python(database)
        assert database._gate_held is not None
    assert gate_is_free(database)


def hold(path: str, holds: Any, let_go: Any) -> None:
    gate = WriteGate(Path(path))
    gate.enter()
    holds.set()
    let_go.wait(30)
    gate.leave()


def test_processes_exclude_each_other(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    holds, let_go = spawn.Event(), spawn.Event()
    process = spawn.Process(target=hold, args=(str(tmp_path / "gate"), holds, let_go))
    process.start()
    assert holds.wait(30)
    gate, entered = WriteGate(tmp_path / "gate"), threading.Event()
    thread = threading.Thread(target=pass_through, args=(gate, entered))
    thread.start()
    assert not entered.wait(0.3)
    let_go.set()
    assert entered.wait(30)
    thread.join()
    process.join()
