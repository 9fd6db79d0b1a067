"""Settling touched items of a project with many people, taken apart.

    python tests/benchmarks/settling_speed.py                 # PostgreSQL
    python tests/benchmarks/settling_speed.py --sqlite

10,000 people have given three answers to each of 10,000 items (five labels), and a refit has learned them.
Then 1,000 items have new answers, and are settled: once by a process that has not read these people yet,
then again and again by one that has. Printed are the clock, the part of it that statements took (not the
fetching of their rows), what is left beside them, the CPU of this process (SQLite works within it), and
the arithmetic alone: from arrays of votes and matrices to beliefs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

PEOPLE, ITEMS, EACH, TOUCHED, TIMES, AT_ONCE = 10_000, 10_000, 3, 1_000, 9, 400


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sqlite", action="store_true", help="on the embedded database")
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.settings.test"
    if parser.parse_args().sqlite:
        with tempfile.TemporaryDirectory() as home:
            os.environ |= {"ASSAY_MODE": "test", "ASSAY_HOME": home}
            os.environ.pop("DATABASE_URL", None)
            _measure()
        return
    from servers.postgres import Postgres

    server = Postgres(fsync="on", full_page_writes="on").start()
    try:
        os.environ["DATABASE_URL"] = server.url
        _measure()
    finally:
        server.stop()


def _measure() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    project = _project()
    from quality.queries import fits
    from quality.queries.remembered import Remembered
    from quality.services.refit import Unfenced, refit
    from quality.services.settling import settle_all

    settle_all(project.pk)
    refit(project.pk, Unfenced())
    _settled(project.pk)  # imports and plans
    fits._REMEMBERED = Remembered()
    _say("people not read yet", *_settled(project.pk))
    runs = [_settled(project.pk) for _ in range(TIMES)]
    _say("people known", *(float(np.median(column)) for column in zip(*runs, strict=True)))
    print(f"the arithmetic alone          {1000 * _arithmetic(project):.1f} ms")


def _project() -> Any:
    """Answered by people of accuracy .65 to .95."""
    import factories
    from accounts.models import User
    from labeling.models import Answer, Assignment, Item

    project = factories.project(factories.organization(), list("abcde"), seats_max=EACH)
    people = _made(User, [User(username=f"u{n}", password="") for n in range(PEOPLE)])
    items = _made(Item, [_item(project, n) for n in range(ITEMS)])
    pairs = [(i, (3 * i + k) % PEOPLE) for i in range(ITEMS) for k in range(EACH)]
    seats = _made(Assignment, [_seat(project, items[i], people[a]) for i, a in pairs])
    rng = np.random.default_rng(0)
    right = rng.random(len(pairs)) < 0.65 + 0.3 * np.array([a for _, a in pairs]) / PEOPLE
    said = np.where(right, [i % 5 for i, _ in pairs], rng.integers(5, size=len(pairs)))
    answers = zip(pairs, seats, said.tolist(), strict=True)
    _made(Answer, [_answer(items[i], people[a], seat, code) for (i, a), seat, code in answers])
    return project


def _item(project: Any, n: int) -> Any:
    from labeling.models import Item

    return Item(
        project=project, external_id=f"e{n}", status="open", seats_wanted=EACH, seats_taken=EACH
    )


def _seat(project: Any, item: Any, person: Any) -> Any:
    from django.utils import timezone

    from labeling.models import Assignment

    return Assignment(
        project=project, item=item, annotator=person, state="answered", unused=True,
        label_set_version=1, instructions_version=1, lease_until=timezone.now(), price_micros=0,
    )  # fmt: skip


def _answer(item: Any, person: Any, seat: Any, code: int) -> Any:
    from labeling.models import Answer

    return Answer(
        project=item.project, item=item, annotator=person, assignment=seat, key=uuid.uuid4(),
        revision=1, value="abcde"[code], label_code=code, verdict="stored", counted=True,
    )  # fmt: skip


def _made(model: Any, rows: list[Any]) -> list[Any]:
    made: list[Any] = model.objects.bulk_create(rows, batch_size=AT_ONCE)
    return made


def _settled(project_id: int) -> tuple[float, float, float]:
    """Seconds on the clock, in statements, of CPU."""
    from django.db import connection

    from labeling.models import Assignment
    from labeling.queries.among import among
    from quality.services.settling import settle_unused

    seats = Assignment.objects.filter(project_id=project_id).order_by("item_id", "pk")
    ids = seats.values_list("pk", flat=True)[: TOUCHED * EACH]
    Assignment.objects.filter(pk__in=among(list(ids))).update(unused=True)
    in_statements = [0.0]

    def timed(execute: Callable[..., Any], *statement: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            in_statements[0] += time.perf_counter() - began

    clock, own = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(timed):
        taken = settle_unused(project_id, limit=TOUCHED * EACH)
    clock, own = time.perf_counter() - clock, time.process_time() - own
    assert taken == TOUCHED * EACH
    return clock, in_statements[0], own


def _arithmetic(project: Any) -> float:
    from labeling.models import Item
    from quality.inference.settling.parameters import posterior
    from quality.queries.fits import StoredSkills
    from quality.queries.votes import ballots_of_items
    from quality.services.beliefs import rounded

    ids = Item.objects.filter(project=project).order_by("pk").values_list("pk", flat=True)[:TOUCHED]
    skills = StoredSkills(project.pk)
    ballots = ballots_of_items(ids, 5)
    confusion = skills.confusion(ballots.annotator_ids)
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        rounded(posterior(skills.parameters, ballots.votes, confusion))
        took.append(time.perf_counter() - began)
    return float(np.median(took))


def _say(what: str, clock: float, statements: float, own: float) -> None:
    beside = 1000 * (clock - statements)
    print(
        f"{what:29} {1000 * clock:.0f} ms, statements {1000 * statements:.0f} ms, beside them"
        f" {beside:.0f} ms, CPU here {1000 * own:.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
