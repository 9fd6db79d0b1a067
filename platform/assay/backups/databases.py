"""The database as one file, and back: SQLite by its online backup, PostgreSQL by its own tools."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from assay.backups import BackupProblem

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def kind() -> str:
    """``sqlite`` or ``postgresql``."""
    return connection.vendor


def dump(target: Path) -> None:
    """A consistent copy, while the site runs. Raises BackupProblem."""
    if kind() == "sqlite":
        _copy_sqlite(Path(connection.settings_dict["NAME"]), target)
    else:
        _run("pg_dump", ["--format=custom", "--no-owner", f"--file={target}"])


def require_empty() -> None:
    """Raises BackupProblem when there is a database already: a restore never writes over anything."""
    if kind() == "sqlite":
        taken = Path(connection.settings_dict["NAME"]).exists()
        where = str(connection.settings_dict["NAME"])
    else:
        taken, where = bool(connection.introspection.table_names()), "the database"
    if taken:
        raise BackupProblem(
            f"{where} is not empty. A restore only fills an empty place: "
            "choose another ASSAY_HOME or DATABASE_URL, or move the old one away."
        )


def load(source: Path) -> None:
    """Put the copy in place, whole or not at all. Raises BackupProblem."""
    if kind() == "sqlite":
        source.replace(connection.settings_dict["NAME"])
    else:
        _run(
            "pg_restore",
            ["--single-transaction", "--exit-on-error", "--no-owner"],
            last=[str(source)],
        )


def _copy_sqlite(source: Path, target: Path) -> None:
    """In one step: a reader in WAL mode sees one instant and holds up nobody."""
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            [(said,)] = new.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.Error as error:
        raise BackupProblem(f"{source} cannot be copied: {error}") from error
    if said != "ok":
        raise BackupProblem(f"{source} is damaged: {said}")


def _run(tool: str, arguments: Sequence[str], last: Sequence[str] = ()) -> None:
    program = shutil.which(tool)
    if program is None:
        raise BackupProblem(
            f"{tool} is not installed here. On Debian: sudo apt-get install postgresql-client"
        )
    place, secrets = _connection_arguments(connection.settings_dict)
    done = subprocess.run(  # noqa: S603  (our own words only)
        [program, *place, *arguments, *last],
        env={**os.environ, **secrets},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupProblem(f"{tool} failed: {done.stderr.strip()[-1000:]}")


def _connection_arguments(settings: dict[str, Any]) -> tuple[list[str], dict[str, str]]:
    """As Django passes them to psql; the password goes by the environment, where ``ps`` does not show it."""
    (_, *options, name), secrets = DatabaseClient.settings_to_cmd_args_env(settings, [])
    return [*options, f"--dbname={name}"], dict(secrets or {})
