"""Run by test_on_sqlite in a process of its own: the twin of COPY brings in and reports the same rows.

And answers to some items are looked up by the items, not by reading all answers of the project.
"""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = b"id,text,priority\na,x,2\nb,,\nc,y,\na,z,\n"


def main() -> None:
    from django.core.management import call_command

    import factories
    from labeling.models import Item
    from labeling.queries import counted_answers_to

    call_command("migrate", verbosity=0)
    project = factories.project(factories.organization())
    print(bring(project))  # noqa: T201
    print(bring(project))  # noqa: T201
    print(sorted(Item.objects.values_list("external_id", "payload__text", "priority")))  # noqa: T201
    print(counted_answers_to([1, 2]).order_by("pk").explain())  # noqa: T201


def bring(project) -> tuple[str, int, list[tuple[int, str]]]:
    """The state of the import, its items, and its problems."""
    from django.conf import settings
    from django.db import transaction

    from labeling.models import Import
    from labeling.services.importing import accept_file, run_import
    from labeling.services.staging import ImportRefused

    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_STORE = folder
        upload, _ = accept_file(project, [TABLE], "t.csv")
        with contextlib.suppress(ImportRefused):
            run_import(
                upload.public_id, fence=transaction.atomic, progress=lambda _: None, keep_good=True
            )
    upload = Import.objects.get(pk=upload.pk)
    return upload.state, upload.items, [(p["row"], p["field"]) for p in upload.problems]


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "tests")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings.test")
    import django

    django.setup()
    main()
