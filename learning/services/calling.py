"""Calls to a model on another machine; none is made while it rests (``services.circuits``)."""

import base64
from typing import Any

from django.utils.crypto import salted_hmac

from learning.services.circuits import note_failure, note_success, why_resting
from outgoing.calling import CallFailed, post_json
from outgoing.places import NotAllowed

SECONDS = 60.0
PURPOSE = "learning.external"


def call(
    project_id: int, url: str, what: str, body: dict[str, Any], *, seconds: float = SECONDS
) -> Any:
    """The answer to ``what``. Raises CallFailed or NotAllowed, with words for people."""
    if resting := why_resting(project_id, url):
        raise CallFailed(resting)
    address = f"{url.rstrip('/')}/{what}"
    try:
        answer = post_json(address, body, secret=secret_of(project_id), seconds=seconds)
    except (CallFailed, NotAllowed) as error:
        note_failure(project_id, url, str(error))
        raise
    note_success(project_id, url)
    return answer


def secret_of(project_id: int) -> bytes:
    """What the other machine checks our signature with; changes with SECRET_KEY."""
    return salted_hmac(PURPOSE, str(project_id), algorithm="sha256").digest()


def written_secret(project_id: int) -> str:
    """As libraries for Standard Webhooks take it."""
    return f"whsec_{base64.b64encode(secret_of(project_id)).decode()}"
