"""What quality does on hearing labeling: send a hint, nothing more."""

from typing import Any

from django.dispatch import receiver

from jobs.hints import nudge_soon
from labeling.events import answers_stored
from quality.tasks import settle


@receiver(answers_stored)
def settle_after_answers(*, project_id: int, **_: Any) -> None:
    nudge_soon(settle, project_id)
