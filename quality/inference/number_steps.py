"""The steps of the model of numbers; ``number`` has the model.

Arrays are by item ``i``, annotator ``a`` or answer; all values are in units of the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quality.inference.known import Known
from quality.inference.typed_answers import Floats, Ints, TypedAnswers, sums

HUBER = 3.0


@dataclass(slots=True, eq=False)
class State:
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


def start(answers: TypedAnswers[float], said: Floats, known: Known[float]) -> State:
    """Medians as values; noise and item variance from the spread about them.

    Where items have one answer each, noise and truth cannot be told apart and each gets half.
    """
    value = _item_medians(answers, said)
    value[known.item] = known.value
    residual = np.clip(said - value[answers.item], -HUBER, HUBER)
    free = max(len(answers) - answers.n_items, 0)
    noise = (float(residual @ residual) + 0.5) / (free + 1.0)
    spread = np.full(answers.n_annotators, noise)
    return State(
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


def update_spread(
    answers: TypedAnswers[float], said: Floats, state: State, kurtosis: float
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


def update_values(
    answers: TypedAnswers[float], said: Floats, state: State, known: Known[float]
) -> None:
    """Known values stand fast, without variance."""
    item, person = answers.item, answers.annotator
    precision = state.weight / state.spread[person]
    scale = state.scale[person]
    evidence = sums(item, precision * scale**2, answers.n_items)
    pull = sums(item, precision * scale * (said - state.offset[person]), answers.n_items)
    state.variance = 1.0 / (evidence + 1.0 / state.item_variance)
    state.value = (pull + state.mean / state.item_variance) * state.variance
    state.value[known.item], state.variance[known.item] = known.value, 0.0
    state.mean = float(state.value.mean())
    square = (state.value - state.mean) ** 2 + state.variance
    state.item_variance = max(float(square.mean()), 1e-6)


def update_offsets(answers: TypedAnswers[float], said: Floats, state: State) -> None:
    item, person = answers.item, answers.annotator
    left = state.weight * (said - state.scale[person] * state.value[item])
    evidence = sums(person, state.weight, answers.n_annotators) / state.spread
    variance = 1.0 / (evidence + 1.0 / state.offset_variance)
    state.offset = sums(person, left, answers.n_annotators) / state.spread * variance
    state.offset_variance = max(float((state.offset**2 + variance).mean()), 1e-6)


def update_scales(answers: TypedAnswers[float], said: Floats, state: State) -> None:
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
