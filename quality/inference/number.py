"""Numbers: a robust hierarchical model of how each person turns a value into an answer.

    y = t[i] + offset[a] + (scale[a] - 1)(t[i] - mean) + noise,   noise ~ N(0, spread[a]^2)

A person has a bias (``offset``), uses the scale more or less widely (``scale``) and has a noise of
their own (``spread``). This is the congeneric test model of Joreskog (1971) with the person as the
test, in the line of Raykar et al., Learning from Crowds (JMLR 2010), section 5; all four kinds of
unknowns are drawn to the crowd by priors whose width is learned (empirical Bayes). Residuals
beyond three spreads count with Huber's weight (1964), so a slip of the keyboard moves nothing.

The value is the mean of two estimates: this model's, which trusts people by precision, and the
mean of offset-corrected answers, which trusts them by the root of it. A model is never quite
right about whom to trust; averaging with a more even-handed one loses little when it is and much
less when it is not.

Confidence is P(|value - truth| <= tolerance). Its variance is the model's, times the item's own
disagreement, times the design effect of answers that share their errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from scipy.special import ndtr

from quality.inference.evidence import Reliability, design_effect
from quality.inference.known import Known
from quality.inference.number_steps import (
    State,
    start,
    update_offsets,
    update_scales,
    update_spread,
    update_values,
)
from quality.inference.typed_answers import LARGEST, Floats, Ints, TypedAnswers, check_each, sums

TINY = 1e-12
A_NUMBER = f"a finite number up to {LARGEST:g}"
FAR = 1e60  # in units of the data: fourth powers do not overflow


def distance(a: float, b: float) -> float:
    """Squared difference: Krippendorff's metric for interval data."""
    return (a - b) ** 2


class NumberConsensus:
    """Values, confidence and people from numeric answers.

    tolerance       half-width of "right" in the answers' unit; None takes a tenth of the range
                    that holds the middle nine tenths of all answers
    kurtosis        of errors: 3 for a normal distribution, 6 for a Laplace one. It says how soon a
                    person's own spread is believed rather than the crowd's
    max_iterations, tolerance_of_change   EM stops when no value moves by more than this share of
                    the answers' standard deviation; ``converged_`` says if it did

    After ``fit``: ``value_[i]``, ``sd_[i]``, ``confidence_[i]`` (NaN-free: an item without answers
    has the crowd's mean and confidence 0), ``offset_[a]``, ``scale_[a]``, ``spread_[a]`` and
    ``reliability_``: the share of the variance of a person's answers that the truth explains.
    """

    confidence_: Floats

    def __init__(
        self,
        *,
        tolerance: float | None = None,
        kurtosis: float = 6.0,
        max_iterations: int = 200,
        tolerance_of_change: float = 1e-5,
    ) -> None:
        self.tolerance = tolerance
        self.kurtosis = kurtosis
        self.max_iterations = max_iterations
        self.tolerance_of_change = tolerance_of_change

    def fit(self, answers: TypedAnswers[float], gold: Mapping[int, float] | None = None) -> Self:
        """``gold[i]``: known value of item i. ValueError for what is no number of at most LARGEST."""
        known = _finite_gold(Known.of(gold, answers.n_items))
        said = _finite(answers)
        # in units of the data, so that no constant below has a unit; very large values cannot
        # overflow when squared
        middle, unit = _middle_and_unit(said)
        numbers = _in_units(said, middle, unit)
        right = np.array(known.value, dtype=np.float64)
        state = self._iterate(
            answers, numbers, Known(known.item, _in_units(right, middle, unit).tolist())
        )
        self._publish_items(answers, numbers, state, middle, unit)
        self.value_[known.item], self.sd_[known.item] = known.value, 0.0
        self.confidence_ = known.sure(self.confidence_)
        self._publish_people(answers, state, unit)
        return self

    def _iterate(self, answers: TypedAnswers[float], said: Floats, known: Known[float]) -> State:
        state = start(answers, said, known)
        self.iterations_, self.converged_ = 0, len(answers) == 0
        while not self.converged_ and self.iterations_ < self.max_iterations:
            before = state.value
            self._step(answers, said, state, known)
            self.iterations_ += 1
            moved = float(np.abs(state.value - before).max(initial=0.0))
            self.converged_ = moved <= self.tolerance_of_change
        return state

    def _step(
        self, answers: TypedAnswers[float], said: Floats, state: State, known: Known[float]
    ) -> None:
        update_spread(answers, said, state, self.kurtosis)
        update_values(answers, said, state, known)
        update_offsets(answers, said, state)
        update_scales(answers, said, state)

    def _publish_items(
        self,
        answers: TypedAnswers[float],
        said: Floats,
        state: State,
        middle: float,
        unit: float,
    ) -> None:
        seen = answers.per_item()
        value = 0.5 * (state.value + _even_handed(answers, said, state))
        value = np.where(seen > 0, value, state.mean)
        self.value_ = middle + unit * np.clip(value, said.min(initial=0.0), said.max(initial=0.0))
        disagreement = _disagreement(answers, said, state)
        self.sd_ = unit * np.sqrt(state.variance * disagreement * design_effect(seen))
        self.tolerance_ = self.tolerance if self.tolerance is not None else _tenth(said) * unit
        within = 2.0 * ndtr((self.tolerance_ + TINY) / (self.sd_ + TINY)) - 1.0
        self.confidence_ = np.where(seen > 0, within, 0.0)

    def _publish_people(self, answers: TypedAnswers[float], state: State, unit: float) -> None:
        self.offset_ = unit * (state.offset + state.mean * (state.scale - 1.0))
        self.scale_ = state.scale
        self.spread_ = unit * np.sqrt(state.spread)
        explained = state.scale**2 * state.item_variance
        share = explained / (explained + state.spread)
        self.reliability_ = _reliability(share, answers.per_annotator())


def _finite(answers: TypedAnswers[float]) -> Floats:
    try:
        said = np.asarray(answers.label, dtype=np.float64).reshape(len(answers))
    except (OverflowError, TypeError, ValueError):
        check_each("label", enumerate(answers.label), _is_number, A_NUMBER)
        raise
    if not (np.abs(said) <= LARGEST).all():
        check_each("label", enumerate(said.tolist()), _is_number, A_NUMBER)
    return said


def _finite_gold(known: Known[float]) -> Known[float]:
    check_each("gold", known.pairs(), _is_number, A_NUMBER)
    return known


def _is_number(value: float) -> bool:
    return abs(float(value)) <= LARGEST


def _in_units(numbers: Floats, middle: float, unit: float) -> Floats:
    """What lies farther out than FAR says no more than that it is far out."""
    with np.errstate(over="ignore"):
        scaled: Floats = np.clip((numbers - middle) / unit, -FAR, FAR)
    return scaled


def _middle_and_unit(said: Floats) -> tuple[float, float]:
    """Median, and a spread that gross errors do not stretch; 1 when all answers are equal."""
    if said.size == 0:
        return 0.0, 1.0
    middle = float(np.median(said))
    low, high = np.quantile(said, [0.05, 0.95])
    unit = float(high - low) / 3.3 or float(np.abs(said - middle).max()) or 1.0
    return middle, unit


def _tenth(said: Floats) -> float:
    """A tenth of the range of the middle nine tenths of all answers."""
    if said.size == 0:
        return 0.0
    low, high = np.quantile(said, [0.05, 0.95])
    return 0.1 * float(high - low)


def _even_handed(answers: TypedAnswers[float], said: Floats, state: State) -> Floats:
    """[i]: mean of offset-corrected answers, weighted by one over the spread (not its square)."""
    person = answers.annotator
    offset = state.offset + state.mean * (state.scale - 1.0)
    weight = state.weight / np.sqrt(state.spread[person])
    total = sums(answers.item, weight, answers.n_items)
    pull = sums(answers.item, weight * (said - offset[person]), answers.n_items)
    result: Floats = np.divide(
        pull, total, out=np.full(answers.n_items, state.mean), where=total > 0
    )
    return result


def _disagreement(answers: TypedAnswers[float], said: Floats, state: State) -> Floats:
    """[i]: how many times more than usual people differ on the item, from five answers' prior."""
    item, person = answers.item, answers.annotator
    residual = said - state.offset[person] - state.scale[person] * state.value[item]
    square = (state.weight * residual) ** 2 + state.scale[person] ** 2 * state.variance[item]
    total = sums(item, square / state.spread[person], answers.n_items)
    return (total + 5.0) / (answers.per_item() + 5.0)


def _reliability(share: Floats, answers: Ints) -> Reliability:
    """Fisher's interval of a correlation, squared, as if everybody had given three more answers."""
    correlation = np.arctanh(np.sqrt(np.clip(share, 0.0, 1.0 - 1e-9)))
    margin = 1.96 / np.sqrt(answers + 3.0)
    low = np.tanh(np.maximum(correlation - margin, 0.0)) ** 2
    return Reliability(share, low, np.maximum(np.tanh(correlation + margin) ** 2, share))
