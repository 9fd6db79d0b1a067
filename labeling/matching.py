"""On which item a person's answer is worth most. Labeling knows neither skill nor doubt.

    matching.set_source(worths)      # in AppConfig.ready() of a higher app

The source is asked while a claim holds locks: it must take less than a millisecond for a dozen items.
"""

from collections.abc import Callable, Sequence

Source = Callable[[int, int, Sequence[int]], Sequence[float] | None]


def no_opinion(_project_id: int, _annotator_id: int, _item_ids: Sequence[int]) -> None:
    return None


class _Registered:
    source: Source = staticmethod(no_opinion)


def set_source(source: Source) -> None:
    """Whom to ask from now on: (project, person, items) to one worth an item. The last one counts."""
    _Registered.source = staticmethod(source)


def best_first(project_id: int, annotator_id: int, item_ids: Sequence[int]) -> list[int]:
    """The items by falling worth; in the order of the queue where worths are equal or unknown."""
    worths = _Registered.source(project_id, annotator_id, item_ids)
    if worths is None:
        return list(item_ids)
    by_worth = sorted(zip(worths, item_ids, strict=True), key=lambda pair: -pair[0])
    return [item_id for _, item_id in by_worth]
