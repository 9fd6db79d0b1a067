"""Taking up answers that nobody has used yet: gold is scored, touched items are decided.

``Assignment.unused`` is the record of what is to be done. It is cleared in the transaction that did it,
before the answers are read: an answer stored meanwhile sets it again and is taken up next time.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from labeling.models import Assignment, ItemRole
from labeling.queries import LockedItem, lock_item_rows
from labeling.queries.among import among
from quality.models import Fit
from quality.queries.fits import StoredSkills
from quality.services.consensus import DECIDED, decide_items
from quality.services.fits import lock_fit, project_of
from quality.services.judging import act_on_failing
from quality.services.refit import request_if_due
from quality.services.scoring import score_gold

AT_ONCE = 500


def settle_unused(project_id: int, limit: int = AT_ONCE) -> int:
    """Take up to ``limit`` new answers into account; how many were taken.

    Idempotent: run twice, or twice at once, the second run finds nothing to do.
    """
    taken = _settle(project_id, limit) if _unused(project_id).exists() else 0
    act_on_failing(project_id)
    return taken


def settle_all(project_id: int) -> int:
    """Settle until nothing is unused."""
    total = 0
    while taken := settle_unused(project_id):
        total += taken
    return total


@transaction.atomic
def _settle(project_id: int, limit: int) -> int:
    fit = lock_fit(project_id)
    rows = list(_unused(project_id).order_by("pk").values_list("pk", "item_id")[:limit])
    items = lock_item_rows({item_id for _, item_id in rows})
    Assignment.objects.filter(pk__in=among(pk for pk, _ in rows)).update(unused=False)
    decide(project_id, items)
    _count(fit, len(rows))
    return len(rows)


def decide(project_id: int, items: Sequence[LockedItem]) -> None:
    """Score the gold among the items, decide the others. The caller holds Fit and items."""
    project = project_of(project_id)
    score_gold(project, [item.pk for item in items if item.role == ItemRole.GOLD])
    decided = [item for item in items if item.role in DECIDED]
    decide_items(project, decided, StoredSkills(project_id))


def _unused(project_id: int) -> QuerySet[Assignment]:
    return Assignment.objects.filter(project_id=project_id, unused=True)


def _count(fit: Fit, taken: int) -> None:
    if taken:
        fit.answers_since += taken
        fit.save(update_fields=["answers_since"])
        request_if_due(fit)
