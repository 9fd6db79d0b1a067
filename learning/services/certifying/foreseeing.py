"""What an audit would bring and cost, before the first answer. No promise rests on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import Avg

from labeling.errors import Refused
from labeling.models import Project
from learning.certificate import Floats, Forecast, Promise, fewest_audited, forecast
from learning.screening import majority_right
from learning.services.certifying.population import Population, population_now
from quality.models import Skill

SIZES = (200, 500, 1000)
ROUNDS = 40
MOST_SCREENING = 9  # answers of the crowd about an item
FEWEST_CHECKS = 20
UNKNOWN_CROWD = 0.8  # how often its people are right, before anybody was judged


@dataclass(frozen=True)
class Terms:
    """What the manager asks for: at most ``bound`` wrong with ``confidence``.

    ``share``: the most confident part of the pool that is audited. ``price_micros``: what an expert's
    answer costs. ``screen_answers``: 0 where experts label the whole audit; else so many people of the crowd
    screen it, ``both_wrong`` is the share of their agreements with the machine that is assumed to be wrong, and
    so many audit items are ``checks`` of that (``learning.screening``).
    """

    bound: float
    confidence: float = 0.95
    looks: int = 1
    per_class: bool = False
    share: float = 1.0
    price_micros: int = 0
    screen_answers: int = 0
    both_wrong: float = 0.005
    checks: int = 50

    def check(self) -> None:
        """Raises Refused with the name of what is impossible."""
        for name in ("bound", "confidence", "share"):
            value = getattr(self, name)
            if not (0 < value < 1 or (name == "share" and value == 1)):
                raise Refused("must lie between 0 and 1", field=name)
        if not 1 <= self.looks <= 20:
            raise Refused("must be from 1 to 20", field="looks")
        if self.screen_answers:
            self._check_screen()

    def _check_screen(self) -> None:
        if not 1 <= self.screen_answers <= MOST_SCREENING:
            raise Refused(f"must be from 1 to {MOST_SCREENING}, or 0", field="screen_answers")
        if not 0 < self.both_wrong < self.bound:
            raise Refused("must lie between 0 and the bound", field="both_wrong")
        if self.checks < FEWEST_CHECKS:
            raise Refused(f"must be at least {FEWEST_CHECKS}", field="checks")

    @property
    def assumed(self) -> float:
        return self.both_wrong if self.screen_answers else 0.0

    def promise(self, n_classes: int = 1) -> Promise:
        """Where each label has its own bound, all of them hold together: they share the risk."""
        parts = n_classes if self.per_class else 1
        return Promise(self.bound, (1 - self.confidence) / parts, self.looks, self.assumed)


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
    if terms.screen_answers:
        found = [_screened(one, project, terms, confidence) for one in found]
    fewest = fewest_audited(promise) * (n_classes if terms.per_class else 1)
    return Foreseen(len(confidence), fewest, found, _sentence(population, found, fewest))


def _screened(one: Forecast, project: Project, terms: Terms, confidence: Floats) -> Forecast:
    """Experts for the checks and for what the crowd is likely to see otherwise than the machine; the crowd's pay."""
    known = Skill.objects.filter(project=project, accuracy__isnull=False)
    accuracy = known.aggregate(mean=Avg("accuracy"))["mean"] or UNKNOWN_CROWD
    agreed = float(confidence.mean()) * majority_right(accuracy, terms.screen_answers)
    checks = min(terms.checks, one.audited)
    experts = checks + (one.audited - checks) * (1 - agreed)
    crowd = one.audited * terms.screen_answers * (project.price_micros or 0)
    return replace(one, experts=experts, cost=experts * terms.price_micros + crowd)


def _sentence(population: Population, found: list[Forecast], fewest: int) -> str:
    n_items = len(population.item_ids)
    if fewest > n_items:
        return (
            f"The bound cannot be met: it takes {fewest} audited items without an error, and there "
            f"are only {n_items}.{population.told_unseen}"
        )
    best = max(found, key=lambda one: one.coverage)
    if best.coverage == 0:
        return (
            "The bound is not likely to be met with audits of these sizes: ask for a higher bound, "
            "a larger audit, or more answers from people first."
        )
    return (
        f"An audit of {best.audited} items would let the machine label about {best.coverage:.0%} of "
        f"{n_items}, if its confidence is honest.{population.told_unseen}"
    )
