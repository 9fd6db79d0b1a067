"""When a model that is not ours is left alone: after failures in a row nobody asks it for a while.

The record of failures is a row, so all processes know of it. After ``PATIENCE`` failures the model rests for
a minute, after each further one twice as long, at most an hour; then it is tried once. Its name is its
address, or the dotted path of its class.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from learning.models import Circuit

PATIENCE = 3
REST, LONGEST = timedelta(minutes=1), timedelta(hours=1)


def rest_after(failures: int) -> timedelta | None:
    """How long nobody asks after so many failures in a row; None: not at all."""
    if failures < PATIENCE:
        return None
    doubled: int = 2 ** min(failures - PATIENCE, 10)
    return min(LONGEST, REST * doubled)


def why_resting(project_id: int, name: str) -> str:
    """Words for people while the model rests; empty when it may be asked."""
    resting = Circuit.objects.filter(project_id=project_id, url=name, opens_at__gt=timezone.now())
    if known := resting.first():
        at = f"{known.opens_at:%H:%M:%S} UTC"
        return f"not called before {at}, after {known.failures} failures: {known.problem}"
    return ""


@transaction.atomic
def note_failure(project_id: int, name: str, problem: str) -> None:
    Circuit.objects.get_or_create(project_id=project_id, url=name)
    known = Circuit.objects.select_for_update(no_key=True).get(project_id=project_id, url=name)
    known.failures += 1
    rest = rest_after(known.failures)
    known.opens_at, known.problem = timezone.now() + rest if rest else None, problem[:300]
    known.save()


def note_success(project_id: int, name: str) -> None:
    """Writes only after a failure."""
    failed = Circuit.objects.filter(project_id=project_id, url=name, failures__gt=0)
    if failed.exists():
        failed.update(failures=0, opens_at=None, problem="")
