"""What a project has spent, quickly however long its ledger.

The ledger is append-only, so the sum up to an old entry never changes: it is remembered, for some minutes,
by the process that found it, and only what came since is added up. The newest ``TAIL`` entries are always read,
for an entry may become visible a little after one with a higher number.
"""

from django.core.cache import cache
from django.db.models import Sum

from labeling.models import LedgerEntry

TAIL = 20_000  # entries, of all projects: more than are ever under way at the same time
KEPT_SECONDS = 900


def spent_micros(project_id: int) -> int:
    """What the ledger says: money owed for answers, less what was taken back. Index ``ledger_of_project``."""
    entries = LedgerEntry.objects.filter(project_id=project_id)
    newest = entries.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return 0
    key = f"spent:{project_id}"
    until, known = cache.get(key) or (0, 0)
    if newest - until > 2 * TAIL:
        known += _sum(project_id, until, newest - TAIL)
        until = newest - TAIL
        cache.set(key, (until, known), KEPT_SECONDS)
    return int(known) + _sum(project_id, until, newest)


def _sum(project_id: int, after: int, until: int) -> int:
    part = LedgerEntry.objects.filter(project_id=project_id, pk__gt=after, pk__lte=until)
    found: int | None = part.aggregate(sum=Sum("amount_micros"))["sum"]
    return found or 0
