"""Train an estimator that is not ours with an end: after ``TRAINING_SECONDS`` its process is killed.

What comes out is never loaded here either: it is asked in a process of its own (``learning.apart``).
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

import numpy as np
import skops.io
from django.conf import settings

from learning.apart import ApartClassifier
from learning.children import child_environment, kill
from learning.estimators import foreign
from learning.estimators.examples import Examples, OneClassOnly
from learning.estimators.registry import Recipe
from learning.estimators.training import BadModel, Trained

SAID = "said.txt"  # by the child, about itself


def train_apart(project_id: int, recipe: Recipe, examples: Examples, seed: int) -> Trained:
    """As ``training.train`` does. Raises BadModel, also when time is up, or OneClassOnly."""
    with tempfile.TemporaryDirectory(prefix="assay-training-") as name:
        folder = Path(name)
        _hand_over(folder, recipe, examples, seed)
        _run(folder)
        return _brought(folder, project_id, recipe, examples)


def _hand_over(folder: Path, recipe: Recipe, examples: Examples, seed: int) -> None:
    (folder / foreign.ASKED).write_text(json.dumps({"path": recipe.name, "seed": seed}))
    np.savez(
        folder / foreign.LESSON,
        features=examples.features,
        posterior=examples.posterior,
        weight=examples.weight,
    )


def _run(folder: Path) -> None:
    """Whatever the child has started ends with it."""
    with (folder / SAID).open("wb") as said, _started(folder, said) as child:
        try:
            failed = child.wait(settings.TRAINING_SECONDS)
        except subprocess.TimeoutExpired:
            seconds = settings.TRAINING_SECONDS
            raise BadModel(f"the estimator was not trained within {seconds:g} s") from None
        finally:
            kill(child)
    if failed:
        raise BadModel(f"the estimator's process ended: {_last_line(folder / SAID)}"[:300])


def _started(folder: Path, said: BinaryIO) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        [sys.executable, "-m", foreign.__name__, str(folder)],
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,
    )


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no reason given"


def _brought(folder: Path, project_id: int, recipe: Recipe, examples: Examples) -> Trained:
    if not (folder / foreign.TOLD).exists():  # somebody else's code can end a process at any point
        raise BadModel("the estimator's process ended without a word")
    told = json.loads((folder / foreign.TOLD).read_text())
    if told.get("error") == OneClassOnly.__name__:
        raise OneClassOnly(told["message"])
    if "error" in told:
        raise BadModel(told["message"])
    blob = (folder / foreign.MODEL).read_bytes()
    _require_trusted(blob, recipe)
    return Trained(
        classifier=ApartClassifier(project_id, recipe.name, blob, recipe.trusted),
        n_labels=examples.n_labels,
        temperature=told["temperature"],
        setting=foreign.AS_IT_IS,
        held_out=np.load(folder / foreign.HELD_OUT),
        held_out_loss=told["loss"],
    )


def _require_trusted(blob: bytes, recipe: Recipe) -> None:
    unknown = set(skops.io.get_untrusted_types(data=blob)) - set(recipe.trusted)
    if unknown:
        raise BadModel(f"the model holds types that are not loaded: {', '.join(sorted(unknown))}")
