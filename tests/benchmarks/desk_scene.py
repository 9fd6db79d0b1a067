"""The database of ``desk.py``: a project with as many answers as wanted, made by few statements (SQLite)."""

import json
import os
from pathlib import Path

PEOPLE, GOLD, OF_GOLD, EACH, LABELS = 1_000, 500, 200, 3, ["cat", "owl", "fox"]
NUMBERS = (
    "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})"
)


def prepared(home: Path) -> None:
    """Django in this process, on the database in this folder."""
    os.environ |= {"ASSAY_HOME": str(home), "ASSAY_MODE": "local", "ASSAY_LOG_LEVEL": "WARNING"}
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.settings.local"
    import django

    django.setup()
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def make(home: Path, answers: int) -> dict[str, str]:
    """The names of what pages are asked for; of a database that is there already, those it began with."""
    from django.core.management import call_command

    kept = home / "names.json"
    call_command("migrate", verbosity=0)
    if not kept.exists():
        kept.write_text(json.dumps(_make(answers)))
    names: dict[str, str] = json.loads(kept.read_text())
    return names


def _make(answers: int) -> dict[str, str]:
    from django.db import connection, transaction

    import factories
    from labeling.models import Item, Project

    organization = factories.organization("Benchmark")
    mia = factories.manager(organization, "mia")
    project = factories.project(
        organization,
        LABELS,
        name="A million",
        price_micros=20_000,
        budget_micros=10**12,
        seats_max=7,
    )
    people = _people(organization, project.pk)
    asked = (answers - GOLD * OF_GOLD) // EACH
    with transaction.atomic(), connection.cursor() as cursor:
        _items(cursor, project.pk, asked)
        _answers(cursor, project.pk, people)
        _beliefs(cursor, project.pk)
    _derived(project)
    Project.objects.filter(pk=project.pk).update(status="live")
    item = Item.objects.filter(project=project, role="work", status="settled").first()
    return {
        "project": project.public_id,
        "item": item.public_id if item else "",
        "person": project.enrollments.order_by("pk")[7].pseudonym,
        "session": _session(mia),
    }


def _session(user: object) -> str:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _people(organization: object, project: int) -> int:
    """Their ids follow each other from the one returned."""
    from accounts.models import Membership, Role, User
    from labeling.models import Enrollment

    made = User.objects.bulk_create(User(username=f"p{n}") for n in range(PEOPLE))
    Membership.objects.bulk_create(
        Membership(user=one, organization=organization, role=Role.ANNOTATOR) for one in made
    )
    Enrollment.objects.bulk_create(
        Enrollment(project_id=project, annotator=one, pseudonym=f"P-{n:04}", answers=1_000)
        for n, one in enumerate(made)
    )
    return int(made[0].pk)


def _items(cursor: object, project: int, asked: int) -> None:
    """Nine of ten asked items are settled, the others open; a tenth more waits in the pool; then gold."""
    total = asked + asked // 10
    cursor.execute(
        NUMBERS.format(last=total + GOLD - 1)
        + " INSERT INTO labeling_item (public_id, project_id, external_id, payload, role, status, priority,"
        " position, seats_wanted, seats_taken, has_seat, staged_by, created_at)"
        " SELECT 'i' || n, %s, 'item-' || n, '{\"text\": \"What is number ' || n || '?\"}',"
        " CASE WHEN n < %s THEN 'work' ELSE 'gold' END,"
        " CASE WHEN n >= %s THEN 'open' WHEN n >= %s THEN 'pool' WHEN n %% 10 THEN 'settled' ELSE 'open' END,"
        " 0, n, 3, CASE WHEN n < %s THEN 3 ELSE 0 END, n >= %s, '', CURRENT_TIMESTAMP FROM numbers",
        [project, total, total, asked, asked, total],
    )


def _answers(cursor: object, project: int, people: int) -> None:
    """Seats, answers, money. One answer of twenty says the next label."""
    seats = (
        "INSERT INTO labeling_assignment (public_id, project_id, item_id, annotator_id, state, label_set_version,"
        " instructions_version, lease_until, price_micros, bonus_micros, unused, reason, reason_text, created_at)"
        " SELECT 's' || i.id || '-' || n, project_id, i.id, %s + (i.id * 7 + n * 31) %% %s, 'answered', 1, 1,"
        " CURRENT_TIMESTAMP, 20000, 0, 0, '', '', CURRENT_TIMESTAMP FROM labeling_item i, numbers"
        " WHERE project_id = %s AND role = %s AND status != 'pool' ORDER BY i.id"
    )
    for role, each in (("work", EACH), ("gold", OF_GOLD)):
        cursor.execute(NUMBERS.format(last=each - 1) + seats, [people, PEOPLE, project, role])
    cursor.execute(
        "INSERT INTO labeling_answer (public_id, project_id, item_id, assignment_id, annotator_id, key, revision,"
        " value, label_code, verdict, counted, seconds, created_at)"
        " SELECT 'a' || id, project_id, item_id, id, annotator_id, printf('%%032d', id), 1,"
        " json_quote(json_extract(%s, '$[' || code || ']')), code, 'stored', 1, 2 + id %% 7,"
        " datetime('now', '-' || ((SELECT max(id) FROM labeling_assignment) - id) || ' seconds')"
        " FROM (SELECT *, (item_id + (id %% 20 = 0)) %% 3 AS code FROM labeling_assignment WHERE project_id = %s)",
        [json.dumps(LABELS), project],
    )
    cursor.execute(
        "INSERT INTO labeling_ledgerentry (project_id, annotator_id, answer_id, kind, amount_micros, created_at)"
        " SELECT project_id, annotator_id, id, 'answer', 20000, created_at FROM labeling_answer WHERE project_id = %s",
        [project],
    )


def _beliefs(cursor: object, project: int) -> None:
    cursor.execute(
        "INSERT INTO quality_consensus (item_id, project_id, state, label_code, confidence, posterior, method,"
        " answers_used, settled_at, updated_at)"
        " SELECT id, project_id,"
        " CASE WHEN status = 'settled' THEN 'settled' WHEN id %% 50 = 0 THEN 'expert' ELSE 'open' END,"
        " id %% 3, 0.9 + (id %% 97) / 1000.0, '[0.97, 0.02, 0.01]', 'test', 3,"
        " CASE WHEN status = 'settled' THEN datetime('now', '-' || (1000000 - id) || ' seconds') END, CURRENT_TIMESTAMP"
        " FROM labeling_item WHERE project_id = %s AND role = 'work' AND status != 'pool'",
        [project],
    )
    cursor.execute(
        "INSERT INTO quality_goldanswer (item_id, value, label_code, explanation, source, created_at)"
        " SELECT id, json_quote(json_extract(%s, '$[' || (id %% 3) || ']')), id %% 3, '', 'import', CURRENT_TIMESTAMP"
        " FROM labeling_item WHERE project_id = %s AND role = 'gold'",
        [json.dumps(LABELS), project],
    )
    cursor.execute(
        'INSERT INTO quality_goldresult (project_id, annotator_id, answer_id, "right", created_at)'
        " SELECT a.project_id, annotator_id, a.id, a.label_code = g.label_code, a.created_at"
        " FROM labeling_answer a JOIN quality_goldanswer g ON g.item_id = a.item_id WHERE a.project_id = %s",
        [project],
    )


def _derived(project: object) -> None:
    """What refits and surveys leave behind."""
    from labeling.models import Budget, Enrollment
    from learning.models import Metric
    from quality.models import Fit, Skill, Survey

    people = list(Enrollment.objects.filter(project=project).values_list("annotator_id", flat=True))
    Skill.objects.bulk_create(
        Skill(
            project=project, annotator_id=who, answers=1_000, gold_seen=100, gold_right=95,
            accuracy=0.95, accuracy_low=0.93 - n / 10_000, accuracy_high=0.97,
            confusion=[[0.95, 0.03, 0.02], [0.03, 0.95, 0.02], [0.03, 0.02, 0.95]],
        )
        for n, who in enumerate(people)
    )  # fmt: skip
    record = {
        "items": GOLD,
        "settled": 450,
        "settled_right": 440,
        "unsettled": 50,
        "unsettled_right": 35,
    }
    known = {
        "shares": [1 / 3] * 3,
        "pool": [[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]],
    }
    Fit.objects.create(
        project=project, version=3, method="test", parameters={**known, "record": record}
    )
    Budget.objects.update_or_create(project=project, defaults={"cap_micros": 10**12})
    agreement = {"alpha": {"value": 0.9, "low": 0.89, "high": 0.91}}
    Survey.objects.create(project=project, version=1, agreement=agreement)
    Metric.objects.bulk_create(
        Metric(
            project=project, name=name, labels=1_000 * n, answers=3_000 * n,
            spent_micros=60_000_000 * n, value=0.95 - 0.3 / n, low=0.9 - 0.3 / n, high=0.97,
        )
        for n in range(1, 200)
        for name in ("label_accuracy", "model_accuracy", "random_baseline")
    )  # fmt: skip
