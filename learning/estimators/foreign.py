"""Classifiers that are not ours: the recipe of a class, and training it in a process of its own.

Nobody knows how long the ``fit`` of somebody else's class takes, and nothing inside a thread can stop it.
The child gets arrays in a file and leaves arrays and a model in skops' format behind; nothing is pickled.

    python -m learning.estimators.foreign FOLDER
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from learning.estimators import training
from learning.estimators.examples import Examples, OneClassOnly
from learning.estimators.registry import Recipe
from learning.estimators.serving import end_with_parent

AS_IT_IS = "as it is"
LESSON, ASKED, TOLD, HELD_OUT, MODEL = "lesson.npz", "asked.json", "told.json", "held.npy", "model"


def recipe_of(path: str, kind: Any) -> Recipe:
    """A class that is made without arguments; what is random in it follows the seed."""

    def make(seed: int) -> Any:
        made = kind()
        seeded = hasattr(made, "get_params") and "random_state" in made.get_params()
        return made.set_params(random_state=seed) if seeded else made

    return Recipe(path, {AS_IT_IS: make}, trusted=(f"{kind.__module__}.{kind.__qualname__}",))


def train_in(folder: Path) -> dict[str, Any]:
    """What the child does; how it went."""
    import skops.io

    asked = json.loads((folder / ASKED).read_text())
    module, _, name = asked["path"].rpartition(".")
    recipe = recipe_of(asked["path"], getattr(import_module(module), name))
    lesson = np.load(folder / LESSON)
    examples = Examples(lesson["features"], lesson["posterior"], lesson["weight"])
    trained = training.train(recipe, examples, np.random.default_rng(asked["seed"]))
    np.save(folder / HELD_OUT, trained.held_out)
    (folder / MODEL).write_bytes(skops.io.dumps(trained.classifier))
    return {"temperature": trained.temperature, "loss": trained.held_out_loss}


def main(folder: Path) -> None:
    end_with_parent()
    try:
        told = train_in(folder)
    except (training.BadModel, OneClassOnly) as bad:
        told = {"error": type(bad).__name__, "message": str(bad)}
    (folder / TOLD).write_text(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
