"""What speaks against one person, in the order in which they answered.

Gold and what the others (and the model) say about the same items are looked at together, so the start
of a bad stretch is found between two gold answers. Who is wrong in a regular way is of use, and is
left to work: the confusion matrix reads such answers rightly.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from labeling.models import Project
from labeling.queries import counted_answers
from quality.inference.answers import Ints
from quality.inference.people.combine import Standing
from quality.inference.settling.standing import belief_of_others
from quality.models import Skill
from quality.queries.decisions import forgiven
from quality.queries.fits import confusions, parameters_of
from quality.queries.gold import gold_records
from quality.queries.labels import known_codes
from quality.queries.rules import is_graded
from quality.rules.findings import Found, Key, Profile, found, profile
from quality.rules.gathering import Seen, gold_error, look_closely
from quality.services.beliefs import beliefs_about
from quality.services.graded import graded_test


@dataclass(frozen=True, eq=False)
class Case:
    """One person's answers in order, and everything found about them."""

    annotator_id: int
    answer_ids: Ints
    profile: Profile


def case_of(project: Project, skill: Skill, windows: Iterable[Key] = ()) -> Case:
    """All evidence about one person, from gold and from the others, since the last pardon."""
    if is_graded(project):
        return graded_case(project, skill)
    who = skill.annotator_id
    answers = counted_answers(project.pk).filter(annotator_id=who, set_aside=None)
    items = answers.values_list("item_id", flat=True)
    beliefs = beliefs_about(project, items)
    ballots, parameters = beliefs.ballots, parameters_of(project.pk)
    gold = known_codes(project.pk, ballots.item_ids)
    confusion = confusions(project.pk, ballots.annotator_ids, parameters)
    others = belief_of_others(parameters, ballots.votes, confusion, beliefs.voiced, gold)
    own = np.flatnonzero(ballots.annotator_ids[ballots.votes.annotator] == who)
    own = own[ballots.answer_ids[own] > pardoned(project.pk, who)]
    seen = Seen(
        annotator=np.zeros(own.size, dtype=np.int64),
        label=ballots.votes.label[own],
        belief=others[own],
        known=gold[ballots.votes.item[own]] >= 0,
        n_annotators=1,
    )
    seen_closely = look_closely(seen, windows, failing=skill.failing, noticed=skill.noticed)
    return Case(who, ballots.answer_ids[own], seen_closely)


def graded_case(project: Project, skill: Skill) -> Case:
    """Gold alone, where an answer is near enough or not."""
    who = skill.annotator_id
    answers = counted_answers(project.pk).filter(annotator_id=who, set_aside=None)
    own = answers.filter(pk__gt=pardoned(project.pk, who)).order_by("pk")
    record = gold_records(project.pk, [who])[who]
    right = record.right[record.answer_id > pardoned(project.pk, who)]
    every = graded_findings(
        len(right), int(right.sum()), graded_test(project).chance, failing=skill.failing
    )
    ids = np.fromiter(own.values_list("pk", flat=True), dtype=np.int64)
    return Case(who, ids, profile(every, Standing("none", ())))


def graded_findings(seen: int, right: int, chance: float, *, failing: bool) -> list[Found]:
    """What gold says where no answer is simply right or wrong."""
    if not seen:
        return []
    errors = gold_error(0, seen - right, seen)
    test = Found(
        kind="gold",
        family="gold",
        statistic=1.0 if failing else 0.0,
        threshold=1.0,
        counts={"answers": seen, "agreed": right},
        reason=(
            f"{right} of {seen} answers are near the answers known beforehand; "
            f"guessing would give about {seen * chance:.0f}."
        ),
    )
    return [test, found(errors)] if errors else [test]


def pardoned(project_id: int, annotator_id: int) -> int:
    """The person's last answer that a reversed decision has forgiven; 0 for none."""
    return max(forgiven(project_id, [annotator_id]).get(annotator_id, [0]))
