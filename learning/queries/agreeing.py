"""How often each person agrees with what the others and the gold say."""

from dataclasses import dataclass

from learning.blocks import Ints
from learning.decision import Floats
from quality.inference.people.peers import agreement
from quality.models import Fit
from quality.queries.labels import gold_codes
from quality.queries.votes import ballots_of_project, n_labels_of


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
    votes = ballots.votes
    found = agreement(
        votes.item,
        votes.annotator,
        votes.label,
        n_items=votes.n_items,
        n_annotators=votes.n_annotators,
        n_labels=n_labels,
        gold=gold_codes(project_id, ballots.item_ids),
    )
    return Standing(ballots.annotator_ids, found.right, found.judged, n_labels, version)
