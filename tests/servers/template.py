"""A PostgreSQL database with all tables and no rows: made once a run, copied by whoever needs a fresh one."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from servers import assay

VARIABLE = "ASSAY_TEST_TEMPLATE"  # its name, for all processes of a run
TURN = 60121  # whoever holds this lock of the server makes it


def beside(server_url: str, name: str) -> str:
    """URL of another database on the server."""
    return server_url.rsplit("/", 1)[0] + f"/{name}"


def ensure(server_url: str, name: str) -> None:
    """Make it, unless another process of the run has."""
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [TURN])
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _make(admin, server_url, name)


def _make(admin: "psycopg.Connection[tuple[object, ...]]", server_url: str, name: str) -> None:
    admin.execute(f'CREATE DATABASE "{name}_unfinished"')
    with tempfile.TemporaryDirectory() as home:
        environ = assay.environment(
            Path(home), DATABASE_URL=beside(server_url, f"{name}_unfinished")
        )
        done = assay.run("migrate", "--verbosity=0", environ=environ)
    assert done.returncode == 0, done.stderr
    admin.execute(f'ALTER DATABASE "{name}_unfinished" RENAME TO "{name}"')


def drop(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as admin:
        for left in (name, f"{name}_unfinished"):
            admin.execute(f'DROP DATABASE IF EXISTS "{left}" WITH (FORCE)')


@contextmanager
def copy(server_url: str, template: str, name: str) -> Iterator[str]:
    """URL of a copy; dropped at the end, whoever is still connected."""
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield beside(server_url, name)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
