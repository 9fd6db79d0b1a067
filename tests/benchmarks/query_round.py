"""A query round over a large pool that stands in the database: rows, blocks, predictions.

First the pool is predicted, by the jobs that do it in production, in one process and in two: all vectors are
read, and probabilities written. Then come rounds over what was predicted. Prints seconds on the clock,
seconds of CPU and the height of memory above the interpreter with everything imported. Making the pool (items
by one statement, features block by block) is not in the figures.

    python tests/benchmarks/query_round.py                       # 100,000 and 1,000,000 x 384, 5 labels
    python tests/benchmarks/query_round.py --items 100000
    python tests/benchmarks/query_round.py --postgres            # a server of its own, fsync on; else SQLite
"""

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HELPING = "--help-with" in sys.argv
HOME = None if HELPING else tempfile.TemporaryDirectory(prefix="assay-benchmark-")
if HOME:
    os.environ |= {"ASSAY_HOME": HOME.name, "ASSAY_MODE": "test"}
os.environ["DJANGO_SETTINGS_MODULE"] = "assay.settings.test"
sys.path[:0] = [str(ROOT / part) for part in ("", "platform", "tests")]

from servers.postgres import Postgres  # noqa: E402

SERVER = (
    Postgres("", fsync="on", full_page_writes="on").start() if "--postgres" in sys.argv else None
)
if SERVER:
    os.environ["DATABASE_URL"] = SERVER.url

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

import factories  # noqa: E402
from accounts.models import Organization  # noqa: E402
from jobs.models import Job  # noqa: E402
from jobs.running import run_job  # noqa: E402
from jobs.services import enqueue  # noqa: E402
from labeling.models import Item, Project  # noqa: E402
from learning import kinds, queries  # noqa: E402
from learning.blocks import pack, pack_ids  # noqa: E402
from learning.estimators import registry, training  # noqa: E402
from learning.estimators.examples import Examples  # noqa: E402
from learning.models import (  # noqa: E402
    FeatureBlock,
    FeatureSpace,
    ModelVersion,
    PredictionBlock,
)
from learning.sealing import seal  # noqa: E402
from learning.services import interactive  # noqa: E402
from learning.services.choosing import choose  # noqa: E402
from learning.services.plans import configure  # noqa: E402
from learning.services.predicting import blocks_without_predictions, classifier_of  # noqa: E402

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
    parser.add_argument("--help-with", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if HELPING:
        help_with(options.help_with)
        return
    call_command("migrate", verbosity=0)
    organization = Organization.objects.create(name="Benchmark")
    print(f"{'':52} {'clock':>9} {'CPU':>9}   memory above the imports, at its height")
    for n_items in options.items:
        project, model = make_pool(organization, n_items)
        timed(f"{n_items:>9,}  predicted by one process", lambda m=model: run_job(job_for(m)))
        for n_processes in (1, 2, 1, 2):
            in_processes(n_processes, f"{n_items:>9,}  the same in {n_processes} beside it", model)
        for number, (name, plan) in enumerate(PLANS.items(), 1):
            configure(project.pk, **plan)
            timed(f"{n_items:>9,}  {name}", lambda p=project, n=number: choose(p.pk, BATCH, n))
        stepwise, space = trained_model(project, "sgd", 2), queries.space_of(project.pk)
        timed(
            f"{n_items:>9,}  the next question, interactive",
            lambda m=stepwise, s=space: interactive.picks(s, m, 1, np.random.default_rng(0)),
        )


def make_pool(organization: Organization, n_items: int) -> tuple[Project, ModelVersion]:
    labels = [f"label-{k}" for k in range(N_LABELS)]
    project = factories.project(organization, labels, name=f"{n_items}")
    first = factories.item(project, "item-0")
    copy_item(first, n_items - 1)
    ids = np.arange(first.pk, first.pk + n_items)
    space = FeatureSpace.objects.create(project=project, kind="vectors", parameters={})
    rng = np.random.default_rng(0)
    for number, start in enumerate(range(0, n_items, ROWS), 1):
        store(space, number, ids[start : start + ROWS], rng)
    settle_down()
    return project, trained_model(project, "logistic", 1)


def settle_down() -> None:
    """What PostgreSQL does by itself within a minute of such a filling."""
    if SERVER:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")


def trained_model(project: Project, estimator: str, number: int) -> ModelVersion:
    """A linear model of random vectors: as fast as any other."""
    rng = np.random.default_rng(number)
    taught = rng.normal(size=(1000, WIDTH)).astype(np.float32)
    posterior = np.eye(N_LABELS)[
        (taught[:, :N_LABELS] + rng.normal(size=(1000, N_LABELS))).argmax(1)
    ]
    recipe = registry.get(estimator)
    make = next(iter(recipe.settings.values()))
    model = ModelVersion(
        project=project, number=number, estimator=estimator, labels_seen=1000, current=number == 1,
        parameters={"n_labels": N_LABELS, "space": 1, "temperature": 1.0},
        scores={"outcome": "published"},
    )  # fmt: skip
    seal(model, training.fit(make, Examples(taught, posterior, np.ones(1000)), 0))
    model.save()
    return model


def job_for(model: ModelVersion) -> int:
    return enqueue(kinds.PREDICT, {"project_id": model.project_id, "model": model.pk}).pk


def help_with(job_id: int) -> None:
    """The second process: says that it is ready, and begins when it is told to."""
    classifier_of(ModelVersion.objects.get(pk=Job.objects.get(pk=job_id).arguments["model"]))
    print("ready", flush=True)
    sys.stdin.readline()
    run_job(job_id)
    print("done", flush=True)


def in_processes(n_processes: int, what: str, model: ModelVersion) -> None:
    PredictionBlock.objects.filter(model=model).delete()
    command = [sys.executable, __file__, "--help-with"]
    helpers = [
        subprocess.Popen([*command, str(job_for(model))], stdin=-1, stdout=-1, text=True)
        for _ in range(n_processes)
    ]
    for helper in helpers:
        helper.stdout.readline()
    clock = time.perf_counter()
    for helper in helpers:
        helper.stdin.write("go\n")
        helper.stdin.flush()
    for helper in helpers:
        helper.stdout.readline()
    print(f"{what:52} {time.perf_counter() - clock:7.2f} s", flush=True)
    assert not blocks_without_predictions(model, queries.space_of(model.project_id))


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


def store(space: FeatureSpace, number: int, ids: np.ndarray, rng: np.random.Generator) -> None:
    FeatureBlock.objects.create(
        project_id=space.project_id, version=1, number=number, rows=len(ids), width=WIDTH,
        dtype="float16", first_item=int(ids[0]), last_item=int(ids[-1]), item_ids=pack_ids(ids),
        matrix=pack(rng.normal(size=(len(ids), WIDTH)).astype(np.float16), "float16"),
    )  # fmt: skip


def timed(what: str, work: Callable[[], object]) -> None:
    Path("/proc/self/clear_refs").write_text("5")  # the height of memory begins anew
    before = memory("VmRSS")
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    grown = (memory("VmHWM") - min(before, IMPORTED)) // 1024
    print(f"{what:52} {clock:7.2f} s {cpu:7.2f} s   +{grown} MB", flush=True)


def memory(name: str) -> int:
    """KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


IMPORTED = memory("VmRSS")

if __name__ == "__main__":
    try:
        main()
    finally:
        if SERVER:
            connection.close()
            SERVER.stop()
