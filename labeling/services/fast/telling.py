"""Saying that answers were stored. The turn's transaction is over by then, or is the caller's."""

from collections.abc import Sequence

from labeling.events import answers_stored


def tell(project_id: int, item_ids: Sequence[int]) -> None:
    answers_stored.send(sender=None, project_id=project_id, item_ids=list(item_ids))
