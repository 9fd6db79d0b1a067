"""Decisions about people: made with evidence and a reason, reversible with pay and votes restored.

A decision locks the person's Enrollment first and no Item at all. Items whose votes change are marked
for settling, which finds by itself which ones have to be asked about again.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from accounts.services import audit
from labeling.models import Answer, Project
from labeling.services import paying, people
from quality.events import annotator_paused
from quality.models import Action, Decision, Skill
from quality.queries.decisions import PAUSING
from quality.rules.words import PLAIN, what
from quality.services.aside import ASIDE, named, realign, settle_all_of
from quality.services.fits import lock_fit
from quality.services.pay import HELD, restore_held
from quality.services.records import REASON, Deed, write_down
from quality.services.scoring import test_people

Effect = Callable[[Decision], None]


@transaction.atomic
def carry_out(project: Project, annotator: User, deed: Deed) -> Decision:
    """Do it, and write it down with its evidence. Raises IntegrityError for a second standing pause."""
    people.lock_person(project.pk, annotator.pk)
    ids, evidence = list(deed.answer_ids), dict(deed.evidence)
    if Action.SET_ASIDE in deed.actions:
        evidence[ASIDE] = named(project.pk, annotator.pk, ids)
    if Action.HOLD_PAY in deed.actions:
        evidence[HELD] = paying.reverse_pay(project.pk, annotator.pk, ids)
    decision = write_down(project, annotator, _with_evidence(deed, evidence))
    for action in deed.actions:
        EFFECTS.get(Action(action), _nothing)(decision)
    return decision


def pause_annotator(
    project: Project,
    annotator: User,
    *,
    reason: str,
    evidence: dict[str, Any],
    set_aside: Iterable[int] = (),
    by: User | None = None,
) -> Decision | None:
    """Stop handing out work, and let these answers count no more. None if a pause stands already."""
    aside = list(set_aside)
    actions = (Action.PAUSE, Action.SET_ASIDE) if aside else (Action.PAUSE,)
    deed = Deed(actions, reason, _plain(actions), evidence, aside, by=by)
    try:
        with transaction.atomic():
            return carry_out(project, annotator, deed)
    except IntegrityError:  # somebody was first: ``one_standing_pause``
        return None


def set_aside(
    project: Project,
    annotator: User,
    *,
    answer_ids: Iterable[int],
    reason: str,
    evidence: dict[str, Any],
    by: User | None = None,
) -> Decision:
    """Let these answers of the person count no more; the answers and their pay stay."""
    actions = (Action.SET_ASIDE,)
    deed = Deed(actions, reason, _plain(actions), evidence, answer_ids, by=by)
    return carry_out(project, annotator, deed)


def hold_pay(
    project: Project,
    annotator: User,
    *,
    answer_ids: Iterable[int],
    reason: str,
    evidence: dict[str, Any],
    by: User | None = None,
) -> Decision:
    """Take back, for now, what these answers of the person earned and nobody has held before."""
    actions = (Action.HOLD_PAY,)
    deed = Deed(actions, reason, _plain(actions), evidence, answer_ids, by=by)
    return carry_out(project, annotator, deed)


@transaction.atomic
def reverse(decision: Decision, *, by: User | None, reason: str) -> bool:
    """Take a decision back: work, pay and votes as if it had not been made. False if it was before.

    What the tests had counted against the person until now is forgiven with it.
    """
    people.lock_person(decision.project_id, decision.annotator_id)
    standing = Decision.objects.filter(pk=decision.pk, reversed_at__isnull=True)
    changed = standing.update(
        reversed_at=timezone.now(),
        reversed_by=by,
        reversal_reason=reason[:REASON],
        forgiven_until=_last_answer(decision),
    )
    if changed == 1:
        _undo(decision)
        audit(decision.project.organization, by, "decision.reversed", str(decision.public_id or ""))
    return changed == 1


def _undo(decision: Decision) -> None:
    project, who = decision.project, decision.annotator
    if decision.action in PAUSING and not _still_paused(decision):
        people.reinstate(project, who)
    if Action.PRACTICE in (decision.action, *decision.also):
        people.spare_practice(project, who)
    restore_held(decision)
    realign(project.pk, who.pk)
    if decision.amount is not None:
        settle_all_of(project.pk, who.pk)
    lock_fit(project.pk)
    test_people(project, [who.pk])
    # The bad stretch that the last fit saw is forgiven as well; the next fit leaves it out by itself.
    Skill.objects.filter(project=project, annotator=who).update(noticed=False)


def _still_paused(decision: Decision) -> bool:
    others = Decision.objects.filter(
        project=decision.project,
        annotator=decision.annotator,
        action__in=PAUSING,
        reversed_at__isnull=True,
    )
    return others.exists()


# --- what the actions do ------------------------------------------------------------------------


def _nothing(_decision: Decision) -> None:
    """To warn and to notify is to write it down."""


def _pause(decision: Decision) -> None:
    project, who = decision.project, decision.annotator
    people.pause(project, who, decision.words)
    annotator_paused.send(Decision, project_id=project.pk, annotator_id=who.pk)


def _ban(decision: Decision) -> None:
    project, who = decision.project, decision.annotator
    people.ban(project, who, decision.words)
    annotator_paused.send(Decision, project_id=project.pk, annotator_id=who.pk)


def _set_aside(decision: Decision) -> None:
    realign(decision.project_id, decision.annotator_id)


def _weigh(decision: Decision) -> None:
    settle_all_of(decision.project_id, decision.annotator_id)


def _practice(decision: Decision) -> None:
    people.ask_to_practise(decision.project, decision.annotator)


def _more_gold(decision: Decision) -> None:
    people.count_as_newcomer(decision.project, decision.annotator)


EFFECTS: dict[Action, Effect] = {
    Action.PAUSE: _pause,
    Action.BAN: _ban,
    Action.SET_ASIDE: _set_aside,
    Action.LOWER_WEIGHT: _weigh,
    Action.SET_SKILL: _weigh,
    Action.PRACTICE: _practice,
    Action.MORE_GOLD: _more_gold,
}


def _plain(actions: tuple[str, ...]) -> str:
    return " ".join([PLAIN, *what(actions)])


def _with_evidence(deed: Deed, evidence: dict[str, Any]) -> Deed:
    return Deed(**{**vars(deed), "evidence": evidence})


def _last_answer(decision: Decision) -> int:
    own = Answer.objects.filter(project=decision.project, annotator=decision.annotator)
    return own.aggregate(last=Max("pk"))["last"] or 0
