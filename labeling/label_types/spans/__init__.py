"""Text spans: passages of the item's text, each with a label.

Configuration: ``{"labels": [...], "field": "text", "overlaps": false, "fewest": 0, "most": 200, "tolerance": 0.2}``.
Labels as for single choice, one or more; ``field`` names the payload's text. Answer: a list of
``{"start", "end", "label"}``: ``start`` and ``end`` count Unicode code points (not bytes, not UTF-16 units)
from 0, ``end`` is behind the last one. Canonical: in order, the same span only once. An answer agrees
with gold if 1 - F1 of the characters, each with its label, is at most ``tolerance``. In a table: JSON.
"""

from collections.abc import Mapping, Sequence

from labeling.label_types import configuration as parts
from labeling.label_types.answer_parts import entries, fields_of, json_from, one_of, rows_of, whole
from labeling.label_types.base import (
    CanonicalAnswer,
    InvalidAnswer,
    InvalidConfiguration,
    Json,
    LabelType,
)
from labeling.label_types.spans.characters import disagreement

MOST = 1000
USUAL_MOST = 200
NEAR = 0.2
FIELDS = {"labels", "field", "overlaps", "fewest", "most", "tolerance"}
Span = dict[str, Json]


class Spans(LabelType):
    name = "spans"

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        given = parts.known_fields(configuration, FIELDS)
        fewest = parts.whole(given, "fewest", 0, MOST, 0)
        most = parts.whole(given, "most", 1, MOST, max(USUAL_MOST, fewest))
        if most < fewest:
            raise InvalidConfiguration("most", "must not be below fewest")
        return {
            "labels": parts.label_list(given.get("labels"), fewest=1),
            "field": parts.name_of_field(given, "field", "text"),
            "overlaps": parts.flag(given, "overlaps", default=False),
            "fewest": fewest,
            "most": most,
            "tolerance": parts.number(given, "tolerance", 0, 1, NEAR),
        }

    def label_values(self, configuration: dict[str, Json]) -> list[str]:  # noqa: ARG002
        return []

    def canonical(
        self, configuration: dict[str, Json], value: Json, payload: Json
    ) -> CanonicalAnswer:
        length, labels = _length(configuration, payload), parts.values_of(configuration)
        given = entries(value, configuration["most"])
        spans = [_span(f"value.{n}", span, length, labels) for n, span in enumerate(given)]
        if not configuration["overlaps"]:
            _refuse_overlaps(spans)
        found = {(span["start"], span["end"], labels.index(span["label"])) for span in spans}
        if len(found) < configuration["fewest"]:
            raise InvalidAnswer("value", f"must hold at least {configuration['fewest']} spans")
        return CanonicalAnswer(
            [{"start": a, "end": b, "label": labels[code]} for a, b, code in sorted(found)]
        )

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:
        return disagreement(value, known) <= float(configuration["tolerance"])

    def from_text(self, configuration: dict[str, Json], text: str) -> Json:  # noqa: ARG002
        return json_from(text)

    def from_form(
        self,
        configuration: dict[str, Json],  # noqa: ARG002
        fields: Mapping[str, Sequence[str]],
    ) -> Json:
        return rows_of(fields, ["label"], ["start", "end"])


def _length(configuration: dict[str, Json], payload: Json) -> int:
    """How many code points the text has; 0 for an item without one."""
    text = payload.get(configuration["field"]) if isinstance(payload, Mapping) else None
    return len(text) if isinstance(text, str) else 0


def _span(path: str, value: Json, length: int, labels: Sequence[str]) -> Span:
    fields = fields_of(path, value, {"start", "end", "label"})
    start, end = whole(f"{path}.start", fields["start"]), whole(f"{path}.end", fields["end"])
    if not 0 <= start < length:
        raise InvalidAnswer(f"{path}.start", f"is outside the text of {length} characters")
    if not start < end <= length:
        raise InvalidAnswer(f"{path}.end", f"must be behind start, at most {length}")
    return {"start": start, "end": end, "label": one_of(f"{path}.label", fields["label"], labels)}


def _refuse_overlaps(spans: Sequence[Span]) -> None:
    """Spans may touch; the same span twice with one label is a repetition, not an overlap."""
    last: Span | None = None
    order = sorted(range(len(spans)), key=lambda n: (spans[n]["start"], spans[n]["end"]))
    for n in order:
        if last is not None and spans[n]["start"] < last["end"] and spans[n] != last:
            raise InvalidAnswer(f"value.{n}.start", "overlaps another span")
        last = spans[n]


label_type = Spans()
