"""How long the learning loop takes where somebody waits for it, on the database of one machine (SQLite).

Prints one line a figure: seconds on the clock and seconds of CPU. Everything is real: rows, blocks, jobs.

    python tests/benchmarks/learning_loop.py            # 1,700 digits: features, retrain, round, look-ups
    python tests/benchmarks/learning_loop.py --large    # also training on 50,000 x 384
"""

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOME = tempfile.TemporaryDirectory(prefix="assay-benchmark-")
os.environ |= {"ASSAY_HOME": HOME.name, "ASSAY_MODE": "test"}
os.environ["DJANGO_SETTINGS_MODULE"] = "assay.settings.test"
sys.path[:0] = [str(ROOT / part) for part in ("", "platform", "tests")]

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402

import loop_scene  # noqa: E402
from accounts.models import Organization  # noqa: E402
from learning import voices  # noqa: E402
from learning.estimators import registry, training  # noqa: E402
from learning.estimators.examples import Examples  # noqa: E402
from learning.services import loop  # noqa: E402

LARGE = (50_000, 384, 5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    small()
    if options.large:
        large()


def small() -> None:
    organization = Organization.objects.create(name="Benchmark")
    scene = loop_scene.digits_scene(organization, 1700, n_gold=90, n_people=0)
    project = scene.project
    timed("features of 1,790 items", lambda: loop_scene.run("learning.features", project))
    timed("first round (100 of 1,700)", round_of(project, 1))
    loop_scene.settle(scene, 800, first=100)
    timed("retrain on 800 labels", lambda: loop_scene.run("learning.retrain", project))
    timed("once more", lambda: loop_scene.run("learning.retrain", project))
    timed("round by entropy (100)", round_of(project, 2))
    asked = sorted(scene.truth)[300:310]
    voices.model_voice(project.pk, asked)
    timed("voice of 10 items, 100 times", lambda: again(100, voices.model_voice, project.pk, asked))
    timed("a step of the loop, 20 times", lambda: again(20, loop.advance, project.pk))


def large() -> None:
    n_items, width, n_labels = LARGE
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(n_labels, width)) * 0.15
    truth = rng.integers(n_labels, size=n_items)
    features = (centres[truth] + rng.normal(size=(n_items, width))).astype(np.float32)
    posterior = np.full((n_items, n_labels), 0.01)
    posterior[np.arange(n_items), truth] = 1 - 0.01 * (n_labels - 1)
    taught = Examples(features, posterior, np.ones(n_items))
    recipe = registry.get("logistic")
    timed(f"training on {n_items:,} x {width}", lambda: training.train(recipe, taught, rng))


def round_of(project: Any, number: int) -> Callable[[], object]:
    return lambda: loop_scene.run("learning.query_round", project, number=number, wanted=100)


def again(times: int, do: Callable[..., object], *arguments: object) -> None:
    for _ in range(times):
        do(*arguments)


def timed(what: str, do: Callable[[], object]) -> None:
    clock, cpu = time.perf_counter(), time.process_time()
    do()
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    print(f"{what:34} {clock:7.2f} s   {cpu:7.2f} s of CPU", flush=True)


if __name__ == "__main__":
    main()
