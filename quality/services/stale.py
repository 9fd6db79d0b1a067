"""Which labels no longer follow from the skills: found on arrays, so that only those are written.

After a refit most certain labels come out the same to the last stored digit. Rows are read in ranges
of items and compared with what the new fit says.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from labeling.queries.among import among
from quality.inference.answers import Bools, Floats, Ints
from quality.inference.settling.parameters import posterior
from quality.models import Consensus
from quality.queries.fits import LearnedSkills
from quality.queries.tables import as_text, holds, numbers
from quality.services.beliefs import rounded, rule_of
from quality.services.skills import Read

ROWS_AT_ONCE = 10_000
Texts = NDArray[np.str_]


def stale_items(read: Read, skills: LearnedSkills) -> list[int]:
    """Ids, ascending, of answered work items whose stored label is not what the fit says."""
    rows = read.answered_rows()
    confusion = skills.confusion(read.annotator_ids)
    belief = rounded(posterior(skills.parameters, read.votes, confusion, read.voiced))
    stale: list[int] = []
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        said = _said(read, skills, part, belief[part])
        stale += read.item_ids[part[~_stand(read, part, said)]].tolist()
    return stale


class _Said(NamedTuple):
    """[i]: posterior, votes, state and the model heard, as ``Consensus`` would have them."""

    belief: Floats
    n_votes: Ints
    state: Texts
    model: Texts


def _stand(read: Read, part: Ints, said: _Said) -> Bools:
    """[i]: whether the row is there and says exactly this."""
    n_labels = said.belief.shape[1]
    found = Consensus.objects.filter(item_id__in=among(read.item_ids[part].tolist())).values_list(
        "item_id", as_text("posterior"), "answers_used", "state", "voice__version"
    )
    rows = [row for row in found if holds(row[1], n_labels)]
    stand = np.zeros(len(part), dtype=bool)
    if rows:
        item_id, text, votes, state, model = zip(*rows, strict=True)
        at = np.searchsorted(read.item_ids[part], item_id)
        same = (numbers(text).reshape(-1, n_labels) == said.belief[at]).all(axis=1)
        same &= np.array(votes) == said.n_votes[at]
        same &= np.array(state) == said.state[at]
        stand[at] = same & (np.array([one or "" for one in model]) == said.model[at])
    return stand


def _said(read: Read, skills: LearnedSkills, part: Ints, belief: Floats) -> _Said:
    n_votes = read.votes.votes_per_item()[part]
    verdicts = rule_of(read.project).verdicts(n_votes, belief.max(axis=1))
    state = np.array([verdict.value for verdict in verdicts])
    return _Said(belief, n_votes, state, np.array(_heard(read, skills, part)))


def _heard(read: Read, skills: LearnedSkills, part: Ints) -> list[str]:
    """[i]: the model's version, empty where none is heard."""
    if read.voiced is None or not skills.parameters.weight:
        return [""] * len(part)
    silent = np.asarray(np.isnan(read.voiced[part]).any(axis=1)).tolist()
    return ["" if nothing else read.version for nothing in silent]
