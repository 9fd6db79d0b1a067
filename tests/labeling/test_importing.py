"""Files become items as a whole or not at all, and what is wrong is named by row and field."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import factories
from labeling.media_store import path_of
from labeling.models import Import, ImportState, Item, ItemStatus, MediaFile, Project
from labeling.services import importing, staging
from labeling.services.item_rows import RowProblem
from labeling.services.staging import ImportRefused, Staging, publish, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path: Path) -> Path:
    settings.MEDIA_STORE = tmp_path / "media"
    return settings.MEDIA_STORE


@pytest.fixture
def project(organization) -> Project:
    return factories.project(organization)


def picture(color: str = "red", kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return file.getvalue()


def bring(project: Project, name: str, content: bytes | str, **more: Any) -> Import:
    """Upload and import, as the job does it."""
    raw = content.encode() if isinstance(content, str) else content
    upload, _ = importing.accept_file(project, [raw], name, **more)
    try:
        run(upload)
    finally:
        upload.refresh_from_db()
    return upload


def run(upload: Import) -> int:
    return importing.run_import(
        upload.public_id, fence=staging.transaction.atomic, progress=lambda _: None
    )


def refused(project: Project, name: str, content: bytes | str) -> list[tuple[int, str]]:
    """Rows and fields that were named; and nothing was imported, nor left behind."""
    with pytest.raises(ImportRefused) as error:
        bring(project, name, content)
    upload = Import.objects.get()
    assert upload.state == ImportState.REFUSED
    assert Item.objects.count() == 0
    assert list((importing._path("x").parent).iterdir()) == []
    return [(problem.row, problem.field) for problem in error.value.problems]


TABLE = "id,text,priority,payload.source\na,First,2,web\nb,Second,,\n"
LINES = '{"id": "a", "text": "First", "priority": 2, "payload": {"source": "web"}}\n{"id": "b", "text": "Second"}\n'
READABLE = {
    "t.csv": TABLE,
    "t.TSV": TABLE.replace(",", "\t"),
    "t.jsonl": LINES,
    "t.ndjson": LINES.replace("\n", "\r\n"),
    "t.json": "[" + LINES.strip().replace("\n", ",\n") + "]",
    "bom.csv": b"\xef\xbb\xbf" + TABLE.encode(),
    "t.csv.gz": gzip.compress(TABLE.encode()),
    "t.json.gz": gzip.compress(b"[" + LINES.strip().replace("\n", ",").encode() + b"]"),
    "t.zip": archive({"table.csv": TABLE.encode()}),
}


@pytest.mark.parametrize("name", READABLE)
def test_every_format_brings_the_same_items(project, name) -> None:
    assert bring(project, name, READABLE[name]).items == 2
    found = {i.external_id: (i.payload, i.priority, i.status) for i in Item.objects.all()}
    assert found == {
        "a": ({"text": "First", "source": "web"}, 2.0, ItemStatus.POOL),
        "b": ({"text": "Second"}, 0.0, ItemStatus.POOL),
    }


def test_plain_lines_are_texts(project) -> None:
    assert bring(project, "lines.txt", "one\n\n  two\nthree").items == 3
    texts = {i.external_id: i.payload["text"] for i in Item.objects.all()}
    assert texts == {"row-1": "one", "row-3": "  two", "row-4": "three"}


def test_a_zip_of_pictures_is_one_item_each(project) -> None:
    content = {"a/owl.png": picture(), "b.jpg": picture("blue", "JPEG"), "__MACOSX/x": b"?"}
    assert bring(project, "pictures.zip", archive(content)).items == 2
    item = Item.objects.get(external_id="a/owl.png")
    assert (item.media.content_type, item.media.width, item.media.height) == ("image/png", 4, 3)
    assert path_of(item.media.digest).read_bytes()[:4] == b"\x89PNG"


def test_a_table_in_the_zip_says_which_picture_is_whose(project) -> None:
    table = b"id,image,text\nx,owl.png,An owl?\ny,owl.png,A cat?\nz,,Only text\n"
    bring(project, "p.zip", archive({"d/t.csv": table, "d/owl.png": picture()}))
    media = dict(Item.objects.values_list("external_id", "media"))
    assert media["x"] == media["y"] is not None
    assert media["z"] is None
    assert MediaFile.objects.count() == 1


def test_metadata_of_pictures_stays_outside(project) -> None:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6  # turned by a quarter
    Image.new("RGB", (4, 3)).save(file, "JPEG", exif=exif, comment=b"secret")
    bring(project, "p.zip", archive({"x.jpg": file.getvalue()}))
    kept = path_of(MediaFile.objects.get().digest).read_bytes()
    assert b"taken at home" not in kept
    assert b"secret" not in kept
    assert Image.open(io.BytesIO(kept)).size == (3, 4)


BAD = {
    "empty": ("t.csv", "", [(1, "")]),
    "only a header": ("t.csv", "id,text\n", [(0, "")]),
    "empty lines": ("t.txt", "\n\n", [(0, "")]),
    "empty list": ("t.json", "[]", [(0, "")]),
    "unknown column": ("t.csv", "id,text,label\na,x,owl\n", [(2, "label")]),
    "unknown field": ("t.jsonl", '{"id": 1, "text": "x", "gold": 1}', [(1, "gold")]),
    "column twice": ("t.csv", "id,id\n1,2\n", [(1, "id")]),
    "too few cells": ("t.csv", "id,text\na,x\nb\n", [(3, "")]),
    "open quote": ("t.csv", 'id,text\na,"x\n', [(2, "")]),
    "not utf-8": ("t.csv", b"id,text\na,x\nb,\xff\n", [(3, "")]),
    "utf-16": ("t.csv", "id,text\na,x\n".encode("utf-16"), [(1, "")]),
    "same id twice": ("t.csv", "id,text\na,x\nb,y\na,z\n", [(4, "id")]),
    "text missing": ("t.csv", "id,text\na,x\nb,\n", [(3, "text")]),
    "id is a list": ("t.jsonl", '{"id": [1], "text": "x"}', [(1, "id")]),
    "long id": ("t.jsonl", json.dumps({"id": "x" * 201, "text": "y"}), [(1, "id")]),
    "NUL": ("t.jsonl", '{"id": "a", "text": "a\\u0000b"}', [(1, "text")]),
    "surrogate": ("t.jsonl", '{"id": "a", "text": "\\ud800"}', [(1, "text")]),
    "surrogate in payload": ("t.jsonl", '{"payload": {"a": ["\\ud800"]}}', [(1, "payload")]),
    "infinite": ("t.jsonl", '{"text": "x", "payload": {"n": 1e400}}', [(1, "payload")]),
    "priority": ("t.csv", "text,priority\nx,high\n", [(2, "priority")]),
    "not JSON": ("t.jsonl", '{"id": "a", "text": "x"}\n{nope}', [(2, "")]),
    "not an object": ("t.jsonl", "[1]", [(1, "")]),
    "NaN": ("t.jsonl", '{"priority": NaN}', [(1, "")]),
    "deep": ("t.jsonl", "[" * 100_000, [(1, "")]),
    "no list": ("t.json", '{"id": 1}', [(0, "")]),
    "cut list": ("t.json", '[{"text": "x"}', [(1, "")]),
    "broken list": ("t.json", '[{"text": "x"}, {"text" 1}]', [(2, "")]),
    "list not utf-8": ("t.json", b'[{"text": "\xff"}]', [(0, "")]),
    "not gzip": ("t.csv.gz", "id,text\n", [(0, "")]),
    "cut gzip": ("t.csv.gz", gzip.compress(b"id,text\na,x\n" * 99)[:-9], [(0, "")]),
    "not zip": ("t.zip", "nothing", [(0, "")]),
    "unknown kind": ("t.xlsx", "x", [(0, "file")]),
    "image outside a zip": ("t.csv", "id,image\na,owl.png\n", [(2, "image")]),
    "no image": ("t.zip", archive({"owl.png": b"<svg onload=alert(1)>"}), [(1, "image")]),
    "cut image": ("t.zip", archive({"owl.png": picture()[:40]}), [(1, "image")]),
    "image missing": ("t.zip", archive({"t.csv": b"id,image\na,x.png\n"}), [(2, "image")]),
    "two tables": ("t.zip", archive({"a.csv": b"id", "b.csv": b"id"}), [(0, "")]),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_names_row_and_field_and_leaves_nothing(project, case) -> None:
    name, content, places = BAD[case]
    assert refused(project, name, content) == places


def test_all_bad_rows_are_reported_up_to_a_limit(project) -> None:
    rows = "id,text\n" + "".join(f"{n},\n" for n in range(150))
    with pytest.raises(ImportRefused) as error:
        bring(project, "t.csv", rows)
    assert error.value.count == 150
    assert len(error.value.problems) == len(Import.objects.get().problems) == 100
    assert Import.objects.get().problems[0]["row"] == 2


def test_a_bad_row_after_many_good_ones_leaves_nothing(project, monkeypatch) -> None:
    monkeypatch.setattr(staging, "IMPORT_BATCH", 10)
    rows = "id,text\n" + "".join(f"{n},x\n" for n in range(55)) + "55,\n3,again\n"
    assert refused(project, "t.csv", rows) == [(57, "text"), (58, "id")]


def test_importing_again_updates_nothing(project) -> None:
    bring(project, "t.csv", TABLE)
    with pytest.raises(ImportRefused, match="already in the project"):
        bring(project, "t.csv", TABLE.replace("Second", "Changed"))
    assert Item.objects.get(external_id="b").payload == {"text": "Second"}


def test_a_job_that_runs_twice_imports_once(project) -> None:
    upload = bring(project, "t.csv", TABLE)
    assert run(upload) == 2
    assert Item.objects.count() == 2


def test_an_attempt_that_died_is_cleaned_up_by_the_next(project, monkeypatch) -> None:
    monkeypatch.setattr(staging, "IMPORT_BATCH", 2)
    upload, _ = importing.accept_file(project, [b"id,text\n1,a\n2,b\n3,c\n"], "t.csv")
    original = staging._insert
    monkeypatch.setattr(staging, "_insert", _die_at(original, call=2))
    with pytest.raises(KeyboardInterrupt):
        run(upload)
    assert Item.objects.filter(status=ItemStatus.STAGED).count() == 2
    monkeypatch.setattr(staging, "_insert", original)
    assert run(upload) == 3
    assert set(Item.objects.values_list("status", "staged_by")) == {(ItemStatus.POOL, "")}


def _die_at(original: Callable[..., None], call: int) -> Callable[..., None]:
    calls: list[int] = []

    def insert(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt
        original(*arguments)

    return insert


def test_staged_items_are_nowhere_to_be_seen(project, ada) -> None:
    into = Staging(project, "batch")
    stage(into, [staging.Row(1, {"id": "a", "text": "x"})])
    assert staging.Item.objects.get().status == ItemStatus.STAGED
    assert importing.open_pool(project) == 0
    assert publish(project, "batch") == 1
    assert importing.open_pool(project) == 1


def test_open_at_once_asks_people_about_everything(project, ada) -> None:
    bring(project, "t.csv", TABLE, open_at_once=True)
    assert set(Item.objects.values_list("status", "seats_wanted", "has_seat")) == {
        (ItemStatus.OPEN, project.seats_min, True)
    }
    first = Item.objects.order_by("position").first()
    assert first.external_id == "a"  # of higher priority


def test_order_in_the_file_is_not_order_in_the_table(project) -> None:
    rows = "\n".join(f"text {n}" for n in range(200))
    bring(project, "t.txt", rows)
    order = [int(i.external_id[4:]) for i in Item.objects.order_by("pk")]
    assert order != sorted(order)


def test_a_problem_reads_as_a_sentence() -> None:
    assert str(RowProblem(3, "text", "is missing")) == "row 3, text: is missing"
    assert str(RowProblem(0, "", "has no rows")) == "file: has no rows"
