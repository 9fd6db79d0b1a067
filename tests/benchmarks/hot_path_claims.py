"""A claim alone, in the database: what it costs in a large pool, and for a person who has answered much."""

import secrets
import time
from statistics import median


def claims() -> None:
    """Milliseconds of one claim in the database: the pool's size, and what a person has answered."""
    for items in (20_000, 1_000_000):
        project, token, organization = _pool(items)
        print(f"{items} open items: newcomer p50 {_claim_ms(project, token):.2f} ms")
        if items == 20_000:
            old = _old_hand(project, organization)
            print(f"{items} open items, all answered by the person but the last: "
                  f"p50 {_claim_ms(project, old):.2f} ms")  # fmt: skip


def _pool(items: int) -> tuple[str, str, object]:
    from django.db import connection

    import factories
    from accounts.services import create_token
    from labeling.services.people import enroll

    organization = factories.organization(secrets.token_hex(4))
    project = factories.project(organization, gold_share=0.08)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO labeling_item (public_id, project_id, external_id, payload, role, status,"
            " priority, position, seats_wanted, seats_taken, has_seat, staged_by, created_at)"
            " SELECT md5(random()::text || n), %s, n, '{}', 'work', 'open', 0, n, 1000, 0, true, '', now()"
            " FROM generate_series(1, %s) n",
            [project.pk, items],
        )
        cursor.execute("ANALYZE labeling_item")
    person = factories.annotator(organization, secrets.token_hex(4))
    enroll(project, person)
    return project.public_id, create_token(person).token.digest, organization


def _old_hand(public_id: str, organization: object) -> str:
    """The token of a person who has answered all items but the last hundreds, which are all still open."""
    from django.db import connection

    import factories
    from accounts.services import create_token
    from labeling.models import Project
    from labeling.services.people import enroll

    project = Project.objects.get(public_id=public_id)
    person = factories.annotator(organization, secrets.token_hex(4))
    enroll(project, person)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO labeling_assignment (public_id, project_id, item_id, annotator_id, state,"
            " label_set_version, instructions_version, lease_until, price_micros, unused, reason, created_at)"
            " SELECT md5(random()::text || i.id), i.project_id, i.id, %s, 'answered', 1, 1, now(), 0, false, '', now()"
            " FROM labeling_item i WHERE i.project_id = %s ORDER BY i.position LIMIT 19500",
            [person.pk, project.pk],
        )
    return create_token(person).token.digest


def _claim_ms(project: str, token: str, times: int = 200) -> float:
    from labeling.models import Assignment
    from labeling.services.fast import Turn, take_turn

    took = []
    for _ in range(times):
        start = time.perf_counter()
        turned = take_turn(Turn(token, project, wanted=1))
        took.append(1e3 * (time.perf_counter() - start))
        assert turned is not None
        assert turned.seats, turned
        Assignment.objects.filter(state="leased").update(state="released")
    return median(took)
