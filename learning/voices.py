"""The current model as one more voice beside the people (see ``quality.voices``)."""

from collections.abc import Sequence

import numpy as np

from learning import queries
from learning.predictions import predicted
from quality.voices import Voice


def model_voice(project_id: int, item_ids: Sequence[int]) -> Voice | None:
    """What the current model says about these items: out-of-fold where it was taught them."""
    model = queries.current_model(project_id)
    found = predicted(model.pk, item_ids) if model else None
    if model is None or found is None:
        return None
    return Voice(f"model {model.number}", found.item_ids, found.probabilities.astype(np.float64))
