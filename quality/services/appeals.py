"""Contesting a decision: one open appeal for each, answered with words, upheld or overturned."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict, NotFound, Refused
from quality.models import Appeal, AppealState, Decision
from quality.queries.policies import policy_of
from quality.rules.book import QUIET
from quality.services.decisions import reverse

TEXT = 2000  # characters
WORDS = 2000
APPEALS_EACH = 5  # of one decision, one after the other


def appeal(annotator: User, decision_id: str, text: str) -> Appeal:
    """The person contests a standing decision about them. Raises NotFound, Refused, Conflict.

    Until when it is answered is promised now; a later change of the policy does not move it.
    """
    decision = _own(annotator, decision_id)
    said = text.strip()
    if not said or len(said) > TEXT:
        raise Refused(f"must have 1 to {TEXT} characters", field="text")
    if decision.reversed_at is not None:
        raise Conflict("this decision was taken back already", field="decision")
    if decision.appeals.count() >= APPEALS_EACH:
        raise Conflict("this decision has been looked at often enough", field="decision")
    try:
        with transaction.atomic():
            return Appeal.objects.create(decision=decision, text=said, due_at=_due(decision))
    except IntegrityError:  # one_open_appeal_per_decision
        raise Conflict("there is an open appeal already", field="decision") from None


@transaction.atomic
def decide_appeal(contested: Appeal, *, overturn: bool, words: str, by: User) -> Appeal:
    """Answer it: the decision stands, or is reversed with work, pay and votes. Raises Conflict, Refused."""
    said = words.strip()
    if not said or len(said) > WORDS:
        raise Refused(f"must have 1 to {WORDS} characters", field="words")
    state = AppealState.OVERTURNED if overturn else AppealState.UPHELD
    open_ones = Appeal.objects.filter(pk=contested.pk, state=AppealState.OPEN)
    closed = open_ones.update(state=state, answer=said, closed_at=timezone.now(), closed_by=by)
    if closed != 1:
        raise Conflict("this appeal was answered already", field="appeal")
    decision = contested.decision
    if overturn:
        reverse(decision, by=by, reason=said)
    audit(decision.project.organization, by, f"appeal.{state}", str(contested.public_id or ""))
    contested.refresh_from_db()
    return contested


def _due(decision: Decision) -> datetime:
    return timezone.now() + timedelta(days=policy_of(decision.project_id).appeal_days)


def _own(annotator: User, decision_id: str) -> Decision:
    """A decision that the person can know of."""
    mine = Decision.objects.filter(annotator=annotator, public_id=decision_id).first()
    if mine is None or {mine.action, *mine.also} <= QUIET:
        raise NotFound
    return mine
