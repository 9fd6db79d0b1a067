"""Is the model's voice real? Asked without truth: does it predict what *other people* said?

The model's table is fitted on one half of the answered items and judged on the other half by how
much better it predicts their answers than the class shares do. People are taken as all alike there
(right with .8): under fitted matrices a fit that has collapsed would close the gate on the only one
who still knows better.

    evidence G = sum_i log( sum_k P(k | model's answer i) L_i(k) / sum_k shares_k L_i(k) )
    weight     = 1 / (1 + exp(-G))
"""

import numpy as np
from scipy.special import expit, logsumexp

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.belief import voice
from quality.inference.belief.people import anchor_matrix
from quality.inference.belief.sums import log_likelihood, normalised
from quality.inference.belief.voice import Heard

TABLE_STEPS = 5


def evidence(answers: Answers, heard: Heard, shares: Floats) -> float:
    """G in nats over all items of ``answers`` (each has answers)."""
    everybody = np.broadcast_to(
        anchor_matrix(answers.n_labels), (answers.n_annotators, answers.n_labels, answers.n_labels)
    )
    said = log_likelihood(answers, everybody)
    half = np.arange(answers.n_items) % 2
    return sum(_on_other_half(said, heard, shares, np.flatnonzero(half == h)) for h in (0, 1))


def weight(evidence: float) -> float:
    """The voice as a number between 0 (not heard) and 1."""
    return float(expit(evidence))


def _on_other_half(said: Floats, heard: Heard, shares: Floats, rows: Ints) -> float:
    table = _table(heard.at(rows), said[rows], shares)
    others = np.setdiff1d(np.arange(len(said)), rows)
    with_voice = np.log(voice.prior(heard.at(others), table, shares))
    gained = logsumexp(with_voice + said[others], axis=1)
    return float((gained - logsumexp(np.log(shares) + said[others], axis=1)).sum())


def _table(heard: Heard, said: Floats, shares: Floats) -> Floats:
    prior = np.broadcast_to(shares, said.shape)
    for _ in range(TABLE_STEPS):
        table = voice.calibration(heard, normalised(np.log(prior) + said), shares)
        prior = voice.prior(heard, table, shares)
    return table
