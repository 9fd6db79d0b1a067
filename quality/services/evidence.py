"""What speaks against one person, in the order in which they answered.

Gold and what the others (and the model) say about the same items are looked at together, so the start
of a bad stretch is found between two gold answers. Who is wrong in a regular way is of use, and is
left to work: the confusion matrix reads such answers rightly.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from labeling.models import Project
from labeling.queries import counted_answers
from quality.inference.answers import Bools, Floats, Ints
from quality.inference.people.change import bad_stretch
from quality.inference.people.combine import Standing, combine
from quality.inference.people.evidence import Evidence
from quality.inference.people.guessing import guessing
from quality.inference.people.regular import information
from quality.inference.settling.standing import belief_of_others
from quality.queries.decisions import forgiven
from quality.queries.fits import confusions, parameters_of
from quality.queries.gold import gold_records
from quality.queries.labels import gold_codes
from quality.services.beliefs import beliefs_about
from quality.services.graded import graded_test, is_graded


@dataclass(frozen=True, eq=False)
class Case:
    """One person's answers in order with what the others say, and what that amounts to."""

    answer_ids: Ints
    standing: Standing

    def since(self) -> list[int]:
        """Answers from the start of the bad stretch on; all, where it has no start."""
        return [int(pk) for pk in self.answer_ids[self.standing.start or 0 :]]

    def as_json(self) -> list[dict[str, Any]]:
        return [_plain(evidence) for evidence in self.standing.raised]


def case_of(project: Project, annotator_id: int) -> Case:
    """All evidence about one person, from gold and from the others."""
    if is_graded(project):
        return _graded_case(project, annotator_id)
    answers = counted_answers(project.pk).filter(annotator_id=annotator_id, set_aside=None)
    items = answers.values_list("item_id", flat=True)
    beliefs = beliefs_about(project, items)
    ballots, parameters = beliefs.ballots, parameters_of(project.pk)
    gold = gold_codes(project.pk, ballots.item_ids)
    confusion = confusions(project.pk, ballots.annotator_ids, parameters)
    others = belief_of_others(parameters, ballots.votes, confusion, beliefs.voiced, gold)
    own = np.flatnonzero(ballots.annotator_ids[ballots.votes.annotator] == annotator_id)
    pardons = forgiven(project.pk, [annotator_id]).get(annotator_id, [0])
    own = own[ballots.answer_ids[own] > max(pardons)]
    known = gold[ballots.votes.item[own]] >= 0
    evidence = _evidence(ballots.votes.label[own], others[own], known)
    return Case(ballots.answer_ids[own], combine(evidence))


def _graded_case(project: Project, annotator_id: int) -> Case:
    """Gold alone, where an answer is near enough or not; of all answers since the last pardon."""
    pardoned = max(forgiven(project.pk, [annotator_id]).get(annotator_id, [0]))
    answers = counted_answers(project.pk).filter(annotator_id=annotator_id, set_aside=None)
    own = answers.filter(pk__gt=pardoned).order_by("pk").values_list("pk", flat=True)
    record = gold_records(project.pk, [annotator_id])[annotator_id]
    seen, right = len(record.right), int(record.right.sum())
    chance = graded_test(project).chance
    evidence = Evidence(
        annotator=0,
        kind="gold",
        family="gold",
        statistic=1.0,
        threshold=1.0,
        counts={"answers": seen, "agreed": right},
        reason=(
            f"{right} of {seen} answers are near the answers known beforehand; "
            f"guessing would give about {seen * chance:.0f}."
        ),
    )
    return Case(np.array(own, dtype=np.int64), combine([evidence]))


def _evidence(label: Ints, belief: Floats, known: Bools) -> list[Evidence | None]:
    who = np.zeros(len(label), dtype=np.int64)
    found: list[Evidence | None] = []
    for kind, rows in (("gold", known), ("gold_and_peers", np.ones_like(known))):
        found += guessing(who[rows], label[rows], belief[rows], n_annotators=1, kind=kind)
    for test in (bad_stretch, information):
        found += test(who, label, belief, n_annotators=1)
    return found


def _plain(evidence: Evidence) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "statistic": round(evidence.statistic, 3),
        "threshold": round(evidence.threshold, 3),
        "reason": evidence.reason,
        "counts": dict(evidence.counts),
        "start": evidence.start,
    }
