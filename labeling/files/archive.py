"""A zip of pictures: each is an item, or a table in it says which picture belongs to which row.

Nothing is unpacked to disk, so names inside the archive are only names.
"""

import os
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import IO

from labeling.files.json_list import read_json
from labeling.files.rows import BadFile, Row
from labeling.files.tables import read_csv, read_json_lines, read_tsv
from labeling.files.unpacking import DAMAGED, bounded
from labeling.limits import ARCHIVE_ENTRIES, DIRECTORY_BYTES, IMAGE_BYTES

END_SOUGHT = 66_000  # a comment of 64 KiB may follow the record at the end

TABLES: dict[str, Callable[[IO[bytes]], Iterator[Row]]] = {
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".jsonl": read_json_lines,
    ".json": read_json,
}


def read_zip(file: IO[bytes]) -> Iterator[Row]:
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            yield from _rows(archive)
    except DAMAGED as error:
        raise BadFile(f"is not a zip archive that can be read ({error})") from None


def _check_directory(file: IO[bytes]) -> None:
    """Its list of entries is read whole, so it must not be large. What is no list here fails later."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - END_SOUGHT, 0))
    tail = file.read()
    file.seek(0)
    place, large = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    said = [tail[place + 12 : place + 16]] if place >= 0 else []
    said += [tail[large + 40 : large + 48]] if large >= 0 else []
    if any(DIRECTORY_BYTES < int.from_bytes(n, "little") < 2**32 - 1 for n in said):
        raise BadFile(f"holds more than {ARCHIVE_ENTRIES} files, or names that are too long")


def _rows(archive: zipfile.ZipFile) -> Iterator[Row]:
    entries = _entries(archive)
    tables = [name for name in entries if _suffix(name) in TABLES]
    if len(tables) > 1:
        raise BadFile(f"holds more than one table: {tables[0]}, {tables[1]}")
    if not tables:
        return _pictures(archive, entries)
    return _rows_of_table(archive, tables[0], entries)


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files in it by name, without folders and what desktops leave behind."""
    infos = archive.infolist()
    if len(infos) > ARCHIVE_ENTRIES:
        raise BadFile(f"holds more than {ARCHIVE_ENTRIES} files")
    wanted = [info for info in infos if not info.is_dir() and not _is_debris(info.filename)]
    for info in wanted:
        if info.flag_bits & 1:
            raise BadFile("is protected by a password", field=info.filename)
    return {info.filename: info for info in wanted}


def _is_debris(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name.startswith(".") or "__MACOSX" in path.parts or path.name == "Thumbs.db"


def _pictures(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> Iterator[Row]:
    for number, (name, info) in enumerate(entries.items(), 1):
        yield Row(number, {"id": name, "image": name}, partial(_read, archive, info, number))


def _rows_of_table(
    archive: zipfile.ZipFile, table: str, entries: dict[str, zipfile.ZipInfo]
) -> Iterator[Row]:
    folder = PurePosixPath(table).parent
    with archive.open(table) as packed:
        file = bounded(packed, entries[table].compress_size)
        for row in TABLES[_suffix(table)](file):
            name = row.fields.get("image")
            if name is None:
                yield row
                continue
            info = entries.get(str(folder / str(name))) or entries.get(str(name))
            if info is None:
                missing = f"{str(name)[:100]!r} is not in the archive"
                yield Row(row.number, broken=BadFile(missing, row=row.number, field="image"))
                continue
            yield Row(row.number, row.fields, partial(_read, archive, info, row.number))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, row: int) -> bytes:
    """The entry's bytes; what it claims about its size is not believed."""
    try:
        with archive.open(info) as file:
            content = file.read(IMAGE_BYTES + 1)
    except DAMAGED as error:
        raise BadFile(f"cannot be unpacked ({error})", row=row, field="image") from None
    if len(content) > IMAGE_BYTES:
        raise BadFile(f"is larger than {IMAGE_BYTES} bytes", row=row, field="image")
    return content


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
