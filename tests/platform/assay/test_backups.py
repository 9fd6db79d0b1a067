"""A site is backed up and comes back in another place, row by row and byte by byte."""

import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from PIL import Image

from assay.backups import BackupProblem
from assay.backups.archive import unpack, writing
from servers import assay
from servers.postgres import _binaries
from servers.template import copy


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.tar"


MANY = """
import json, sys
from assay.__main__ import main
sys.exit(max(main(command) for command in json.loads(sys.argv[1])))
"""


def run(*commands: list[str], home: Path, **variables: str) -> str:
    """Commands one after the other in one process; what they wrote."""
    done = in_process(commands, home, variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refusal(*commands: list[str], home: Path, **variables: str) -> str:
    done = in_process(commands, home, variables)
    assert done.returncode == 69
    assert "Traceback" not in done.stderr
    return done.stderr


def in_process(
    commands: Sequence[list[str]], home: Path, variables: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", "-c", MANY, json.dumps(commands)],
        env=assay.environment(home, **variables),
        capture_output=True,
        text=True,
        check=False,
    )


def a_site(pictures: Path) -> list[list[str]]:
    """The commands that make a project with three pictures."""
    with zipfile.ZipFile(pictures, "w") as archive:
        for n in range(3):
            png = io.BytesIO()
            Image.new("L", (8, 8), 40 * n).save(png, "PNG")
            archive.writestr(f"{n}.png", png.getvalue())
    return [
        ["migrate", "--verbosity=0"],
        ["project", "create", "--name", "Owls", "--labels", "cat,owl", "--json"],
        ["import", "Owls", str(pictures), "--json"],
    ]


def files(home: Path) -> dict[str, bytes]:
    names = [path for path in (home / "media").rglob("*") if path.is_file()]
    return {str(p.relative_to(home)): p.read_bytes() for p in [*names, home / "secret-key"]}


def rows(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def test_a_site_on_sqlite_comes_back_as_it_was(home: Path, file: Path, tmp_path: Path) -> None:
    backup, restore = ["backup", str(file), "--json"], ["restore", str(file), "--json"]
    said = run(*a_site(tmp_path / "pictures.zip"), backup, home=home)
    facts = json.loads(said.splitlines()[-1])
    assert facts["database"] == "sqlite"
    assert facts["media_files"] >= 3  # the pictures, and what else the store keeps
    assert file.stat().st_mode & 0o077 == 0

    other = tmp_path / "other"
    run(restore, home=other)
    assert rows(other / "assay.sqlite3") == rows(home / "assay.sqlite3")
    assert files(other) == files(home)

    said = refusal(restore, backup, home=other)
    assert "is not empty" in said
    assert "exists already" in said
    assert json.loads(run(["project", "show", "Owls", "--json"], home=other))["items"] == 3


@pytest.mark.nightly
def test_a_site_on_postgresql_comes_back_as_it_was(
    home: Path, file: Path, tmp_path: Path, fresh_database: str, postgres_url: str
) -> None:
    tools = {"PATH": f"{_binaries()}:{os.environ['PATH']}"}
    backup, restore = ["backup", str(file)], ["restore", str(file)]
    pictures = tmp_path / "pictures.zip"
    run(*a_site(pictures), backup, home=home, DATABASE_URL=fresh_database, **tools)
    assert "holds a postgresql database" in refusal(restore, home=tmp_path / "lite")
    with copy(postgres_url, "template1", f"assay_{uuid.uuid4().hex[:12]}") as url:
        other = {"DATABASE_URL": url, **tools}
        run(restore, home=tmp_path / "other", **other)
        assert counts(url) == counts(fresh_database)
        assert files(tmp_path / "other") == files(home)
        assert "is not empty" in refusal(restore, home=tmp_path / "third", **other)
    bare = {"DATABASE_URL": fresh_database, "PATH": str(tmp_path)}
    assert "pg_dump is not installed" in refusal(["backup", f"{file}2"], home=home, **bare)


def counts(url: str) -> dict[str, object]:
    """Each table's rows, as one checksum."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        count = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
        return {
            name: connection.execute(count.format(f'"{name}"')).fetchone()  # type: ignore[arg-type]
            for (name,) in tables
        }


@pytest.fixture
def archive(file: Path, tmp_path: Path) -> Path:
    """A backup of two files."""
    with writing(file) as writer:
        for name in ("database.sqlite3", "media/aa"):
            (tmp_path / "some").write_text(f"CREATE TABLE {name}")
            writer.add(tmp_path / "some", name)
        writer.add(tmp_path / "gone", "media/bb")
        writer.close({"database": "sqlite"})
    return file


def test_what_goes_into_an_archive_comes_out(archive: Path, tmp_path: Path) -> None:
    manifest = unpack(archive, tmp_path / "out")
    assert manifest["files"].keys() == {"database.sqlite3", "media/aa"}
    assert (tmp_path / "out" / "media" / "aa").read_text() == "CREATE TABLE media/aa"


@pytest.mark.parametrize("how", ["cut", "changed", "text", "absent", "outside"])
def test_a_bad_archive_is_named(archive: Path, tmp_path: Path, how: str) -> None:
    spoil(archive, how)
    with pytest.raises(BackupProblem, match=str(archive)):
        unpack(archive, tmp_path / "deep" / "out")
    assert not (tmp_path / "deep" / "evil").exists()


def test_an_archive_that_cannot_be_finished_is_not_there(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(file) as writer:
        writer.close({"never": 1 / 0})
    assert list(tmp_path.iterdir()) == []


def spoil(file: Path, how: str) -> None:
    content = file.read_bytes()
    if how == "cut":
        file.write_bytes(content[: content.index(b"manifest.json")])
    elif how == "changed":
        at = content.index(b"CREATE TABLE")
        file.write_bytes(content[:at] + b"CREATE BABLE" + content[at + 12 :])
    elif how == "text":
        file.write_text("not a backup")
    elif how == "absent":
        file.unlink()
    else:
        with tarfile.open(file, "w") as tar:
            tar.addfile(tarfile.TarInfo("../evil"))
