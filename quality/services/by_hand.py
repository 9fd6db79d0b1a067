"""What a manager decides about somebody, in the same rows as what rules decide."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict, NotFound, Refused
from labeling.models import Enrollment, Project
from labeling.queries import counted_answers
from quality.models import Decision
from quality.rules.book import ACTIONS, AMOUNTS, BAN
from quality.rules.words import PLAIN, what
from quality.services.decisions import carry_out
from quality.services.records import REASON, Deed

BY_HAND = (BAN, *ACTIONS)


def decide_by_hand(
    project: Project,
    annotator: str,
    *,
    actions: list[str],
    reason: str,
    by: User | None,
    words: str = "",
    amount: float | None = None,
    since: datetime | None = None,
) -> Decision:
    """About the person of that pseudonym. Pay and votes are those of all answers, or ``since`` then.

    Raises NotFound, Refused, and Conflict where it stands already.
    """
    chosen = _checked(actions, reason, amount)
    enrollment = Enrollment.objects.filter(project=project, pseudonym=annotator).first()
    if enrollment is None:
        raise NotFound
    answers = counted_answers(project.pk).filter(annotator_id=enrollment.annotator_id)
    if since is not None:
        answers = answers.filter(created_at__gte=since)
    deed = Deed(
        actions=chosen,
        reason=reason.strip(),
        words=words.strip() or " ".join([PLAIN, *what(chosen)]),
        evidence={"by_hand": _terms(since)},
        answer_ids=list(answers.values_list("pk", flat=True)),
        by=by,
        amount=amount,
    )
    return _carry_out(project, enrollment.annotator, deed)


def _carry_out(project: Project, annotator: User, deed: Deed) -> Decision:
    try:
        with transaction.atomic():
            decision = carry_out(project, annotator, deed)
            audit(
                project.organization,
                deed.by,
                f"decision.{decision.action}",
                str(decision.public_id or ""),
            )
    except IntegrityError:  # one_standing_pause
        raise Conflict("this stands already", field="actions") from None
    return decision


def _checked(actions: list[str], reason: str, amount: float | None) -> tuple[str, ...]:
    unknown = sorted(set(actions) - set(BY_HAND))
    if unknown or not actions:
        raise Refused(f"must be among {', '.join(BY_HAND)}", field="actions")
    if not reason.strip() or len(reason) > REASON:
        raise Refused(f"must have 1 to {REASON} characters", field="reason")
    weighed = AMOUNTS.intersection(actions)
    if bool(weighed) != (amount is not None) or len(weighed) > 1:
        raise Refused("belongs to one of lower_weight and set_skill", field="amount")
    if amount is not None and not 0 < amount < 1:
        raise Refused("must lie between 0 and 1", field="amount")
    return tuple(action for action in BY_HAND if action in actions)


def _terms(since: datetime | None) -> dict[str, Any]:
    return {"since": since.isoformat() if since else None}
