"""Labels that look alike: errors that fall on one other label are shared by everybody.

People who slip or guess err towards all labels as often as these are used at all. Where the errors
on items of label l gather on one label k, l looks like k: some items of l then look like k to
everybody, and no number of agreeing answers makes k certain. So

    excess[l, k] = (share[l, k] - usual[l, k]) / (1 - usual[l, k]), at least 0
    share[l, k]    of the errors on items of l, the share that says k
    usual[l, k]    k's share of all answers that are not l

is how far errors gather beyond chance, and SHARED_PART of excess[l, k] * P(says k | l) is moved
from the belief in k to l. With two labels errors have one place to go and nothing can be seen.

The part was chosen on the six development sets with more labels, each left out in turn: the others
ask for 0.5 to 0.8 every time, and the loss hardly differs between 0.4 and 0.8.
"""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Floats
from quality.inference.votes import Votes

SHARED_PART = 0.5
UNSEEN = 1e-6  # answers' worth of use for labels that nobody says


def look_alikes(votes: Votes, counts: Floats) -> Floats:
    """[k, l]: P(really l | believed k because l looks like it); rows sum to one.

    ``counts[a, l, k]``: how often annotator a said l where k is believed.
    """
    return shared_errors(counts.sum(axis=0).T, votes.tally.sum(axis=0))


def shared_errors(said: Floats, used: Floats, *, by_chance: float = 0.0) -> Floats:
    """The same from ``said[l, k]``, answers k about items of l, and ``used[k]``, all answers k.

    A few errors gather without meaning anything: ``by_chance`` standard errors of the usual share
    are taken off.
    """
    wrong = _off_diagonal(said / np.maximum(said.sum(axis=1, keepdims=True), UNSEEN))
    excess = _excess(_off_diagonal(said), _usual(used), by_chance)
    moved = np.eye(len(used)) + (SHARED_PART * excess * wrong).T
    shared: Floats = moved / moved.sum(axis=1, keepdims=True)
    return shared


def blur(posterior: Floats, moved: Floats) -> Floats:
    """[i, k]: beliefs shared with look-alikes, except where the label would change."""
    blurred = posterior @ moved
    flipped = blurred.argmax(axis=1) != posterior.argmax(axis=1)
    blurred[flipped] = posterior[flipped]
    return blurred


def _excess(errors: Floats, usual: Floats, by_chance: float) -> Floats:
    n_errors = np.maximum(errors.sum(axis=1, keepdims=True), UNSEEN)
    luck = by_chance * np.sqrt(usual * (1 - usual) / n_errors)
    beyond = (errors / n_errors - luck - usual) / np.maximum(1 - usual, UNSEEN)
    excess: Floats = np.clip(beyond, 0, 1)
    return excess


def _usual(used: Floats) -> Floats:
    """[l, k]: share of k among answers other than l."""
    others = _off_diagonal(np.tile(used + UNSEEN, (len(used), 1)))
    usual: Floats = others / np.maximum(others.sum(axis=1, keepdims=True), UNSEEN)
    return usual


def _off_diagonal(table: Floats) -> Floats:
    return table * (1 - np.eye(len(table)))
