"""Which labels no longer follow from the skills: found on arrays, so that only those are written.

After a refit most certain labels come out the same to the last stored digit. Rows are read in ranges
of items and compared with what the new fit says.
"""

from typing import Any

import numpy as np

from labeling.queries.among import among
from quality.inference.answers import Floats, Ints
from quality.inference.settling.parameters import posterior
from quality.models import Consensus
from quality.queries.fits import LearnedSkills
from quality.queries.tables import as_text, parsed
from quality.services.beliefs import rounded, rule_of
from quality.services.skills import Read

ROWS_AT_ONCE = 10_000


def stale_items(read: Read, skills: LearnedSkills) -> list[int]:
    """Ids, ascending, of answered work items whose stored label is not what the fit says."""
    rows = read.answered_rows()
    confusion = skills.confusion(read.annotator_ids)
    belief = rounded(posterior(skills.parameters, read.votes, confusion, read.voiced))
    stale: list[int] = []
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        stored, ids = _stored(read, part), read.item_ids[part].tolist()
        said = _said(read, skills, part, belief[part])
        stale += [i for i, now in zip(ids, said, strict=True) if stored.get(i) != now]
    return stale


def _stored(read: Read, part: Ints) -> dict[int, tuple[Any, ...]]:
    rows = list(
        Consensus.objects.filter(item_id__in=among(read.item_ids[part].tolist())).values_list(
            "item_id", as_text("posterior"), "answers_used", "state", as_text("voice__version")
        )
    )
    ids, posterior, *plain, version = zip(*rows, strict=True) if rows else ((),) * 5
    columns = (parsed(posterior), *plain, parsed(version))
    return dict(zip(ids, zip(*columns, strict=True), strict=True))


def _said(
    read: Read, skills: LearnedSkills, part: Ints, belief: Floats
) -> list[tuple[list[float], int, str, str | None]]:
    """Posterior, votes, state and the model heard, as ``Consensus`` would have them."""
    n_votes = read.votes.votes_per_item()[part]
    verdicts = rule_of(read.project).verdicts(n_votes, belief.max(axis=1))
    heard = _heard(read, skills, part)
    columns = (belief.tolist(), n_votes.tolist(), (v.value for v in verdicts), heard)
    return list(zip(*columns, strict=True))


def _heard(read: Read, skills: LearnedSkills, part: Ints) -> list[str | None]:
    if read.voiced is None or not skills.parameters.weight:
        return [None] * len(part)
    silent = np.asarray(np.isnan(read.voiced[part]).any(axis=1)).tolist()
    return [None if nothing else read.version for nothing in silent]
