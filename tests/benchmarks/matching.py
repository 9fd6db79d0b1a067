"""What it costs to match a person with items: the hook alone, and a claim with and without it, on PostgreSQL.

    python tests/benchmarks/matching.py [--turns 400]

Milliseconds: the median by the clock, and CPU of this process. The claims take turns, so that both kinds
see the same machine.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from import_export import database

LABELS, ITEMS = tuple("abcdefghij"), 5000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=400)
    options = parser.parse_args()
    with database():
        for name, (clock, cpu) in measured(options.turns).items():
            print(f"{name:24} median {clock:6.3f} ms by the clock, {cpu:6.3f} ms of CPU a call")


def measured(turns: int) -> dict[str, tuple[float, float]]:
    from django.db import connection

    from labeling.models import Item
    from labeling.services.claiming import claim_once
    from quality.queries.matching import worths

    projects = {matched: scene(matched) for matched in (False, True)}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself after a minute
    project, person = projects[True]
    ids = list(Item.objects.filter(project_id=project).values_list("pk", flat=True)[:9])
    spent: dict[str, list[tuple[float, float]]] = {}
    for _ in range(turns):
        note(spent, "the hook, 9 items", lambda: worths(project, person, ids))
        for matched, (where, who) in projects.items():
            name = "a claim, matched" if matched else "a claim"
            note(spent, name, lambda where=where, who=who: claim_once(where, who, 1))
            give_back(where)
    return {
        name: (median(c for c, _ in each), sum(p for _, p in each) / turns)
        for name, each in spent.items()
    }


def note(spent: dict[str, list[tuple[float, float]]], name: str, act: Callable[[], Any]) -> None:
    clock, cpu = time.perf_counter(), time.process_time()
    act()
    passed = 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)
    spent.setdefault(name, []).append(passed)


def give_back(project: int) -> None:
    """Nobody holds more seats than one."""
    from labeling.models import Assignment

    Assignment.objects.filter(project=project, state="leased").update(state="skipped")


def scene(matched: bool) -> tuple[int, int]:
    """A project of ten labels with open items, beliefs about them, and a person of known skill."""
    import factories
    from at_work import open_items
    from labeling.services.people import enroll
    from quality.models import Consensus, Skill

    project = factories.project(
        factories.organization(f"O{matched}"), LABELS, match_people=matched, gold_share=0
    )
    person = factories.annotator(project.organization, f"person-{matched}")
    enroll(project, person)
    belief = [0.1] * len(LABELS)
    items = open_items(project, ITEMS, seats=3, prefix=str(matched))
    Consensus.objects.bulk_create(
        Consensus(
            item=i, project=project, confidence=0.5, posterior=belief, method="m", answers_used=1
        )
        for i in items
    )
    confusion = [[0.91 if k == n else 0.01 for n in range(len(LABELS))] for k in range(len(LABELS))]
    Skill.objects.create(project=project, annotator=person, confusion=confusion)
    return project.pk, person.pk


if __name__ == "__main__":
    main()
