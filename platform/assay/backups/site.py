"""A whole site into one file, and out of it again."""

import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.utils import timezone

from assay.backups import BackupProblem, databases
from assay.backups.archive import unpack, writing

MEDIA = "media"
SECRET = "secret-key"  # noqa: S105  (a file name: signs models and links where no SECRET_KEY is given)
Progress = Callable[[int], None]


def back_up(home: Path, target: Path, progress: Progress) -> dict[str, Any]:
    """Everything below ``home`` and the database into ``target``; the facts. Raises BackupProblem."""
    with tempfile.TemporaryDirectory(prefix="assay-backup-", dir=home) as folder:
        copy = Path(folder) / databases.FILES[databases.kind()]
        databases.dump(copy)
        with writing(target) as archive:
            archive.add(copy, copy.name)
            archive.add(home / SECRET, SECRET)
            for number, path in enumerate(_media(home), 1):
                archive.add(path, str(path.relative_to(home)))
                progress(number)
            archive.close(_facts())
    names = archive.checksums
    return {
        **_facts(),
        "file": str(target),
        "bytes": target.stat().st_size,
        "media_files": sum(name.startswith(f"{MEDIA}/") for name in names),
    }


def restore(source: Path, home: Path) -> dict[str, Any]:
    """The site as it was, in an empty place; the facts. Raises BackupProblem, leaving the place empty."""
    databases.require_empty()
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="assay-restore-", dir=home) as name:
        folder = Path(name)
        manifest = unpack(source, folder)
        _require_same_kind(source, manifest)
        databases.load(folder / databases.FILES[databases.kind()])  # the part that can fail
        _put_files(folder, home, list(manifest["files"]))
    return {key: manifest[key] for key in ("assay", "database", "made_at")} | {
        "files": len(manifest["files"])
    }


def _facts() -> dict[str, Any]:
    return {
        "assay": version("assay"),
        "database": databases.kind(),
        "made_at": timezone.now().isoformat(timespec="seconds"),
    }


def _media(home: Path) -> Iterator[Path]:
    return (path for path in sorted((home / MEDIA).rglob("*")) if path.is_file())


def _require_same_kind(source: Path, manifest: dict[str, Any]) -> None:
    if manifest["database"] != databases.kind():
        raise BackupProblem(
            f"{source} holds a {manifest['database']} database and this site uses "
            f"{databases.kind()}: set or unset DATABASE_URL"
        )


def _put_files(folder: Path, home: Path, names: list[str]) -> None:
    """Media and the secret, by renaming: they have been on this disk since they were checked."""
    for name in names:
        if name == SECRET or name.startswith(f"{MEDIA}/"):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).replace(home / name)
