"""The tar file: files under names, and at the end a manifest that says what each must be."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from assay.backups import BackupProblem

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1024 * 1024


class Writer:
    """Takes files one by one; what was put in is in ``checksums``."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.checksums: dict[str, str] = {}

    def add(self, path: Path, name: str) -> None:
        """The file as it is now. One that has just gone (a finished upload) is left out."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            info = self._tar.gettarinfo(arcname=name, fileobj=file)
            reader = _Hashing(file)
            self._tar.addfile(info, cast(IO[bytes], reader))
        self.checksums[name] = reader.sha256.hexdigest()

    def close(self, facts: dict[str, Any]) -> None:
        """The manifest; without it the archive counts as cut off."""
        text = json.dumps({"format": FORMAT, **facts, "files": self.checksums}).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        self._tar.addfile(info, io.BytesIO(text))


class _Hashing:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.sha256.update(block)
        return block


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """The archive appears at ``path`` when the block ends well, readable by its owner only; else nothing does."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise BackupProblem(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)


def unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Everything into the empty ``folder``, each file checked; the manifest. Raises BackupProblem."""
    try:
        with tarfile.open(path, "r:") as tar:
            _take_out(tar, folder)
    except (OSError, EOFError, tarfile.TarError) as error:
        raise BackupProblem(f"{path} cannot be read as a backup: {error}") from error
    manifest = _manifest(path, folder)
    for name, checksum in manifest["files"].items():
        if _checksum(folder / name) != checksum:
            raise BackupProblem(f"{path} is damaged: {name} is not what was backed up")
    return manifest


def _take_out(tar: tarfile.TarFile, folder: Path) -> None:
    """Plain files below ``folder`` and nothing else; readable by their owner only. Raises TarError.

    ``extractall`` with a filter would do, but the first releases of Python 3.11 have none.
    """
    root = folder.resolve()
    for member in tar:
        target, content = (root / member.name).resolve(), tar.extractfile(member)
        if content is None or not member.isreg() or not target.is_relative_to(root):
            raise tarfile.TarError(f"{member.name!r} is no plain file of a backup")
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file, BLOCK)


def _manifest(path: Path, folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise BackupProblem(f"{path} has no manifest: it is cut off, or no backup") from None
    if manifest.get("format") != FORMAT:
        raise BackupProblem(f"{path} was made by another version of Assay; restore it with that")
    return manifest


def _checksum(path: Path) -> str:
    if not path.is_file():
        return "absent"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
