"""Labels of items that have no row here. Whoever gave such labels registers itself.

    elsewhere.set_source(streamed)      # in AppConfig.ready() of a higher app

Exports put them behind the labels of the project's items.
"""

from collections.abc import Callable, Iterator

from labeling.models import Project
from quality.queries.labels import LabelRow

Source = Callable[[Project], Iterator[LabelRow]]


def nothing(_project: Project) -> Iterator[LabelRow]:
    return iter(())


class _Registered:
    source: Source = staticmethod(nothing)


def set_source(source: Source) -> None:
    """Whom to ask from now on. The last registration counts."""
    _Registered.source = staticmethod(source)


def labels_elsewhere(project: Project) -> Iterator[LabelRow]:
    """In the order in which they were given."""
    return _Registered.source(project)
