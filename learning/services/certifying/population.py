"""Whom a certificate speaks about: items of the pool that the current model has predicted.

Gold, audit and taught items are not in the pool; items that the model has not seen are not in the
population, and nothing outside the population is ever accepted.
"""

from dataclasses import dataclass, replace

import numpy as np

from labeling.errors import Conflict
from labeling.models import Project
from learning import queries
from learning.blocks import Floats, Ints
from learning.certificate import Floats as Confidence
from learning.certificate import Region, region_of_share
from learning.models import ModelVersion
from learning.predictions import all_predicted
from learning.says import Says, said_by

NO_MODEL = "The project has no model yet: there is nothing to certify."
NO_LABEL = "Only machine labels out of a closed set can be certified."
NO_POOL = "Nothing is left to certify: every item that the model knows was asked about."


@dataclass(frozen=True, eq=False)
class Population:
    """Ids ascending with the model's probabilities [i, k]; float32, so that a million fits.

    ``unseen``: items of the pool that came after this model and wait for the next one.
    """

    model: ModelVersion
    item_ids: Ints
    probabilities: Floats
    unseen: int = 0

    @property
    def confidence(self) -> Confidence:
        best: Confidence = self.probabilities.max(axis=1).astype(np.float64)
        return best

    @property
    def code(self) -> Ints:
        said: Ints = self.probabilities.argmax(axis=1).astype(np.int64)
        return said

    def of(self, item_ids: Ints) -> "Population":
        rows = np.flatnonzero(np.isin(self.item_ids, item_ids))
        return Population(self.model, self.item_ids[rows], self.probabilities[rows], self.unseen)

    @property
    def told_unseen(self) -> str:
        """What to do about them; empty where there are none."""
        if not self.unseen:
            return ""
        return f" Items newer than this model: {self.unseen}; they count when the next is trained."


def population_now(project: Project, share: float) -> tuple[Population, Region]:
    """The most confident ``share`` of the pool. Raises Conflict where there is no model or no pool."""
    model = queries.current_model(project.pk)
    if model is None:
        raise Conflict(NO_MODEL)
    if said_by(model) is not Says.LABEL:
        raise Conflict(NO_LABEL)
    pool = queries.ids_of(queries.pool(project.pk))
    found = predicted_of(model, pool)
    everything = replace(found, unseen=len(pool) - len(found.item_ids))
    if not len(everything.item_ids):
        raise Conflict(f"{NO_POOL}{everything.told_unseen}")
    region = region_of_share(everything.confidence, share)
    return everything.of(everything.item_ids[region.holds(everything.confidence)]), region


def predicted_of(model: ModelVersion, item_ids: Ints) -> Population:
    """What this model says about those of the items that it knows."""
    ids: list[Ints] = [np.empty(0, dtype=np.int64)]
    rows: list[Floats] = [np.empty((0, int(model.parameters["n_labels"])), dtype=np.float32)]
    for said in all_predicted(model.pk):
        known = np.isin(said.item_ids, item_ids)
        ids.append(said.item_ids[known])
        rows.append(said.probabilities[known])
    joined = np.concatenate(ids)
    order = np.argsort(joined)
    return Population(model, joined[order], np.concatenate(rows)[order])
