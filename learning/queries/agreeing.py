"""How often each person agrees with what the others, the gold and the model say."""

from dataclasses import dataclass

import numpy as np

from learning.blocks import Ints
from learning.decision import Floats
from quality.inference.answers import Answers
from quality.inference.belief.fit import Belief
from quality.inference.belief.peers import agreement
from quality.models import Consensus, Fit
from quality.queries.fits import StoredSkills
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
    """From the beliefs and matrices as they are stored; None while there is nothing to compare."""
    n_labels = n_labels_of(project_id)
    version = Fit.objects.filter(project_id=project_id).values_list("version", flat=True).first()
    ballots = ballots_of_project(project_id, n_labels)
    if n_labels < 2 or not version or not len(ballots.votes):
        return None
    posterior, known = _posterior(project_id, ballots, n_labels)
    confusion = StoredSkills(project_id).confusion(ballots.annotator_ids)
    shares = np.full(n_labels, 1 / n_labels)
    belief = Belief(posterior, posterior, confusion, shares, 0.0, 0.0)
    found = agreement(_about(ballots.votes, known), belief)
    return Standing(ballots.annotator_ids, found.right, found.judged, n_labels, version)


def _posterior(project_id: int, ballots: Ballots, n_labels: int) -> tuple[Floats, Ints]:
    """[i, k], gold as a fact; and the places of the items about which something is believed."""
    stored = Consensus.objects.filter(project_id=project_id, posterior__isnull=False)
    beliefs = {i: row or () for i, row in stored.values_list("item_id", "posterior")}
    flat = [1 / n_labels] * n_labels
    own = [beliefs.get(item_id, flat) for item_id in ballots.item_ids.tolist()]
    posterior = np.array([one if len(one) == n_labels else flat for one in own], dtype=np.float64)
    gold = gold_codes(project_id, ballots.item_ids)
    posterior[gold >= 0] = np.eye(n_labels)[gold[gold >= 0]]
    fits = [len(beliefs.get(i, ())) == n_labels for i in ballots.item_ids.tolist()]
    return posterior, np.flatnonzero(np.array(fits) | (gold >= 0))


def _about(votes: Answers, items: Ints) -> Answers:
    """Only the votes on these items."""
    rows = np.flatnonzero(np.isin(votes.item, items))
    return Answers(
        votes.item[rows], votes.annotator[rows], votes.label[rows],
        votes.n_items, votes.n_annotators, votes.n_labels,
    )  # fmt: skip
