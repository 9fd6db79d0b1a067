"""Gold items answered as if they were ordinary: the only honest test of the stopping rule.

Each gold item's answers are taken in order of arrival, and the belief is formed after the first, the
second and so on, with the model's voice, until the rule would have settled the item. The item's
own gold label takes no part: it is taken out of the skill of everyone whose answer it has scored.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.belief.sums import normalised
from quality.inference.settling.parameters import Parameters, priors, vote_weight
from quality.inference.settling.rule import Rule

MOST_REPLAYED = 20  # answers of one gold item that are looked at
LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class Gold:
    """Answers to gold items in order of arrival, one row an item; -1 beyond the last answer.

    item[g], truth[g], annotator[g, p], label[g, p], and said[g]: the number of answers.
    """

    item: Ints
    truth: Ints
    annotator: Ints
    label: Ints
    said: Ints

    @classmethod
    def of(cls, votes: Answers, gold: Ints) -> Self | None:
        """None when nobody has answered a gold item."""
        rows = np.flatnonzero(gold[votes.item] >= 0)
        if rows.size == 0:
            return None
        rows = rows[np.argsort(votes.item[rows], kind="stable")]
        item, place, said = np.unique(votes.item[rows], return_inverse=True, return_counts=True)
        nth = np.arange(rows.size) - (np.cumsum(said) - said)[place]
        early = nth < MOST_REPLAYED
        rows, place, nth = rows[early], place[early], nth[early]
        table = np.full((2, item.size, min(int(said.max()), MOST_REPLAYED)), -1, dtype=np.int64)
        table[0, place, nth], table[1, place, nth] = votes.annotator[rows], votes.label[rows]
        return cls(item, gold[item], table[0], table[1], np.minimum(said, MOST_REPLAYED))


@dataclass(frozen=True, eq=False)
class Prefixes:
    """prior[g, k], and heard[g, p, k]: log probability of the first p + 1 answers."""

    prior: Floats
    heard: Floats

    def beliefs(self, softening: float) -> Floats:
        """[g, p, k]: what the first p + 1 answers say."""
        weight = vote_weight(np.arange(1, self.heard.shape[1] + 1), softening)
        joint = np.log(self.prior)[:, None] + weight[None, :, None] * self.heard
        flat = normalised(joint.reshape(-1, joint.shape[2]))
        return np.asarray(flat.reshape(joint.shape))


@dataclass(frozen=True, eq=False)
class Outcome:
    """What the rule would have done with each gold item.

    settled[g]: 1 where the rule stopped, 0 where answers or seats ran out first; stated[g, k]: the
    belief it had then; right[g]: whether its label was the known one.
    """

    settled: Ints
    right: Ints
    stated: Floats


def replay(
    parameters: Parameters, confusion: Floats, counts: Floats, gold: Gold, voiced: Floats | None
) -> Prefixes:
    """``voiced[i, k]`` are the model's probabilities for all items that ``gold.item`` points into."""
    said = _without_own_gold(confusion, counts, gold)
    said = np.where((gold.annotator >= 0)[:, :, None], np.log(said), 0.0)
    near = None if voiced is None else voiced[gold.item]
    return Prefixes(priors(parameters, near, gold.item.size), np.cumsum(said, axis=1))


def outcome(prefixes: Prefixes, gold: Gold, rule: Rule, parameters: Parameters) -> Outcome:
    """Stops each gold item where the rule would have stopped an ordinary one."""
    after = stated_after(prefixes, parameters)[:, : rule.votes_max]
    n = np.arange(1, after.shape[1] + 1)
    exists = n[None, :] <= gold.said[:, None]
    stops = exists & (n >= rule.votes_min)[None, :] & (after.max(axis=2) >= rule.target)
    last = np.minimum(gold.said, after.shape[1]) - 1
    settled = stops.any(axis=1)
    at = np.where(settled, stops.argmax(axis=1), last)
    held = after[np.arange(at.size), at]
    right = held.argmax(axis=1) == gold.truth
    return Outcome(settled.astype(np.int64), right.astype(np.int64), held)


def stated_after(prefixes: Prefixes, parameters: Parameters) -> Floats:
    """[g, p, k]: what would be stated after p + 1 answers."""
    belief = prefixes.beliefs(parameters.softening)
    flat = parameters.stated(belief.reshape(-1, belief.shape[2]))
    return np.asarray(flat.reshape(belief.shape))


def _without_own_gold(confusion: Floats, counts: Floats, gold: Gold) -> Floats:
    """[g, p, k]: P(answer | truth k), the gold label of item g not used.

    A row was (counts + strength * base) / (n + strength), strength = n_labels; one count goes.
    """
    n_labels = confusion.shape[1]
    who, said, truth = np.maximum(gold.annotator, 0), np.maximum(gold.label, 0), gold.truth[:, None]
    table = confusion[who, :, said]
    n = counts[who, truth].sum(axis=2) + n_labels
    own = (confusion[who, truth, said] * n - 1) / np.maximum(n - 1, 1)
    np.put_along_axis(table, truth[:, :, None], np.maximum(own, LEAST)[:, :, None], axis=2)
    return table
