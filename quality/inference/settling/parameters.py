"""What is kept of a full fit, and how an item's posterior follows from it.

A refit learns project-wide ``Parameters`` and one confusion matrix for each annotator. Between refits
the posterior of a touched item is computed from exactly these stored numbers, so a label can be
explained vote by vote, and comes out the same whoever computes it, and whenever:

    log posterior[i, k] = log prior[i, k] + w(n_i) * sum over votes of log confusion[a, k, l] + const
    prior[i, k]         the model's answer as far as it has earned a voice, else the class shares
    w(n)                1 / (1 + softening * (n - 1)): n answers about one item are not n independent
                        facts (as in cluster sampling); gold tunes it (softening.py)

That is the belief of the votes. What is stated leaves room for items that deceive everybody (doubt.py).
"""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.belief import voice
from quality.inference.belief.people import pooled
from quality.inference.belief.sums import log_likelihood, normalised
from quality.inference.settling.doubt import DOUBT, stated

MOST_VOTES = 20  # the softening was measured up to so many answers an item
SOFTENING = 0.3  # without gold; ten of eleven real sets lie between 0.2 and 0.6


@dataclass(frozen=True, eq=False)
class Parameters:
    """The project-wide part of a fit.

    shares[k]        how common each label is
    pool[k, l]       the crowd's confusion matrix: stands for people without their own
    softening        how much answers about one item repeat each other, 0 or more
    doubt            share of items about which the votes say nothing; alike[k, l]: labels that look alike
    table[b, a, k]   P(truth k | the model says a with sureness b); None: no model is heard
    borders[b]       margins that part one band of sureness from the next
    weight           the model's voice, between 0 (not heard) and 1
    version          the model that the table was made for
    """

    shares: Floats
    pool: Floats
    softening: float = SOFTENING
    doubt: float = DOUBT
    alike: Floats | None = None
    table: Floats | None = None
    borders: Floats | None = None
    weight: float = 0.0
    version: str = ""

    @property
    def n_labels(self) -> int:
        return len(self.shares)

    def stated(self, belief: Floats) -> Floats:
        """[i, k]: what is stated where prior and votes say this."""
        return stated(belief, self.doubt, self.alike)

    def to_json(self) -> dict[str, Any]:
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        names = {field.name for field in fields(cls)} & set(stored)
        return cls(**{name: _array(stored[name]) for name in names})


def fresh(n_labels: int) -> Parameters:
    """Before anything is known: even shares, everybody right with .8."""
    return Parameters(np.full(n_labels, 1 / n_labels), pooled(np.zeros((1, n_labels, n_labels))))


def priors(parameters: Parameters, voiced: Floats | None, n_items: int) -> Floats:
    """What is believed before an item's own answers: [i, k].

    ``voiced[i, k]`` are the model's probabilities, a row of NaN where it says nothing.
    """
    plain = np.tile(parameters.shares, (n_items, 1))
    if voiced is None or parameters.table is None or parameters.borders is None:
        return plain
    rows = np.flatnonzero(~np.isnan(voiced).any(axis=1))
    heard = hear(voiced[rows], parameters.borders)
    said = voice.prior(heard, parameters.table, parameters.shares)
    plain[rows] = parameters.weight * said + (1 - parameters.weight) * plain[rows]
    return plain


def posterior(
    parameters: Parameters, votes: Answers, confusion: Floats, voiced: Floats | None = None
) -> Floats:
    """What is stated about every item of ``votes``: [i, k], rows sum to one."""
    return parameters.stated(votes_belief(parameters, votes, confusion, voiced))


def votes_belief(
    parameters: Parameters, votes: Answers, confusion: Floats, voiced: Floats | None = None
) -> Floats:
    """What the prior and the votes alone say, nothing doubted: [i, k], rows sum to one."""
    said = vote_weight(votes.votes_per_item(), parameters.softening)[:, None]
    said = said * log_likelihood(votes, confusion)
    return normalised(np.log(priors(parameters, voiced, votes.n_items)) + said)


def vote_weight(n_votes: Ints, softening: float) -> Floats:
    """What one of n votes about an item counts: 1 for a single vote."""
    repeats = np.clip(n_votes, 1, MOST_VOTES) - 1
    return np.asarray(1 / (1 + softening * repeats), dtype=np.float64)


def hear(probabilities: Floats, borders: Floats) -> voice.Heard:
    """The model's best label and its band by stored borders."""
    return voice.Heard(
        probabilities,
        probabilities.argmax(axis=1),
        np.searchsorted(borders, margins(probabilities)),
    )


def margins(probabilities: Floats) -> Floats:
    """How far the best label is ahead of the second: [i]."""
    two_best = np.partition(probabilities, -2, axis=1)[:, -2:]
    return np.asarray(two_best[:, 1] - two_best[:, 0])


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _array(value: Any) -> Any:
    return np.array(value, dtype=np.float64) if isinstance(value, list) else value
