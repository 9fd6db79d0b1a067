"""Where the load of ``hot_path.py`` takes place: a fresh database, projects with items, people with tokens."""

import os
import secrets
from pathlib import Path

ITEMS, SEATS = 20_000, 3


def prepare(home: Path, url: str) -> None:
    """Django in this process, on a fresh database."""
    os.environ |= {"ASSAY_HOME": str(home), "ASSAY_MODE": "local", "DATABASE_URL": url}
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.settings.local"
    os.environ["ASSAY_LOG_LEVEL"] = "WARNING"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)


def scene(people: int) -> tuple[str, str]:
    """A fresh project; its public id, and the tokens of its people, one a line."""
    import factories
    from accounts.services import create_token
    from labeling.services.people import enroll

    name = secrets.token_hex(4)
    organization = factories.organization(name)
    labels = [str(k) for k in range(10)]
    project = factories.project(
        organization, labels, price_micros=20_000, budget_micros=10**12, seats_max=SEATS
    )
    add_items(project.pk, ITEMS, "work", SEATS)
    add_items(project.pk, 100, "gold", 10**6)
    tokens = []
    for n in range(people):
        person = factories.annotator(organization, f"{name}-{n}")
        enroll(project, person)
        tokens.append(create_token(person).secret)
    return project.public_id, "\n".join(tokens) + "\n"


def add_items(project: int, items: int, role: str, seats: int) -> None:
    from django.db import connection, transaction

    rows = [
        (secrets.token_hex(8), project, f"{role}{n}", '{"text": "What is this?"}', role, n, seats)
        for n in range(items)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO labeling_item (public_id, project_id, external_id, payload, role, status,"
            " priority, position, seats_wanted, seats_taken, has_seat, staged_by, created_at)"
            " VALUES (%s, %s, %s, %s, %s, 'open', 0, %s, %s, 0, true, '', CURRENT_TIMESTAMP)",
            rows,
        )


def check() -> None:
    """Afterwards everything is counted again."""
    from django.db.models import Count, F

    from labeling.models import Answer, Assignment, Item, LedgerEntry

    answers = Answer.objects.count()
    assert answers == LedgerEntry.objects.count()
    assert answers == Assignment.objects.filter(state="answered").count()
    live = Item.objects.annotate(n=Count("assignments"))
    assert not live.exclude(n=F("seats_taken")).exists()
