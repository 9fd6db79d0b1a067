"""What speaks against some people, in the order in which they answered.

Gold and what the others (and the model) say about the same items are looked at together, so the start
of a bad stretch is found between two gold answers. Who is wrong in a regular way is of use, and is
left to work: the confusion matrix reads such answers rightly.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from labeling.models import Project
from labeling.queries import counted_answers
from labeling.queries.among import among
from quality.inference.answers import Ints
from quality.inference.people.combine import Standing
from quality.inference.settling.standing import belief_of_others
from quality.models import Skill
from quality.queries.decisions import forgiven
from quality.queries.gold import gold_records
from quality.queries.labels import known_codes
from quality.queries.rules import is_graded
from quality.queries.votes import Ballots
from quality.rules.findings import Found, Key, Profile, found, profile
from quality.rules.gathering import look_closely
from quality.rules.seen import Seen
from quality.rules.with_gold import gold_error
from quality.services.beliefs import Beliefs, beliefs_about
from quality.services.graded import graded_test

ANSWERS_AT_ONCE = 20_000  # of the people that are looked at together


@dataclass(frozen=True, eq=False)
class Case:
    """One person's answers in order, and everything found about them."""

    annotator_id: int
    answer_ids: Ints
    profile: Profile


def cases_of(
    project: Project, skills: Iterable[Skill], windows: Iterable[Key] = ()
) -> Iterator[Case]:
    """All evidence about each person, from gold and from the others, since the last pardon.

    People are read some at a time: one after the other, each would cost a dozen statements.
    """
    if is_graded(project):
        yield from (graded_case(project, skill) for skill in skills)
        return
    for some in _some_at_a_time(skills):
        yield from _cases(project, some, tuple(windows))


def _some_at_a_time(skills: Iterable[Skill]) -> Iterator[list[Skill]]:
    some: list[Skill] = []
    for skill in skills:
        if some and sum(one.answers for one in some) + skill.answers > ANSWERS_AT_ONCE:
            yield some
            some = []
        some.append(skill)
    if some:
        yield some


def _cases(project: Project, skills: Sequence[Skill], windows: tuple[Key, ...]) -> Iterator[Case]:
    people = np.array([skill.annotator_id for skill in skills])
    answers = counted_answers(project.pk).filter(
        annotator_id__in=among(people.tolist()), set_aside=None
    )
    beliefs = beliefs_about(project, answers.values_list("item_id", flat=True))
    own, person = _own_answers(project, beliefs.ballots, people)
    seen = _seen(project, beliefs, own, person, len(people))
    failing, noticed = (
        [a for a, skill in enumerate(skills) if verdict(skill)]
        for verdict in (attrgetter("failing"), attrgetter("noticed"))
    )
    profiles = look_closely(seen, windows, failing=failing, noticed=noticed)
    ids = beliefs.ballots.answer_ids[own]
    for a, (skill, one) in enumerate(zip(skills, profiles, strict=True)):
        yield Case(skill.annotator_id, ids[person == a], one)


def _own_answers(project: Project, ballots: Ballots, people: Ints) -> tuple[Ints, Ints]:
    """Votes of these people that nothing has pardoned, in order, and whose of ``people`` each is."""
    order = np.argsort(people)
    annotator = ballots.annotator_ids[ballots.votes.annotator]
    place = np.minimum(np.searchsorted(people, annotator, sorter=order), len(people) - 1)
    person = order[place]
    pardons = forgiven(project.pk, people.tolist())
    until = np.array([max(pardons.get(who, [0])) for who in people.tolist()])
    own = (people[person] == annotator) & (ballots.answer_ids > until[person])
    return np.flatnonzero(own), person[own]


def _seen(project: Project, beliefs: Beliefs, own: Ints, person: Ints, n_annotators: int) -> Seen:
    ballots = beliefs.ballots
    gold = known_codes(project.pk, ballots.item_ids)
    others = belief_of_others(
        beliefs.parameters, ballots.votes, beliefs.confusion, beliefs.voiced, gold
    )
    known = gold[ballots.votes.item[own]] >= 0
    return Seen(person, ballots.votes.label[own], others[own], known, n_annotators)


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
