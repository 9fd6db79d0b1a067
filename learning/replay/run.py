"""One seed of one policy: buy a batch, fit the model and the belief, look at the labels, repeat.

A fifth of the items is the model's test set and never bought. A batch is a fortieth of all answers
of the others. Whether the model was right is known only to the curve, never to the policy.
"""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from learning.estimators.tuned import TunedSoftmax
from learning.replay.policies import Policy, State
from learning.replay.recording import Recording, accuracy
from learning.replay.shelf import Shelf
from quality.inference.answers import Floats, Ints
from quality.inference.belief import fit_belief

TEST_SHARE = 0.2
N_BATCHES = 40
FEWEST_TO_TRAIN = 20  # items with an answer
MULTIPLES = ("0.95", "0.98", "1.00")


@dataclass(frozen=True)
class Point:
    """After one batch. ``voice`` is the model's weight in the belief, between 0 and 1."""

    paid: int
    share: float
    label_accuracy: float
    people_only_accuracy: float
    model_accuracy: float | None
    voice: float


@dataclass(frozen=True)
class Seed:
    seed: int
    curve: list[Point]
    reaches: dict[str, float | None]


class Model:
    """The model of one replay: soft labels weighted by their certainty, out-of-fold predictions."""

    def __init__(self, features: NDArray[np.floating], rng: Generator) -> None:
        self._tuned = TunedSoftmax(features, rng)
        self.fitted = False

    def learn(self, rows: Ints, posterior: Floats) -> Floats | None:
        """P(label) of all items [i, k]; None while the belief knows only one label."""
        if len(rows) < FEWEST_TO_TRAIN or len(np.unique(posterior.argmax(axis=1))) < 2:
            return None
        self.fitted = True
        return self._tuned.fit_predict(rows, posterior, certainty(posterior))

    def accuracy(self, recording: Recording) -> float | None:
        """On items outside the pool; None before the first fit or without any truth there."""
        if not self.fitted or recording.features is None or not (recording.truth >= 0).any():
            return None
        return accuracy(self._tuned.predict(recording.features), recording.truth)


def replay(recording: Recording, policy: Policy, seed: int, target: float) -> Seed:
    """The whole run; ``target`` is the accuracy that ``reaches`` speaks of."""
    rng = np.random.default_rng(seed)
    pool, test = _split(recording, rng)
    # The matrices are small: threads of the linear algebra library only wait for each other.
    with threadpool_limits(1):
        curve = _run(pool, test, policy, rng)
    reaches = {m: reached_for_good(curve, float(m) * target) for m in MULTIPLES}
    return Seed(seed, curve, reaches)


def reached_for_good(curve: list[Point], target: float) -> float | None:
    """Share of all answers from which on the labels stay at the target; None if never."""
    below = [n for n, point in enumerate(curve) if point.label_accuracy < target]
    first = below[-1] + 1 if below else 0
    return curve[first].share if first < len(curve) else None


def certainty(posterior: Floats) -> Floats:
    """One minus the entropy as a share of its maximum: the weight of a soft label, [i]."""
    entropy = -(posterior * np.log(np.maximum(posterior, 1e-12))).sum(axis=1)
    weights: Floats = np.maximum(1 - entropy / np.log(posterior.shape[1]), 1e-3)
    return weights


def as_json(seed: Seed) -> dict[str, object]:
    return asdict(seed)


def _split(recording: Recording, rng: Generator) -> tuple[Recording, Recording]:
    """The pool and the test set: a fifth of the items with truth, and a fifth of the others."""
    order = rng.permutation(len(recording.truth))
    known = recording.truth[order] >= 0
    tested = [group[: int(TEST_SHARE * len(group))] for group in (order[known], order[~known])]
    test = np.sort(np.concatenate(tested))
    pool = np.setdiff1d(order, test)
    return recording.restricted_to(pool), recording.restricted_to(test)


def _run(pool: Recording, test: Recording, policy: Policy, rng: Generator) -> list[Point]:
    game = _Game(pool, test, policy, rng)
    curve: list[Point] = []
    batch = -(-len(pool.answers) // N_BATCHES)
    while game.buy(batch):
        game.think()
        curve.append(game.point())
    return curve


class _Game:
    """The state of one run between two batches."""

    def __init__(self, pool: Recording, test: Recording, policy: Policy, rng: Generator) -> None:
        self.pool, self.test, self.policy, self.rng = pool, test, policy, rng
        self.shelf = Shelf(pool.answers, rng)
        self.model = Model(pool.features, rng) if pool.features is not None else None
        self.probabilities: Floats | None = None
        self.believed = policy.believe(self.shelf.answers(), None)

    def buy(self, wanted: int) -> int:
        state = State(self.shelf, self.believed.posterior, self.probabilities)
        items = self.policy.ask(state, wanted, self.rng)
        self.shelf.buy(items)
        return len(items)

    def think(self) -> None:
        """Settle the new answers with the old model, train on that, and believe anew."""
        answers = self.shelf.answers()
        if self.model is not None and self.policy.has_model:
            settled = self.policy.believe(answers, self.probabilities).posterior
            answered = np.flatnonzero(self.shelf.sold > 0)
            learned = self.model.learn(answered, settled[answered])
            self.probabilities = learned if learned is not None else self.probabilities
        self.believed = self.policy.believe(answers, self.probabilities)

    def point(self) -> Point:
        people_only = fit_belief(self.shelf.answers()).posterior
        return Point(
            paid=self.shelf.paid,
            share=self.shelf.paid / len(self.pool.answers),
            label_accuracy=accuracy(self.believed.posterior, self.pool.truth),
            people_only_accuracy=accuracy(people_only, self.pool.truth),
            model_accuracy=None if self.model is None else self.model.accuracy(self.test),
            voice=self.believed.voice,
        )
