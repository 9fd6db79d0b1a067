"""A full fit of everything that settling needs, from all answers."""

from dataclasses import dataclass, replace

import numpy as np

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.belief import Belief, fit_belief, voice
from quality.inference.belief.people import pooled
from quality.inference.belief.sums import expected_counts
from quality.inference.settling.doubt import alike
from quality.inference.settling.parameters import Parameters, hear, margins
from quality.inference.settling.replay import Gold, replay
from quality.inference.settling.softening import fit_sureness


@dataclass(frozen=True, eq=False)
class Learned:
    """``confusion[a, k, l]`` of every annotator; ``counts[a, k, l]`` are the expected answers behind."""

    parameters: Parameters
    confusion: Floats
    counts: Floats


def learn(
    votes: Answers, gold: Ints, voiced: Floats | None = None, *, version: str = ""
) -> Learned:
    """Skills, shares, voice, softening and doubt.

    ``votes`` are in order of arrival. ``gold[i]`` is a known label or -1. ``voiced[i, k]`` are the
    model's probabilities (out-of-fold where it was trained); rows of NaN count as undecided.
    """
    heard = None if voiced is None else _undecided_filled(voiced)
    belief = fit_belief(votes, heard, gold)
    counts = expected_counts(votes, belief.posterior)
    parameters = Parameters(belief.shares, pooled(counts), alike=alike(votes, counts))
    if heard is not None and belief.voice > 0:
        parameters = _with_voice(parameters, votes, belief, heard, gold)
        parameters = replace(parameters, weight=belief.voice, version=version)
    learned = Learned(parameters, belief.confusion, counts)
    return _softened(learned, votes, gold, heard)


def _undecided_filled(voiced: Floats) -> Floats:
    filled = voiced.copy()
    filled[np.isnan(voiced).any(axis=1)] = 1 / voiced.shape[1]
    return filled


def _with_voice(
    parameters: Parameters, votes: Answers, belief: Belief, heard: Floats, gold: Ints
) -> Parameters:
    """The model's table, counted on answered items against the final belief."""
    borders = np.quantile(margins(heard), np.arange(1, voice.N_BANDS) / voice.N_BANDS)
    answered = np.flatnonzero((votes.votes_per_item() > 0) | (gold >= 0))
    near = hear(heard[answered], borders)
    table = voice.calibration(near, belief.posterior[answered], parameters.shares)
    return replace(parameters, table=table, borders=borders)


def _softened(learned: Learned, votes: Answers, gold: Ints, voiced: Floats | None) -> Learned:
    record = Gold.of(votes, gold)
    if record is None:
        return learned
    prefixes = replay(learned.parameters, learned.confusion, learned.counts, record, voiced)
    softening, doubt = fit_sureness(prefixes, record, learned.parameters.alike)
    sure = replace(learned.parameters, softening=softening, doubt=doubt)
    return replace(learned, parameters=sure)
