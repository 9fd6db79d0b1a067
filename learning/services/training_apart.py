"""Train an estimator that is not ours with an end: after ``TRAINING_SECONDS`` its process is killed."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from django.conf import settings

from learning.estimators import foreign
from learning.estimators.examples import Examples, OneClassOnly
from learning.estimators.registry import Recipe
from learning.estimators.training import BadModel, Trained

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # jobs share the machine


def train_apart(recipe: Recipe, examples: Examples, seed: int) -> Trained:
    """As ``training.train`` does. Raises BadModel, also when time is up, or OneClassOnly."""
    with tempfile.TemporaryDirectory(prefix="assay-training-") as name:
        folder = Path(name)
        _hand_over(folder, recipe, examples, seed)
        _run(folder)
        return _brought(folder, recipe, examples)


def _hand_over(folder: Path, recipe: Recipe, examples: Examples, seed: int) -> None:
    (folder / foreign.ASKED).write_text(json.dumps({"path": recipe.name, "seed": seed}))
    np.savez(
        folder / foreign.LESSON,
        features=examples.features,
        posterior=examples.posterior,
        weight=examples.weight,
    )


def _run(folder: Path) -> None:
    """The child knows where our modules are, and none of our secrets."""
    try:
        subprocess.run(  # noqa: S603  (our own interpreter and module)
            [sys.executable, "-m", foreign.__name__, str(folder)],
            env={**THREADS, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            timeout=settings.TRAINING_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        seconds = settings.TRAINING_SECONDS
        raise BadModel(f"the estimator was not trained within {seconds:g} s") from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:] or [
            "no reason given"
        ]
        raise BadModel(f"the estimator's process ended: {last[0]}"[:300]) from None


def _brought(folder: Path, recipe: Recipe, examples: Examples) -> Trained:
    told = json.loads((folder / foreign.TOLD).read_text())
    if told.get("error") == OneClassOnly.__name__:
        raise OneClassOnly(told["message"])
    if "error" in told:
        raise BadModel(told["message"])
    return Trained(
        classifier=_loaded((folder / foreign.MODEL).read_bytes(), recipe),
        n_labels=examples.n_labels,
        temperature=told["temperature"],
        setting=foreign.AS_IT_IS,
        held_out=np.load(folder / foreign.HELD_OUT),
        held_out_loss=told["loss"],
    )


def _loaded(blob: bytes, recipe: Recipe) -> Any:
    unknown = set(skops.io.get_untrusted_types(data=blob)) - set(recipe.trusted)
    if unknown:
        raise BadModel(f"the model holds types that are not loaded: {', '.join(sorted(unknown))}")
    return skops.io.loads(blob, trusted=list(recipe.trusted))
