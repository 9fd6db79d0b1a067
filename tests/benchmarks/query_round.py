"""A query round over a large pool that stands in the database (SQLite): rows, blocks, predictions.

Prints seconds on the clock, seconds of CPU and the memory that each round added at its height. Making the
pool (items by one statement, features and predictions block by block) is not in the figures.

    python tests/benchmarks/query_round.py                       # 100,000 and 1,000,000 x 384, 5 labels
    python tests/benchmarks/query_round.py --items 100000
"""

import argparse
import logging
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = tempfile.TemporaryDirectory(prefix="assay-benchmark-")
os.environ |= {"ASSAY_HOME": HOME.name, "ASSAY_MODE": "test"}
os.environ["DJANGO_SETTINGS_MODULE"] = "assay.settings.test"
sys.path[:0] = [str(ROOT / part) for part in ("", "platform", "tests")]

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

import factories  # noqa: E402
from accounts.models import Organization  # noqa: E402
from labeling.models import Item, Project  # noqa: E402
from learning.blocks import pack, pack_ids  # noqa: E402
from learning.models import (  # noqa: E402
    FeatureBlock,
    FeatureSpace,
    ModelVersion,
    PredictionBlock,
)
from learning.services.choosing import choose  # noqa: E402
from learning.services.plans import configure  # noqa: E402

WIDTH, N_LABELS, ROWS, BATCH = 384, 5, 4096, 100
PLANS = {
    "entropy": {"strategy": "entropy", "random_share": 0.0, "shares": {}},
    "entropy 70 %, k-means 20 %, random 10 %": {
        "shares": {"entropy": 0.7, "kmeans": 0.2, "random": 0.1}
    },
    "the priced decision": {"strategy": "priced", "random_share": 0.1, "shares": {}},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="*", default=[100_000, 1_000_000])
    sizes = parser.parse_args().items
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    organization = Organization.objects.create(name="Benchmark")
    for n_items in sizes:
        project = make_pool(organization, n_items)
        for number, (name, plan) in enumerate(PLANS.items(), 1):
            configure(project.pk, **plan)
            timed(f"{n_items:>9,}  {name}", project, number)


def make_pool(organization: Organization, n_items: int) -> Project:
    labels = [f"label-{k}" for k in range(N_LABELS)]
    project = factories.project(organization, labels, name=f"{n_items}")
    first = factories.item(project, "item-0")
    copy_item(first, n_items - 1)
    ids = np.arange(first.pk, first.pk + n_items)
    space = FeatureSpace.objects.create(project=project, kind="vectors", parameters={})
    model = ModelVersion.objects.create(
        project=project, number=1, estimator="logistic", labels_seen=1000, current=True,
        parameters={"n_labels": N_LABELS, "space": 1}, scores={"outcome": "published"},
    )  # fmt: skip
    rng = np.random.default_rng(0)
    for number, start in enumerate(range(0, n_items, ROWS), 1):
        store(space, model, number, ids[start : start + ROWS], rng)
    return project


def copy_item(first: Item, times: int) -> None:
    """The same item many times, under other names."""
    columns = [field.column for field in Item._meta.concrete_fields if not field.primary_key]
    values = [
        f"{column} || '-' || n" if column in ("public_id", "external_id") else column
        for column in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
            f"WHERE n < %s) INSERT INTO {Item._meta.db_table} ({', '.join(columns)}) "
            f"SELECT {', '.join(values)} FROM {Item._meta.db_table}, numbers WHERE id = %s",
            [times, first.pk],
        )


def store(
    space: FeatureSpace,
    model: ModelVersion,
    number: int,
    ids: np.ndarray,
    rng: np.random.Generator,
) -> None:
    block = FeatureBlock.objects.create(
        project_id=space.project_id, version=1, number=number, rows=len(ids), width=WIDTH,
        dtype="float16", first_item=int(ids[0]), last_item=int(ids[-1]), item_ids=pack_ids(ids),
        matrix=pack(rng.normal(size=(len(ids), WIDTH)).astype(np.float16), "float16"),
    )  # fmt: skip
    PredictionBlock.objects.create(
        model=model, block=block, n_labels=N_LABELS,
        probabilities=pack(rng.dirichlet(np.ones(N_LABELS), len(ids))),
    )  # fmt: skip


def timed(what: str, project: Project, number: int) -> None:
    """The height of memory only grows: a round that needs less than one before it adds nothing."""
    height = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clock, cpu = time.perf_counter(), time.process_time()
    chosen = choose(project.pk, BATCH, number)
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - height) // 1024
    assert len(chosen.picks) == BATCH
    print(f"{what:52} {clock:7.2f} s   {cpu:7.2f} s of CPU   +{grown} MB", flush=True)


if __name__ == "__main__":
    main()
