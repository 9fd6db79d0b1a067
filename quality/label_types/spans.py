"""Text spans: marked characters for each label, then one list without forbidden overlaps."""

from labeling.label_types.configuration import values_of
from quality.inference.span_segments import Span
from quality.inference.spans import SpansConsensus
from quality.inference.typed_answers import TypedAnswers
from quality.label_types.base import Json
from quality.label_types.by_label import split

Marked = tuple[float, int, int, int]  # confidence (negative: best first), start, end, label's place


class SpansMerge:
    method = "sequence model of marked characters"

    def values(self, configuration: dict[str, Json], answers: TypedAnswers[Json]) -> list[Json]:
        labels = values_of(configuration)
        found: list[list[Marked]] = [[] for _ in range(answers.n_items)]
        for label, said in split(configuration, answers, _range).items():
            fitted = SpansConsensus().fit(said)
            for marked, spans, sure in zip(
                found, fitted.value_, fitted.confidence_.tolist(), strict=True
            ):
                marked += [(-sure, start, end, labels.index(label)) for start, end in spans]
        return [_listed(marked, labels, overlaps=configuration["overlaps"]) for marked in found]


def _range(entry: dict[str, Json]) -> Span:
    return entry["start"], entry["end"]


def _listed(marked: list[Marked], labels: list[str], *, overlaps: bool) -> list[Json]:
    """In order; where spans must not overlap, the surer ones stay."""
    kept: list[Marked] = []
    for one in sorted(marked):
        if overlaps or all(one[2] <= other[1] or other[2] <= one[1] for other in kept):
            kept.append(one)
    kept.sort(key=lambda one: one[1:])
    return [{"start": a, "end": b, "label": labels[code]} for _, a, b, code in kept]


merge = SpansMerge()
