"""What the machine said about items of the stream that nobody was asked about, as labels to take away."""

from collections.abc import Iterator

from labeling.models import Project
from learning.models import Streamed
from quality.queries import LabelRow
from quality.queries.labels import label_values_of

METHOD, STATE = "stream", "machine"
AT_ONCE = 2000


def streamed_labels(project: Project) -> Iterator[LabelRow]:
    """In the order in which they came; what people were asked about is an item like any other."""
    values, last = label_values_of(project.pk), 0
    told = Streamed.objects.filter(project=project, asked=False).order_by("pk")
    while rows := list(told.filter(pk__gt=last)[:AT_ONCE]):
        last = rows[-1].pk
        for row in rows:
            yield _label(row, values)


def _label(row: Streamed, values: dict[int, str]) -> LabelRow:
    return LabelRow(
        item="",
        external_id=row.external_id,
        label=None if row.label_code is None else values.get(row.label_code),
        confidence=row.confidence,
        answers=0,
        method=METHOD,
        state=STATE,
        model="" if row.model is None else f"model {row.model}",
    )
