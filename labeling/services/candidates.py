"""Which items a person may be asked about next, and where gold is mixed in.

Gold takes the place of an ordinary item that was there to be had, and only then. So whether a claim
brings anything, and how much, never depends on gold; nor does anything in the reply. Each seat is
drawn alone, with a chance that starts high for newcomers (what we do not know about them costs most)
and falls to the project's share. Which gold item it is starts from a random place, so that two
people do not meet the same ones in the same order.
"""

import secrets
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from labeling.matching import best_first
from labeling.models import Assignment, Enrollment, GoldRule, Item, ItemRole
from labeling.services.places import HEAD, go_back, move_on

NEWCOMER_CLAIMS = 10
NEWCOMER_SHARE = 1 / 3
CANDIDATES = (
    8  # items beyond the wanted ones that are looked at, where people and items are matched
)

chance = secrets.SystemRandom()  # not to be guessed from outside


def gold_chance(share: float, claimed: int, rule: str = GoldRule.FALLING) -> float:
    """The chance that a seat is gold, for a person who has taken ``claimed`` seats before."""
    if rule == GoldRule.FIXED or share <= 0 or share >= NEWCOMER_SHARE:
        return max(share, 0.0)
    beyond = max(claimed - NEWCOMER_CLAIMS, 0)
    return share + (NEWCOMER_SHARE - share) * NEWCOMER_CLAIMS / (NEWCOMER_CLAIMS + 4 * beyond)


def choose_items(enrollment: Enrollment, seats: int) -> list[Item]:
    """Up to ``seats`` items for the person, locked, gold mixed in at random places."""
    ordinary = _ordinary_items(enrollment, seats)
    project, claimed = enrollment.project, enrollment.claimed
    chances = [
        gold_chance(project.gold_share, claimed + n, project.gold_rule) for n in range(seats)
    ]
    draws = [chance.random() < each for each in chances]
    places = [place for place in range(len(ordinary)) if draws[place]]
    for place, gold in zip(places, _gold_items(enrollment, len(places)), strict=False):
        ordinary[place] = gold
    return ordinary


def practice_items(enrollment: Enrollment, seats: int) -> list[Item]:
    """Up to ``seats`` practice items that the person has not had, locked."""
    practice = _never_seen(enrollment).filter(role=ItemRole.PRACTICE).order_by("position", "id")
    return list(_lock_free(practice)[:seats])


def _ordinary_items(enrollment: Enrollment, seats: int) -> list[Item]:
    """The first of the queue, or those among the first on which this person's answer is worth most."""
    if not enrollment.project.match_people:
        return list(_lock_free(_ordinary(enrollment))[:seats])
    first = _ordinary(enrollment).values_list("pk", flat=True)[: seats + CANDIDATES]
    ranked = best_first(enrollment.project_id, enrollment.annotator_id, list(first))
    # By key alone: what else was asked of them can only be made untrue by this person, who is locked.
    named = Item.objects.filter(pk__in=ranked, has_seat=True)
    free = {item.pk: item for item in _lock_free(named)}
    return [free[pk] for pk in ranked if pk in free][:seats]


def something_is_open(enrollment: Enrollment) -> bool:
    """Whether an ordinary item has a free seat for the person, locked by somebody or not."""
    return _ordinary(enrollment).exists()


def find_place(enrollment: Enrollment, now: datetime) -> None:
    """Where the search for ordinary items begins; the caller saves the enrollment.

    Invitations come after items have opened, so where items are offered by invitation all are looked at.
    """
    if not enrollment.project.by_invitation:
        go_back(enrollment, now)
        move_on(enrollment, _ordinary(enrollment))


def _ordinary(enrollment: Enrollment) -> QuerySet[Item]:
    """Served by the partial index ``items_to_claim``."""
    queue = ordinary_only(_never_seen(enrollment)).order_by("position", "id")
    by_invitation = enrollment.project.by_invitation
    return queue if by_invitation else queue.filter(position__gte=_place(enrollment))


def _place(enrollment: Enrollment) -> int:
    return HEAD if enrollment.place is None else enrollment.place


def ordinary_only(items: QuerySet[Item]) -> QuerySet[Item]:
    """Without gold and practice, which have queues of their own."""
    return items.exclude(role=ItemRole.GOLD).exclude(role=ItemRole.PRACTICE)


def _gold(enrollment: Enrollment) -> QuerySet[Item]:
    """Served by the partial index ``gold_to_claim``."""
    return _never_seen(enrollment).filter(role=ItemRole.GOLD).order_by("position", "id")


def _never_seen(enrollment: Enrollment) -> QuerySet[Item]:
    """Not even a skipped or expired seat comes back: gold could be told by what does."""
    seen = Assignment.objects.filter(item=OuterRef("pk"), annotator_id=enrollment.annotator_id)
    unseen = Item.objects.filter(~Exists(seen), project_id=enrollment.project_id, has_seat=True)
    if not enrollment.project.by_invitation:
        return unseen
    return unseen.filter(invitations__annotator_id=enrollment.annotator_id)


def _gold_items(enrollment: Enrollment, wanted: int) -> list[Item]:
    if not wanted:
        return []
    found: list[Item] = []
    for _ in range(wanted):
        taken = [item.pk for item in found]
        item = _one_gold_item(_gold(enrollment).exclude(pk__in=taken))
        if item is None:
            break
        found.append(item)
    return found


def _one_gold_item(gold: QuerySet[Item]) -> Item | None:
    """The first after a random position, else the first of all."""
    start = chance.randrange(1 << 62)
    return _lock_free(gold.filter(position__gte=start)).first() or _lock_free(gold).first()


def _lock_free(items: QuerySet[Item]) -> QuerySet[Item]:
    return items.select_for_update(skip_locked=True, no_key=True, of=("self",))
