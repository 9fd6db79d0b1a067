"""Policies by name. Each says how labels are believed and which items get the next answer.

default             the belief with the model's voice, and the priced decision; as in production
people-only         the same with the voice switched off
fixed3-majority     every item in random order gets three answers; majority
fixed5-majority     five
fixed-dawid-skene   one more answer for every item, round after round, until all are bought;
                    people's matrices
dynamic-0.95        another answer for every item of which the people-only belief is below .95
entropy3            the items the model is least sure of get three answers each; majority
round-robin         one more answer for every item, round after round; majority

Where a policy has no answer yet the model fills in (for people-only policies: the commonest label).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import entr

from learning.decision import Market, next_questions
from learning.replay.shelf import Shelf
from quality.inference.answers import Answers, Floats, Ints
from quality.inference.belief import fit_belief
from quality.inference.belief.sums import vote_counts


@dataclass(frozen=True)
class State:
    """What a policy sees before it buys; ``probabilities[i, k]`` None before the first model."""

    shelf: Shelf
    posterior: Floats
    probabilities: Floats | None


@dataclass(frozen=True)
class Believed:
    """``voice`` is how much the model is heard, between 0 and 1."""

    posterior: Floats
    voice: float = 0.0


Labels = Callable[[Answers, Floats | None], Believed]
Next = Callable[[State, int, Generator], Ints]


@dataclass(frozen=True)
class Policy:
    """``believe`` turns answers and model into a posterior; ``ask`` names different items.

    ``has_model`` is False for those that must not even train one for their labels.
    """

    name: str
    believe: Labels
    ask: Next
    has_model: bool = True


class UnknownPolicy(ValueError):
    """No policy has that name."""


def get(name: str) -> Policy:
    if name not in _POLICIES:
        raise UnknownPolicy(f"no policy {name!r}; there are {', '.join(names())}")
    return _POLICIES[name]


def names() -> list[str]:
    return list(_POLICIES)


def _with_voice(answers: Answers, probabilities: Floats | None) -> Believed:
    belief = fit_belief(answers, probabilities)
    return Believed(belief.posterior, belief.voice)


def _people_only(answers: Answers, _probabilities: Floats | None) -> Believed:
    return Believed(fit_belief(answers).posterior)


def _majority(answers: Answers, probabilities: Floats | None) -> Believed:
    """Vote shares; the model decides ties and speaks for items without answers."""
    counts = vote_counts(answers)
    fallback = counts.sum(axis=0) + 1 if probabilities is None else probabilities
    fallback = np.broadcast_to(fallback / fallback.sum(axis=-1, keepdims=True), counts.shape)
    joint = counts + 0.1 * fallback
    return Believed(joint / joint.sum(axis=1, keepdims=True))


def _priced(state: State, wanted: int, rng: Generator) -> Ints:
    return next_questions(market_of(state), wanted, rng).items


def market_of(state: State) -> Market:
    n_items = len(state.posterior)
    model = state.probabilities
    doubt = np.zeros(n_items) if model is None else 1 - model.max(axis=1)
    shelf = state.shelf
    return Market(state.posterior.max(axis=1), shelf.sold, shelf.available, doubt, np.ones(n_items))


def _fewest_first(state: State, wanted: int, rng: Generator) -> Ints:
    rows = rng.permutation(np.flatnonzero(state.shelf.available))
    return rows[np.argsort(state.shelf.sold[rows], kind="stable")][:wanted]


def _up_to(target: int) -> Next:
    """Finish items that were begun before another one is begun."""

    def ask(state: State, wanted: int, rng: Generator) -> Ints:
        return _begun_first(state, target, rng.random(len(state.posterior)))[:wanted]

    return ask


def _least_sure_up_to(target: int) -> Next:
    def ask(state: State, wanted: int, rng: Generator) -> Ints:
        model = state.probabilities
        worth = rng.random(len(state.posterior)) if model is None else entr(model).sum(axis=1)
        return _begun_first(state, target, worth)[:wanted]

    return ask


def _begun_first(state: State, target: int, worth: Floats) -> Ints:
    sold = state.shelf.sold
    rows = np.flatnonzero(state.shelf.available & (sold < target))
    return rows[np.lexsort((-worth[rows], sold[rows] == 0))]


def _below(confidence: float) -> Next:
    def ask(state: State, wanted: int, rng: Generator) -> Ints:
        sure = (state.posterior.max(axis=1) >= confidence) & (state.shelf.sold > 0)
        rows = rng.permutation(np.flatnonzero(state.shelf.available & ~sure))
        return rows[np.argsort(state.shelf.sold[rows], kind="stable")][:wanted]

    return ask


_POLICIES = {
    policy.name: policy
    for policy in (
        Policy("default", _with_voice, _priced),
        Policy("people-only", _people_only, _priced, has_model=False),
        Policy("fixed3-majority", _majority, _up_to(3)),
        Policy("fixed5-majority", _majority, _up_to(5)),
        Policy("fixed-dawid-skene", _people_only, _fewest_first, has_model=False),
        Policy("dynamic-0.95", _people_only, _below(0.95), has_model=False),
        Policy("entropy3", _majority, _least_sure_up_to(3)),
        Policy("round-robin", _majority, _fewest_first),
    )
}
