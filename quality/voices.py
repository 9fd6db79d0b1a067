"""Where the model's opinion comes from. Quality knows no model: whoever has one registers itself.

    voices.set_source(predictions)      # in AppConfig.ready() of a higher app

The source gives the current model's probabilities for some items, out-of-fold for those that it was
trained on, or None while there is no model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from quality.inference.answers import Floats, Ints


@dataclass(frozen=True, eq=False)
class Voice:
    """``probabilities[i, k]`` of the items ``item_ids[i]``; items may be missing, in any order."""

    version: str
    item_ids: Ints
    probabilities: Floats

    def aligned(self, item_ids: Ints) -> Floats:
        """[i, k] in the order of ``item_ids``, rows of NaN for items it says nothing about."""
        rows = np.full((len(item_ids), self.probabilities.shape[1]), np.nan)
        if len(self.item_ids):
            order = np.argsort(self.item_ids)
            place = np.searchsorted(self.item_ids, item_ids, sorter=order)
            at = order[np.minimum(place, len(order) - 1)]
            known = self.item_ids[at] == item_ids
            rows[known] = self.probabilities[at[known]]
        return rows


Source = Callable[[int, Sequence[int]], Voice | None]


def no_model(project_id: int, item_ids: Sequence[int]) -> Voice | None:  # noqa: ARG001
    return None


class _Registered:
    source: Source = staticmethod(no_model)


def set_source(source: Source) -> None:
    """Whom to ask from now on. The last registration counts."""
    _Registered.source = staticmethod(source)


def voice_of(project_id: int, item_ids: Ints, n_labels: int) -> tuple[str, Floats | None]:
    """Version and probabilities [i, k] for these items; ("", None) where no model speaks.

    A voice about another number of labels (the label set has grown since) is not heard.
    """
    voice = _Registered.source(project_id, item_ids.tolist())
    if voice is None or voice.probabilities.shape[1] != n_labels:
        return "", None
    return voice.version, voice.aligned(item_ids)
