"""Scenes that stand for all tests of a module: made once, and what a test changes is rolled back after it.

    @pytest.fixture(scope="module")
    def scene(django_db_setup, django_db_blocker):
        with standing(django_db_blocker):
            yield crowd_at_work.play(...)

Not for modules with tests that commit (``transaction=True``): they empty the tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def standing(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Each test's own transaction is a savepoint within this one, which is rolled back at the end."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
