"""Calls to a model on another machine, and when none is made: after failures in a row nobody calls for a while.

The record of failures is a row, so all processes know of it. After ``PATIENCE`` failures calls rest for a
minute, after each further one twice as long, at most an hour; then one call is tried.
"""

import base64
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from learning.models import Circuit
from outgoing.calling import CallFailed, post_json
from outgoing.places import NotAllowed

SECONDS = 60.0
PATIENCE = 3
REST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
PURPOSE = "learning.external"


def call(project_id: int, url: str, what: str, body: dict[str, Any]) -> Any:
    """The answer to ``what``. Raises CallFailed or NotAllowed, with words for people."""
    _require_rested(project_id, url)
    address = f"{url.rstrip('/')}/{what}"
    try:
        answer = post_json(address, body, secret=secret_of(project_id), seconds=SECONDS)
    except (CallFailed, NotAllowed) as error:
        _note_failure(project_id, url, str(error))
        raise
    Circuit.objects.filter(project_id=project_id, url=url, failures__gt=0).update(
        failures=0, opens_at=None, problem=""
    )
    return answer


def secret_of(project_id: int) -> bytes:
    """What the other machine checks our signature with; changes with SECRET_KEY."""
    return salted_hmac(PURPOSE, str(project_id), algorithm="sha256").digest()


def written_secret(project_id: int) -> str:
    """As libraries for Standard Webhooks take it."""
    return f"whsec_{base64.b64encode(secret_of(project_id)).decode()}"


def rest_after(failures: int) -> timedelta | None:
    """How long nobody calls after so many failures in a row; None: not at all."""
    if failures < PATIENCE:
        return None
    doubled: int = 2 ** min(failures - PATIENCE, 10)
    return min(LONGEST, REST * doubled)


def _require_rested(project_id: int, url: str) -> None:
    resting = Circuit.objects.filter(project_id=project_id, url=url, opens_at__gt=timezone.now())
    if known := resting.first():
        at = f"{known.opens_at:%H:%M:%S} UTC"
        raise CallFailed(
            f"not called before {at}, after {known.failures} failures: {known.problem}"
        )


@transaction.atomic
def _note_failure(project_id: int, url: str, problem: str) -> None:
    Circuit.objects.get_or_create(project_id=project_id, url=url)
    known = Circuit.objects.select_for_update(no_key=True).get(project_id=project_id, url=url)
    known.failures += 1
    rest = rest_after(known.failures)
    known.opens_at, known.problem = timezone.now() + rest if rest else None, problem[:300]
    known.save()
