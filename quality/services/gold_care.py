"""Gold over time: settled items become gold by one confirmation, and gold that is wrong is taken out.

An item becomes gold itself, not a copy of it: whoever has answered it never meets it again, and nothing
about it changes for the others. Answers given before that score nobody: the label was made of them.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import audit
from labeling.errors import NotFound, Refused
from labeling.models import Assignment, AssignmentState, Item, ItemRole, ItemStatus, Project
from labeling.queries import lock_items
from labeling.services.opening import open_gold, withdraw
from quality.models import Consensus, ConsensusState, GoldAnswer, Suspicion, SuspicionState
from quality.queries.labels import PROMOTED
from quality.services.fits import lock_fit
from quality.services.gold_serving import balance_gold
from quality.services.scoring import score_gold

MOST = 500


@transaction.atomic
def promote(project: Project, item_ids: Iterable[str], *, actor: User | None = None) -> int:
    """Make these settled items (public ids) gold, with the labels they have. How many.

    Raises Refused when one of them is not settled, and then changes nothing.
    """
    wanted = set(item_ids)
    if len(wanted) > MOST:
        raise Refused(f"may name at most {MOST} items", field="items")
    lock_fit(project.pk)
    ids = Item.objects.filter(project=project, public_id__in=wanted).values_list("pk", flat=True)
    items = [item for item in lock_items(ids) if item.role == ItemRole.WORK]
    known = Consensus.objects.in_bulk([item.pk for item in items], field_name="item_id")
    settled = [item for item in items if _is_settled(item, known.get(item.pk))]
    if len(settled) < len(wanted):
        raise Refused("must all be settled items of this project", field="items")
    GoldAnswer.objects.bulk_create(_answer(known[item.pk]) for item in settled)
    Item.objects.filter(pk__in=[item.pk for item in settled]).update(
        role=ItemRole.GOLD, status=ItemStatus.POOL, has_seat=False
    )
    open_gold(project.pk)
    balance_gold(project)
    audit(project.organization, actor, "gold.promoted", project.public_id, items=len(settled))
    return len(settled)


def _is_settled(item: Item, known: Consensus | None) -> bool:
    return (
        item.status == ItemStatus.SETTLED
        and known is not None
        and known.state == ConsensusState.SETTLED
    )


def _answer(known: Consensus) -> GoldAnswer:
    return GoldAnswer(
        item_id=known.item_id, value=known.value, label_code=known.label_code, source=PROMOTED
    )


@transaction.atomic
def retire_gold(
    project: Project, item_ids: Iterable[str], *, actor: User | None = None, reason: str = ""
) -> int:
    """Take these gold items (public ids) out of use: they score nobody any more. How many.

    One that had been promoted is ordinary work again. What was decided about people stays, and can be
    reversed.
    """
    lock_fit(project.pk)
    gold = GoldAnswer.objects.filter(
        item__project=project,
        item__public_id__in=list(item_ids),
        item__role=ItemRole.GOLD,
        retired_at__isnull=True,
    )
    sources = dict(gold.values_list("item_id", "source"))
    lock_items(sources)
    GoldAnswer.objects.filter(item_id__in=list(sources)).update(retired_at=timezone.now())
    score_gold(project, list(sources))
    _leave(sources)
    _close(project, list(sources), SuspicionState.RETIRED, actor)
    balance_gold(project)
    audit(
        project.organization,
        actor,
        "gold.retired",
        project.public_id,
        items=len(sources),
        reason=reason[:300],
    )
    return len(sources)


def _leave(sources: dict[int, str]) -> None:
    back = [item_id for item_id, source in sources.items() if source == PROMOTED]
    withdraw(item_id for item_id in sources if item_id not in back)
    Item.objects.filter(pk__in=back).update(
        role=ItemRole.WORK, status=ItemStatus.HELD, has_seat=False
    )
    GoldAnswer.objects.filter(item_id__in=back).delete()
    answered = Assignment.objects.filter(item_id__in=back, state=AssignmentState.ANSWERED)
    answered.update(unused=True)  # settling decides about them anew


@transaction.atomic
def keep_gold(project: Project, item_id: str, *, actor: User | None = None) -> None:
    """The gold is right: it is not proposed again. Raises NotFound."""
    found = Suspicion.objects.filter(
        project=project, gold__item__public_id=item_id, state=SuspicionState.PROPOSED
    ).first()
    if found is None:
        raise NotFound
    _close(project, [found.gold.item_id], SuspicionState.KEPT, actor)
    audit(project.organization, actor, "gold.kept", project.public_id, item=item_id)


def _close(
    project: Project, item_ids: list[int], state: SuspicionState, actor: User | None
) -> None:
    Suspicion.objects.filter(
        project=project, gold__item_id__in=item_ids, state=SuspicionState.PROPOSED
    ).update(state=state, closed_at=timezone.now(), closed_by=actor)
