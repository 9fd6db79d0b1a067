"""How often each person agrees with what the others and the gold say."""

from dataclasses import dataclass

import numpy as np

from learning.blocks import Ints
from learning.decision import Floats
from quality.inference.people.peers import accuracy_among_peers
from quality.models import Fit
from quality.queries.labels import gold_codes
from quality.queries.votes import Ballots, ballots_of_project, n_labels_of


@dataclass(frozen=True, eq=False)
class Standing:
    """Expected ``right[a]`` of ``judged[a]`` answers of ``annotator_ids[a]``, by fit ``version``."""

    annotator_ids: Ints
    right: Floats
    judged: Floats
    n_labels: int
    version: int


def standing_of(project_id: int) -> Standing | None:
    """From the votes themselves, each judged by the others; None while there is nothing to compare."""
    n_labels = n_labels_of(project_id)
    version = Fit.objects.filter(project_id=project_id).values_list("version", flat=True).first()
    ballots = ballots_of_project(project_id, n_labels)
    if n_labels < 2 or not version or not len(ballots.votes):
        return None
    gold = gold_codes(project_id, ballots.item_ids)
    judged = _judged(ballots, gold)
    right = judged * _accuracy(ballots, gold, n_labels)
    return Standing(ballots.annotator_ids, right, judged, n_labels, version)


def _accuracy(ballots: Ballots, gold: Ints, n_labels: int) -> Floats:
    votes = ballots.votes
    return accuracy_among_peers(
        votes.item,
        votes.annotator,
        votes.label,
        n_items=votes.n_items,
        n_annotators=votes.n_annotators,
        n_labels=n_labels,
        gold=gold,
    )


def _judged(ballots: Ballots, gold: Ints) -> Floats:
    """[a]: answers about items of which somebody else, or the gold, says something."""
    votes = ballots.votes
    told = (votes.votes_per_item() > 1) | (gold >= 0)
    return np.bincount(votes.annotator, told[votes.item], votes.n_annotators).astype(float)
