"""What setting somebody's votes aside would do, before it is done.

What is stored about an item is the sum of its prior and its votes (see provenance.py), so the sum without
one person's votes follows from it: their part is taken out, and the weight of the others is that of one
vote fewer.
"""

from dataclasses import dataclass

import numpy as np

from labeling.models import Project
from labeling.queries import counted_answers
from quality.inference.answers import Floats, Ints
from quality.inference.settling.parameters import vote_weight
from quality.models import Consensus
from quality.queries.fits import confusions, parameters_of
from quality.queries.votes import ballots_of_items

SMALLEST = 1e-12
DIGITS = 4


@dataclass(frozen=True)
class Effect:
    """``changed``: labels that become another one. ``reopened``: items that need another answer.

    ``micros``: what those answers will cost.
    """

    answers: int
    items: int
    changed: int
    reopened: int
    micros: int


def effect_of_setting_aside(project: Project, annotator_id: int) -> Effect:
    """Of all counted answers of this person."""
    own = counted_answers(project.pk).filter(annotator_id=annotator_id, set_aside__isnull=True)
    answers = own.count()
    beliefs = _beliefs(project.pk, list(own.values_list("item_id", flat=True)))
    if not beliefs:
        return Effect(answers, 0, 0, 0, 0)
    items = np.array(sorted(beliefs), dtype=np.int64)
    before = np.array([beliefs[item] for item in items.tolist()])
    after = _without(project.pk, annotator_id, items, before)
    changed = int((_best(after) != _best(before)).sum())
    enough = project.target_certainty
    reopened = int(((before.max(axis=1) >= enough) & (after.max(axis=1) < enough)).sum())
    return Effect(answers, len(items), changed, reopened, reopened * project.price_micros)


def _best(belief: Floats) -> Ints:
    """The first of the most probable labels; beliefs are stored rounded, so equal ones hardly differ."""
    best: Ints = belief.round(DIGITS).argmax(axis=1)
    return best


def _beliefs(project_id: int, item_ids: list[int]) -> dict[int, list[float]]:
    n_labels = parameters_of(project_id).n_labels
    rows = Consensus.objects.filter(
        project_id=project_id, item_id__in=item_ids, posterior__isnull=False
    )
    stored = dict(rows.values_list("item_id", "posterior"))
    return {item: belief for item, belief in stored.items() if belief and len(belief) == n_labels}


def _without(project_id: int, annotator_id: int, items: Ints, before: Floats) -> Floats:
    """[i, k]: the beliefs without this person's votes."""
    parameters = parameters_of(project_id)
    ballots = ballots_of_items(project_id, items.tolist(), parameters.n_labels)
    votes = ballots.votes
    confusion = confusions(project_id, ballots.annotator_ids, parameters)
    said = np.log(confusion[votes.annotator, :, votes.label])
    own = ballots.annotator_ids[votes.annotator] == annotator_id
    all_of, mine = np.zeros_like(before), np.zeros_like(before)
    np.add.at(all_of, votes.item, said)
    np.add.at(mine, votes.item[own], said[own])
    count = votes.votes_per_item()
    with_all = vote_weight(count, parameters.softening)[:, None]
    with_less = vote_weight(np.maximum(count - 1, 1), parameters.softening)[:, None]
    prior = np.log(np.maximum(before, SMALLEST)) - with_all * all_of
    joint = prior + with_less * (all_of - mine)
    after: Floats = np.exp(joint - joint.max(axis=1, keepdims=True))
    after /= after.sum(axis=1, keepdims=True)
    return after
