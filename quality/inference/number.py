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

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import ndtr

from quality.inference.evidence import Reliability, design_effect
from quality.inference.typed_answers import Floats, Ints, TypedAnswers, sums

HUBER = 3.0
TINY = 1e-12


def distance(a: float, b: float) -> float:
    """Squared difference: Krippendorff's metric for interval data."""
    return (a - b) ** 2


@dataclass(slots=True, eq=False)
class _State:
    """What EM carries from step to step; arrays by item ``i``, annotator ``a`` or answer."""

    value: Floats
    variance: Floats
    mean: float
    item_variance: float
    offset: Floats
    offset_variance: float
    scale: Floats
    scale_variance: float
    spread: Floats
    weight: Floats


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

    def fit(self, answers: TypedAnswers[float]) -> Self:
        """ValueError when a label is not a finite number."""
        said = _finite(answers)
        # in units of the data, so that no constant below has a unit; very large values cannot
        # overflow when squared
        middle, unit = _middle_and_unit(said)
        numbers = (said - middle) / unit
        state = self._iterate(answers, numbers)
        self._publish_items(answers, numbers, state, middle, unit)
        self._publish_people(answers, state, unit)
        return self

    def _iterate(self, answers: TypedAnswers[float], said: Floats) -> _State:
        state = _start(answers, said)
        self.iterations_, self.converged_ = 0, len(answers) == 0
        while not self.converged_ and self.iterations_ < self.max_iterations:
            before = state.value
            self._step(answers, said, state)
            self.iterations_ += 1
            moved = float(np.abs(state.value - before).max(initial=0.0))
            self.converged_ = moved <= self.tolerance_of_change
        return state

    def _step(self, answers: TypedAnswers[float], said: Floats, state: _State) -> None:
        _update_spread(answers, said, state, self.kurtosis)
        _update_values(answers, said, state)
        _update_offsets(answers, said, state)
        _update_scales(answers, said, state)

    def _publish_items(
        self,
        answers: TypedAnswers[float],
        said: Floats,
        state: _State,
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

    def _publish_people(self, answers: TypedAnswers[float], state: _State, unit: float) -> None:
        self.offset_ = unit * (state.offset + state.mean * (state.scale - 1.0))
        self.scale_ = state.scale
        self.spread_ = unit * np.sqrt(state.spread)
        explained = state.scale**2 * state.item_variance
        share = explained / (explained + state.spread)
        self.reliability_ = _reliability(share, answers.per_annotator())


def _finite(answers: TypedAnswers[float]) -> Floats:
    said = np.asarray(answers.label, dtype=np.float64).reshape(len(answers))
    if not np.isfinite(said).all():
        row = int(np.flatnonzero(~np.isfinite(said))[0])
        raise ValueError(f"label[{row}] is {said[row]}, not a finite number")
    return said


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


def _item_medians(answers: TypedAnswers[float], said: Floats) -> Floats:
    """[i]: the median answer; 0, the middle of all answers, for an item without any."""
    order = np.lexsort((said, answers.item))
    count = answers.per_item()
    if not len(order):
        return np.zeros(answers.n_items)
    first = np.cumsum(count) - count
    last = len(order) - 1
    low = said[order[np.minimum(first + np.maximum(count - 1, 0) // 2, last)]]
    high = said[order[np.minimum(first + count // 2, last)]]
    return np.where(count > 0, 0.5 * (low + high), 0.0)


def _start(answers: TypedAnswers[float], said: Floats) -> _State:
    """Medians as values; noise and item variance from the spread about them.

    Where items have one answer each, noise and truth cannot be told apart and each gets half.
    """
    value = _item_medians(answers, said)
    residual = np.clip(said - value[answers.item], -HUBER, HUBER)
    free = max(len(answers) - answers.n_items, 0)
    noise = (float(residual @ residual) + 0.5) / (free + 1.0)
    spread = np.full(answers.n_annotators, noise)
    return _State(
        value=value,
        variance=np.full(answers.n_items, noise / max(len(answers) / max(answers.n_items, 1), 1)),
        mean=float(value.mean()) if value.size else 0.0,
        item_variance=max(float(np.var(np.clip(value, -HUBER, HUBER))) if value.size else 1.0, 0.1),
        offset=np.zeros(answers.n_annotators),
        offset_variance=0.1 * noise,
        scale=np.ones(answers.n_annotators),
        scale_variance=0.1,
        spread=spread,
        weight=np.ones(len(answers)),
    )


def _update_spread(
    answers: TypedAnswers[float], said: Floats, state: _State, kurtosis: float
) -> None:
    """Huber weights from the old spreads, then spreads from the weighted squares."""
    item, person = answers.item, answers.annotator
    residual = said - state.offset[person] - state.scale[person] * state.value[item]
    far = np.abs(residual) / (HUBER * np.sqrt(state.spread[person]))
    state.weight = 1.0 / np.maximum(1.0, far)
    square = (state.weight * residual) ** 2 + state.scale[person] ** 2 * state.variance[item]
    common = (float(square.sum()) + 1e-6) / (len(answers) + 1.0)
    total = sums(person, square, answers.n_annotators)
    state.spread = _drawn_spread(total, answers.per_annotator(), common, kurtosis)


def _drawn_spread(total: Floats, answers: Ints, common: float, kurtosis: float) -> Floats:
    """[a]: each person's mean square, drawn to the crowd's on a log scale.

    The log of a variance from n errors has itself a variance of (kurtosis - 1) / n; what people
    differ by beyond that is how much they really differ.
    """
    own = np.log((total + common) / (answers + 1.0))
    sampling = (kurtosis - 1.0) / (answers + 1.0)
    weight = answers / max(float(answers.sum()), 1.0)
    centre = float(weight @ own)
    between = float(weight @ ((own - centre) ** 2 - sampling))
    trust = max(between, 0.05) / (max(between, 0.05) + sampling)
    drawn: Floats = np.exp(centre + trust * (own - centre))
    return np.maximum(drawn, 1e-3 * common)


def _update_values(answers: TypedAnswers[float], said: Floats, state: _State) -> None:
    item, person = answers.item, answers.annotator
    precision = state.weight / state.spread[person]
    scale = state.scale[person]
    evidence = sums(item, precision * scale**2, answers.n_items)
    pull = sums(item, precision * scale * (said - state.offset[person]), answers.n_items)
    state.variance = 1.0 / (evidence + 1.0 / state.item_variance)
    state.value = (pull + state.mean / state.item_variance) * state.variance
    state.mean = float(state.value.mean())
    square = (state.value - state.mean) ** 2 + state.variance
    state.item_variance = max(float(square.mean()), 1e-6)


def _update_offsets(answers: TypedAnswers[float], said: Floats, state: _State) -> None:
    item, person = answers.item, answers.annotator
    left = state.weight * (said - state.scale[person] * state.value[item])
    evidence = sums(person, state.weight, answers.n_annotators) / state.spread
    variance = 1.0 / (evidence + 1.0 / state.offset_variance)
    state.offset = sums(person, left, answers.n_annotators) / state.spread * variance
    state.offset_variance = max(float((state.offset**2 + variance).mean()), 1e-6)


def _update_scales(answers: TypedAnswers[float], said: Floats, state: _State) -> None:
    """A scale is at least 0.05: an answerer who ignores the item is noise, not a mirror."""
    item, person = answers.item, answers.annotator
    centred = state.value - state.mean
    left = said - state.offset[person] - state.mean * state.scale[person]
    squares = state.weight * (centred**2 + state.variance)[item]
    evidence = sums(person, squares, answers.n_annotators) / state.spread
    products = state.weight * centred[item] * left
    pull = sums(person, products, answers.n_annotators) / state.spread
    variance = 1.0 / (evidence + 1.0 / state.scale_variance)
    scale = np.maximum((pull + 1.0 / state.scale_variance) * variance, 0.05)
    state.scale_variance = max(float(((scale - 1.0) ** 2 + variance).mean()), 1e-6)
    state.scale = scale / scale.mean()


def _even_handed(answers: TypedAnswers[float], said: Floats, state: _State) -> Floats:
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


def _disagreement(answers: TypedAnswers[float], said: Floats, state: _State) -> Floats:
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
