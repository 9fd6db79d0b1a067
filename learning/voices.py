"""The current model and the labelling functions as one more voice beside the people (``quality.voices``).

Neither is a person: the voice counts towards no redundancy, and its weight is earned by whether it
predicts what people say.
"""

from collections.abc import Sequence

import numpy as np

from learning import queries
from learning.blocks import Floats, Ints
from learning.functions.weighing import ABSTAINS, heard_with, log_likelihood
from learning.predictions import Predicted, predicted
from learning.queries.functions import active_functions, matrices, votes_cast
from learning.says import Says, said_by
from quality.voices import Voice


def model_voice(project_id: int, item_ids: Sequence[int]) -> Voice | None:
    """What model and functions say about these items: out-of-fold where the model was taught them."""
    model = queries.current_model(project_id)
    if model and said_by(model) is not Says.LABEL:
        return None  # what it says cannot be weighed against votes
    found = predicted(model.pk, item_ids) if model else None
    version = f"model {model.number}" if model and found else ""
    if not active_functions(project_id).exists():
        return _plain(version, found)
    return _with_functions(
        project_id, np.unique(np.asarray(item_ids, dtype=np.int64)), version, found
    )


def _plain(version: str, found: Predicted | None) -> Voice | None:
    if found is None:
        return None
    return Voice(version, found.item_ids, found.probabilities.astype(np.float64))


def _with_functions(
    project_id: int, item_ids: Ints, version: str, found: Predicted | None
) -> Voice | None:
    """About items that the model or a function that was weighed has something to say about."""
    cast = votes_cast(project_id, item_ids)
    n_labels = found.probabilities.shape[1] if found else _n_labels(cast.functions)
    weighed, known = matrices(cast.functions, n_labels)
    if not weighed:
        return _plain(version, found)
    votes = cast.votes[:, weighed]
    said = log_likelihood(votes, known)
    start, spoken = _start(item_ids, n_labels, found)
    rows = np.flatnonzero(spoken | (votes != ABSTAINS).any(axis=1))
    if not len(rows):
        return None
    name = " + ".join(part for part in (version, f"{len(weighed)} functions") if part)
    together = heard_with(start[rows], said[rows]).astype(np.float64)
    return Voice(name, item_ids[rows], together)


def _start(
    item_ids: Ints, n_labels: int, found: Predicted | None
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """The model's probabilities, even ones where it is silent: [i, k], and where it spoke: [i]."""
    start = np.full((len(item_ids), n_labels), 1 / n_labels)
    spoken = np.zeros(len(item_ids), dtype=bool)
    if found is not None:
        place = np.searchsorted(item_ids, found.item_ids)
        start[place], spoken[place] = found.probabilities, True
    return start, spoken


def _n_labels(functions: Sequence[object]) -> int:
    sizes = [len(getattr(one, "confusion", None) or ()) for one in functions]
    return max(sizes, default=0)
