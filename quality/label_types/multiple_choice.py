"""Multiple choice: each label is a yes-or-no question of its own."""

import numpy as np

from labeling.label_types.configuration import values_of
from quality.inference.multi_label import MultiLabel
from quality.inference.typed_answers import Bools, Floats, TypedAnswers
from quality.label_types.base import Json


class MultipleChoiceMerge:
    method = "a yes-or-no belief for each label"

    def values(self, configuration: dict[str, Json], answers: TypedAnswers[Json]) -> list[Json]:
        labels = values_of(configuration)
        chosen = np.array([[label in said for label in labels] for said in answers.label])
        used = np.flatnonzero(chosen.any(axis=0))
        likely = np.zeros((answers.n_items, len(labels)))
        if used.size:
            fitted = MultiLabel().fit(answers.item, answers.annotator, chosen[:, used])
            likely[:, used] = fitted.probability_
        kept = _within(likely, configuration["fewest"], configuration["most"])
        return [[labels[k] for k in np.flatnonzero(row)] for row in kept]


def _within(likely: Floats, fewest: int, most: int) -> Bools:
    """[i, k]: labels more likely than not, as many as the question allows."""
    rank = np.argsort(np.argsort(-likely, axis=1, kind="stable"), axis=1)
    wanted = np.clip((likely > 0.5).sum(axis=1), fewest, most)
    kept: Bools = rank < wanted[:, None]
    return kept


merge = MultipleChoiceMerge()
