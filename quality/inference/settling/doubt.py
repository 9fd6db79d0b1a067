"""What no number of agreeing votes rules out: an item that deceives everybody.

People's errors about one item are not independent, and softening alone does not say so where a label
rests on one or two votes: on the eleven development sets the items that the rule settled without gold
were stated right in .976 and were right in .932. So the belief q[i, k] of the votes is stated as

    stated[i] = (1 - doubt) * q[i] @ alike + doubt / n_labels
    alike[k, l]   P(really l | everybody says k, for l looks like k): look_alikes.py, from the answers
    doubt         share of items about which the votes say nothing, however sure they are

Without gold doubt is ``DOUBT``, so that nothing is stated above about .98. Gold answered as if it were
ordinary tunes it (softening.py): the prior is a Beta with mean ``DOUBT``, worth ``DOUBT_ITEMS`` items, so
about a hundred gold items of which none was missed bring .99. Labels never depend on this module.
"""

import numpy as np

from quality.inference.answers import Answers, Floats
from quality.inference.belief.sums import vote_counts
from quality.inference.look_alikes import blur, shared_errors

DOUBT = 0.03
DOUBT_ITEMS = 30.0  # the sets differ in it by about .03
BY_CHANCE = 2.0  # standard errors by which few errors gather on a label without meaning anything


def stated(belief: Floats, doubt: float, alike: Floats | None) -> Floats:
    """[i, k]: what may be said aloud of the votes' beliefs [i, k]."""
    shared = belief if alike is None else blur(belief, alike)
    even: Floats = (1 - doubt) * shared + doubt / belief.shape[1]
    return even


def alike(votes: Answers, counts: Floats) -> Floats:
    """[k, l], rows sum to one. ``counts[a, k, l]``: answers l of annotator a where k is believed."""
    used = vote_counts(votes).sum(axis=0)
    return shared_errors(counts.sum(axis=0), used, by_chance=BY_CHANCE)


def log_prior(doubt: Floats) -> Floats:
    """Log density of log(doubt), up to a constant: its highest point is the mean of the Beta."""
    hits, misses = DOUBT * DOUBT_ITEMS, (1 - DOUBT) * DOUBT_ITEMS
    density: Floats = hits * np.log(doubt) + misses * np.log1p(-doubt)
    return density
