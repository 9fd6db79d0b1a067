"""What an audit would bring and cost, before the first answer. No promise rests on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labeling.errors import Refused
from labeling.models import Project
from learning.certificate import Forecast, Promise, fewest_audited, forecast
from learning.services.certifying.population import Population, population_now

SIZES = (200, 500, 1000)
ROUNDS = 40


@dataclass(frozen=True)
class Terms:
    """What the manager asks for: at most ``bound`` wrong with ``confidence``.

    ``share``: the most confident part of the pool that is audited. ``price_micros``: what an expert's
    answer costs.
    """

    bound: float
    confidence: float = 0.95
    looks: int = 1
    per_class: bool = False
    share: float = 1.0
    price_micros: int = 0

    def check(self) -> None:
        """Raises Refused with the name of what is impossible."""
        for name in ("bound", "confidence", "share"):
            value = getattr(self, name)
            if not (0 < value < 1 or (name == "share" and value == 1)):
                raise Refused("must lie between 0 and 1", field=name)
        if not 1 <= self.looks <= 20:
            raise Refused("must be from 1 to 20", field="looks")

    def promise(self, n_classes: int = 1) -> Promise:
        """Where each label has its own bound, all of them hold together: they share the risk."""
        parts = n_classes if self.per_class else 1
        return Promise(self.bound, (1 - self.confidence) / parts, self.looks)


@dataclass(frozen=True)
class Foreseen:
    """``items`` in the region; one forecast an audit size; ``sentence`` says plainly what to expect."""

    items: int
    fewest: int
    forecasts: list[Forecast]
    sentence: str


def foresee(project: Project, terms: Terms, sizes: Sequence[int] = SIZES) -> Foreseen:
    """Raises Refused for impossible terms, Conflict where there is no model or no pool."""
    terms.check()
    population, _ = population_now(project, terms.share)
    n_classes = len(np.unique(population.code))
    promise, confidence = terms.promise(n_classes), population.confidence
    rng = np.random.default_rng([project.pk, population.model.number])
    found = [
        forecast(confidence, size, promise, rng, price=terms.price_micros, rounds=ROUNDS)
        for size in sorted({min(size, len(confidence)) for size in sizes})
    ]
    fewest = fewest_audited(promise) * (n_classes if terms.per_class else 1)
    return Foreseen(len(confidence), fewest, found, _sentence(population, found, fewest))


def _sentence(population: Population, found: list[Forecast], fewest: int) -> str:
    n_items = len(population.item_ids)
    if fewest > n_items:
        return (
            f"The bound cannot be met: it takes {fewest} audited items without an error, and there "
            f"are only {n_items}."
        )
    best = max(found, key=lambda one: one.coverage)
    if best.coverage == 0:
        return (
            "The bound is not likely to be met with audits of these sizes: ask for a higher bound, "
            "a larger audit, or more answers from people first."
        )
    return (
        f"An audit of {best.audited} items would let the machine label about {best.coverage:.0%} of "
        f"{n_items}, if its confidence is honest."
    )
