"""Files become items as a whole or not at all, and what is wrong is named by row and field."""

import csv
import gzip
import io
import json
import random
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from PIL import Image

import factories
from labeling.files import Row, unpacking
from labeling.media_store import path_of
from labeling.models import Import, ImportState, Item, ItemStatus, MediaFile, Project
from labeling.services import importing, staging
from labeling.services.item_rows import RowProblem
from labeling.services.problem_reports import report_of, report_path
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
    upload, job = importing.accept_file(project, [raw], name, **more)
    try:
        run(upload, keep_good=job.arguments["keep_good"])
    finally:
        upload.refresh_from_db()
    return upload


def run(upload: Import, **more: Any) -> int:
    done = importing.run_import(
        upload.public_id, fence=transaction.atomic, progress=lambda _: None, **more
    )
    return done.items


def report(upload: Import) -> list[list[str]]:
    return list(csv.reader(b"".join(report_of(upload)).decode().splitlines()))[1:]


def refused(project: Project, name: str, content: bytes | str) -> list[tuple[int, str]]:
    """Rows and fields that were named; and nothing was imported, nor left behind."""
    with pytest.raises(ImportRefused) as error:
        bring(project, name, content)
    upload = Import.objects.get()
    assert upload.state == ImportState.REFUSED
    assert Item.objects.count() == 0
    assert list((importing.upload_path("x").parent).iterdir()) == []
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


NOISE = random.Random(3).randbytes(5000)


def packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return file.getvalue()


def damaged(content: bytes) -> bytes:
    """In the middle of the packed bytes."""
    return content[:2000] + b"\xff" * 500 + content[2500:]


def locked(content: bytes) -> bytes:
    """The list of entries says that a password is needed."""
    place = content.rindex(b"PK\x01\x02") + 8
    return content[:place] + b"\x01" + content[place + 1 :]


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
    "not utf-8": ("t.csv", b"id,text\na,x\nb,\xff\n", [(3, "text")]),
    "line not utf-8": ("t.txt", b"x\na\xffb\n", [(2, "text")]),
    "object not utf-8": ("t.jsonl", b'{"text": "x"}\n{"text": "\xff"}', [(2, "")]),
    "NUL in a table": ("t.csv", "id,text\na,x\0y\n", [(2, "text")]),
    "NUL in a name": ("t.csv", "id,te\0xt\na,x\n", [(2, "te\ufffdxt")]),
    "long field": ("t.csv", "id,text\na," + "x" * 300_000, [(2, "payload")]),
    "very long field": ("t.csv", "id,text\na," + "x" * 1_100_000, [(2, "")]),
    "very long line": ("t.jsonl", '{"text": "' + "x" * 1_100_000, [(1, "")]),
    "very long object": ("t.json", '[{"text": "' + "x" * 1_200_000, [(1, "")]),
    "a million columns": ("t.csv", "c," * 1_000_000, [(1, "")]),
    "many columns": ("t.csv", ",".join(f"c{n}" for n in range(201)), [(1, "")]),
    "many fields": (
        "t.jsonl",
        json.dumps({f"payload.{n}": n for n in range(40_000)}),
        [(1, "payload")],
    ),
    "picture of a bomb": ("t.zip", packed({"x.png": b"\0" * 30_000_000}), [(1, "image")]),
    "40 megapixels": ("t.zip", packed({"x.png": picture(size=(8000, 5000))}), [(1, "image")]),
    "damaged picture": ("t.zip", damaged(packed({"x.png": NOISE})), [(1, "image")]),
    "damaged table": ("t.zip", damaged(packed({"t.txt.csv": NOISE})), [(0, "")]),
    "cut zip": ("t.zip", packed({"x.png": NOISE})[:-30], [(0, "")]),
    "password": ("t.zip", locked(packed({"x.png": NOISE})), [(0, "x.png")]),
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


BOMBS = {
    "t.txt.gz": gzip.compress(b"x" * 1_000_000),
    "t.jsonl.gz": gzip.compress((b'{"id": "' + b"x" * 1000 + b'"}\n') * 300),
    "t.zip": packed({"t.csv": b"id,text\n" + (b"a," + b"x" * 1000 + b"\n") * 300}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_unpacks_to_far_more_than_its_size_ends_early(project, name, monkeypatch) -> None:
    monkeypatch.setattr(unpacking, "SMALL", 150_000)
    monkeypatch.setattr(unpacking, "UNPACKED_RATIO", 2)
    assert refused(project, name, BOMBS[name])[0] == (0, "")
    assert "unpacks to far more" in Import.objects.get().problems[0]["message"]


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


def test_an_attempt_that_died_leaves_nothing_and_the_next_does_it_all(project, monkeypatch) -> None:
    monkeypatch.setattr(staging, "IMPORT_BATCH", 2)
    upload, _ = importing.accept_file(project, [b"id,text\n1,a\n2,b\n3,c\n"], "t.csv")

    def die(rows: int) -> None:
        if rows > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.run_import(upload.public_id, fence=transaction.atomic, progress=die)
    assert Item.objects.count() == 0
    assert run(upload) == 3
    assert set(Item.objects.values_list("status", "staged_by")) == {(ItemStatus.POOL, "")}


def test_staged_rows_are_no_items_until_they_are_published(project, ada) -> None:
    with Staging(project) as into:
        stage(into, [Row(1, {"id": "a", "text": "x"})])
        assert Item.objects.count() == 0
        assert publish(into) == 1
    assert importing.open_pool(project) == 1


def test_items_get_what_the_model_gives_to_every_new_item(project) -> None:
    bring(project, "t.csv", TABLE)
    ours, models_own = Item.objects.first(), factories.item(project)
    given = ("public_id", "external_id", "payload", "priority", "created_at", "id")
    for field in (f.name for f in Item._meta.concrete_fields if f.name not in given):
        assert getattr(ours, field) == getattr(models_own, field), field
    assert len(ours.public_id) == len(models_own.public_id)
    assert abs(ours.created_at - models_own.created_at) < timedelta(minutes=1)


LINES_OF_MIXED = [
    b'{"id":"a","text":"x"}',
    b'{"id":"b"}',
    b"[]",
    b'{"text":"\\ud800"}',
    b'{"id":"e","text":"y"}',
    b'{"id":"a","text":"z"}',
]
MIXED = {
    "t.csv": b"id,text\na,x\nb,\nc\nd,\xff\ne,y\na,z\n",
    "t.jsonl": b"\n".join(LINES_OF_MIXED),
    "t.json": b"[" + b",".join(LINES_OF_MIXED) + b"]",
    "t.zip": packed(
        {"t.jsonl": b"\n".join([*LINES_OF_MIXED[:3], b'{"image":"no"}', *LINES_OF_MIXED[4:]])}
    ),
}


@pytest.mark.parametrize("name", MIXED)
def test_the_good_rows_come_in_and_the_bad_are_reported(project, name) -> None:
    upload = bring(project, name, MIXED[name], keep_good=True)
    assert (upload.state, upload.items, upload.problem_count) == (ImportState.DONE, 2, 4)
    found = {i.external_id: i.payload["text"] for i in Item.objects.all()}
    assert found == {"a": "x", "e": "y"}
    head = 1 if name == "t.csv" else 0
    assert [int(row) - head for row, _, _ in report(upload)] == [2, 3, 4, 6]


def test_what_cannot_be_read_to_its_end_is_refused_all_the_same(project) -> None:
    for name, content in (("t.csv", 'id,text\na,x\nb,"y'), ("t.json", '[{"text": "x"}, {')):
        with pytest.raises(ImportRefused):
            bring(project, name, content, keep_good=True)
    assert Item.objects.count() == 0


def test_with_no_good_row_at_all_the_file_is_refused(project) -> None:
    bring(project, "t.csv", TABLE)
    with pytest.raises(ImportRefused, match="already in the project"):
        bring(project, "t.csv", TABLE, keep_good=True)
    assert Item.objects.count() == 2


def test_importing_again_with_keep_good_adds_only_what_is_new(project) -> None:
    bring(project, "t.csv", TABLE)
    changed = TABLE.replace("Second", "Changed") + "c,Third,,\n"
    upload = bring(project, "t.csv", changed, keep_good=True)
    assert upload.items == 1
    assert Item.objects.get(external_id="b").payload == {"text": "Second"}
    assert report(upload) == [
        ["2", "id", "'a' is already in the project"],
        ["3", "id", "'b' is already in the project"],
    ]


def test_the_report_names_every_row_even_beyond_what_is_shown(project) -> None:
    rows = "id,text\n" + "".join(f"{n},\n" for n in range(150)) + "1,x\n1,y\n=1+1,\n"
    with pytest.raises(ImportRefused):
        bring(project, "t.csv", rows)
    upload = Import.objects.get()
    assert len(report(upload)) == 152
    assert report(upload)[-1] == ["153", "id", "'1' is already in the file"]
    report_path(upload).unlink()
    assert len(report(upload)) == 100


def test_pictures_of_a_refused_row_do_not_hinder_the_others(project) -> None:
    files = {"a.png": picture(), "b.png": b"nothing", "c.png": picture("blue")}
    upload = bring(project, "p.zip", archive(files), keep_good=True)
    assert (upload.items, report(upload)[0][:2]) == (2, ["2", "image"])
    assert Item.objects.filter(media__isnull=False).count() == 2


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
