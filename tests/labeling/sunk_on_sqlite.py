"""Run by test_on_sqlite in a process of its own: SQLite undoes the whole transaction while a second turn is under way.

As it may when the disk is full. Says how many of the two turns were told that they are stored, and how many answers
there are. With the word "broken", the engine does not notice that its savepoint is gone.
"""

import os
import sqlite3
import sys
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(word: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from labeling.services.fast import sqlite

    call_command("migrate", verbosity=0)
    first, second = turns()
    if word == "broken":
        sqlite._undo = lambda _driver: None

    def both() -> list[bool]:
        return [sqlite._attempt(first, sqlite.chances(first)) is not None, sink()]

    def sink() -> bool:
        work = sqlite._Till.work
        sqlite._Till.work = undone_by_the_disk
        try:
            return sqlite._attempt(second, sqlite.chances(second)) is not None
        finally:
            sqlite._Till.work = work

    try:
        told = sqlite._ferry.take(both) or []
    except sqlite3.Error:
        told = []
    connection.close()
    sys.stdout.write(f"{sum(told)} {stored()}\n")


def undone_by_the_disk(till) -> None:
    till.driver.execute("ROLLBACK")
    raise sqlite3.OperationalError("database or disk is full")


def turns():
    """Of two people, who each hand in one answer."""
    import factories
    from accounts.services import create_token
    from at_work import crowd, open_items
    from labeling.services.claiming import claim
    from labeling.services.fast import Given, Turn

    project = factories.project(factories.organization(), gold_share=0.0)
    open_items(project, 2, seats=2)
    for person in crowd(project, 2):
        [seat] = claim(project, person, 1).assignments
        given = [Given(seat.public_id, uuid.uuid4(), '"owl"', 1, None)]
        yield Turn(create_token(person).token.digest, project.public_id, 1, given)


def stored() -> int:
    from labeling.models import Answer

    return Answer.objects.count()


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "tests")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings.test")
    import django

    django.setup()
    main(*sys.argv[1:])
