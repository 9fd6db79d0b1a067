"""Doing what the rules say about one person.

Under the person's lock the standing decisions are read again, so two processes that judge the same person
decide once. What lasts (a pause, a weight) is done once until it is reversed; what happens (a warning,
more gold) is done again only after many further answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from labeling.models import Project
from labeling.services.people import lock_person
from quality.models import Decision
from quality.queries.decisions import PAUSING
from quality.rules.book import LASTING, LOWER_WEIGHT, QUIET, Book
from quality.rules.findings import Found, Profile
from quality.rules.matching import Match, matches
from quality.rules.words import words
from quality.services.decisions import carry_out
from quality.services.records import Deed
from quality.services.rule_sets import stored_rule

AGAIN = 100  # answers, or a window if it is longer, until the same is done once more
SAYS = {
    "pause": "Paused.",
    "hold_pay": "Pay held.",
    "set_aside": "Answers set aside.",
    "lower_weight": "Votes count less.",
    "set_skill": "Accuracy set.",
    "practice": "To practise again.",
    "warn": "Warned.",
    "more_gold": "More gold.",
    "notify": "To look at.",
}


@dataclass(frozen=True)
class Due:
    """What a rule would have done now, and with which of the person's answers."""

    match: Match
    actions: tuple[str, ...]
    answer_ids: tuple[int, ...]


@transaction.atomic
def react(
    project: Project, annotator: User, book: Book, profile: Profile, answer_ids: Sequence[int]
) -> list[Decision]:
    """Every rule that is fulfilled and due, carried out; the decisions."""
    lock_person(project.pk, annotator.pk)
    made: list[Decision] = []
    for match in matches(book, profile):
        due = due_now(project, annotator, match, profile, answer_ids)
        if due is not None:
            made.append(carry_out(project, annotator, _deed(project, book, due, profile)))
    return made


def due_now(
    project: Project,
    annotator: User,
    match: Match,
    profile: Profile,
    answer_ids: Sequence[int],
) -> Due | None:
    """What is left to do of it; None where it is done already, or the person is out anyway."""
    rows = list(
        Decision.objects.filter(project=project, annotator=annotator).select_related("rule")
    )
    if any(row.action in PAUSING and row.reversed_at is None for row in rows):
        return None
    answers = len(answer_ids)
    actions = tuple(a for a in match.actions if not _done(a, match, rows, answers))
    if not actions or (set(actions) <= QUIET and set(match.actions) - QUIET):
        return None
    return Due(match, actions, tuple(_affected(match.found, profile, answer_ids)))


def _done(action: str, match: Match, rows: Sequence[Decision], answers: int) -> bool:
    same = [row for row in rows if action in (row.action, *row.also)]
    if action in LASTING:
        return any(row.reversed_at is None for row in same)
    by_rule = [row for row in same if row.rule and row.rule.evidence == match.rule.evidence]
    gone_by = min((answers - row.answers_then for row in by_rule), default=None)
    return gone_by is not None and gone_by < max(AGAIN, match.rule.window)


def _affected(found: Found, profile: Profile, answer_ids: Sequence[int]) -> Sequence[int]:
    """From the start of a bad stretch on; a window's own start; else all."""
    start = profile.start
    if found.kind == "bad_stretch" or found.window:
        start = found.since if start is None else start
    return answer_ids[start or 0 :]


def _deed(project: Project, book: Book, due: Due, profile: Profile) -> Deed:
    match, found = due.match, due.match.found
    since = profile.start if profile.start is not None else found.since
    return Deed(
        actions=due.actions,
        reason=f"{SAYS[due.actions[0]]} {reason_of(found, profile)}",
        words=words(due.actions, found.kind, found.family, since),
        evidence=_evidence(book, match, profile),
        answer_ids=due.answer_ids,
        rule=stored_rule(project, book, match.rule),
        amount=_amount(match, due.actions),
    )


def _amount(match: Match, actions: Sequence[str]) -> float | None:
    """A group that copies has one vote together, unless the rule says otherwise."""
    if match.rule.amount is None and LOWER_WEIGHT in actions:
        return 1.0 / (1 + len(match.found.others))
    return match.rule.amount if {LOWER_WEIGHT, "set_skill"} & set(actions) else None


def reason_of(found: Found, profile: Profile) -> str:
    """What fulfilled the rule, and whatever else speaks against the person."""
    others = [one.reason for one in profile.findings.values() if _speaks_against(one)]
    new = [reason for reason in others if reason not in found.reason]
    return " ".join(dict.fromkeys([found.reason, *new]))


def _evidence(book: Book, match: Match, profile: Profile) -> dict[str, Any]:
    every = [match.found, *(f for f in profile.findings.values() if _speaks_against(f))]
    unique = {(one.kind, one.window): one for one in every}
    rule = match.rule
    return {
        "evidence": [plain(one) for one in unique.values()],
        "rule": {
            "version": book.version,
            "evidence": rule.evidence,
            "window": rule.window,
            "threshold": rule.threshold,
        },
    }


def _speaks_against(one: Found) -> bool:
    return one.raised and one.family != "information" and one.kind != "together"


def plain(one: Found) -> dict[str, Any]:
    """As it is kept with a decision."""
    return {
        "kind": one.kind,
        "window": one.window,
        "statistic": round(one.statistic, 3),
        "threshold": round(one.threshold, 3),
        "reason": one.reason,
        "counts": dict(one.counts),
        "start": one.since,
    }
