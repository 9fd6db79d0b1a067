"""Boxes on an image, each with a label, in pixels.

Configuration: ``{"labels": [...], "fewest": 0, "most": 100, "overlap": 0.5, "tolerance": 0.2}``. Labels as
for single choice, one or more. Answer: a list of ``{"x", "y", "width", "height", "label"}`` in pixels of the
picture as it is stored, ``x`` and ``y`` from its upper left corner; ``rotation`` may be there and must be 0.
Canonical: rounded to a hundredth of a pixel, in order, the same box only once. An answer agrees with
gold if 1 - F1 of the boxes is at most ``tolerance``: a box is found if one with its label shares at
least ``overlap`` with it (intersection over union). In a table: JSON.
"""

from collections.abc import Mapping, Sequence

from labeling.label_types import configuration as parts
from labeling.label_types.answer_parts import entries, fields_of, finite, json_from, one_of, rows_of
from labeling.label_types.base import (
    CanonicalAnswer,
    InvalidAnswer,
    InvalidConfiguration,
    Json,
    LabelType,
)
from labeling.label_types.boxes.matching import disagreement

MOST = 500
USUAL_MOST = 100
NEAR = 0.2
OVERLAP = 0.5
DIGITS = 2
SLACK = 0.01  # pixels: what rounding may put outside
LARGEST_SIDE = 100_000  # where the size of the picture is not known
FIELDS = {"labels", "fewest", "most", "overlap", "tolerance"}
SIDES = ("x", "y", "width", "height")
Box = dict[str, Json]


class Boxes(LabelType):
    name = "boxes"

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        given = parts.known_fields(configuration, FIELDS)
        fewest = parts.whole(given, "fewest", 0, MOST, 0)
        most = parts.whole(given, "most", 1, MOST, max(USUAL_MOST, fewest))
        if most < fewest:
            raise InvalidConfiguration("most", "must not be below fewest")
        return {
            "labels": parts.label_list(given.get("labels"), fewest=1),
            "fewest": fewest,
            "most": most,
            "overlap": parts.number(given, "overlap", 0.05, 1, OVERLAP),
            "tolerance": parts.number(given, "tolerance", 0, 1, NEAR),
        }

    def label_values(self, configuration: dict[str, Json]) -> list[str]:  # noqa: ARG002
        return []

    def canonical(
        self, configuration: dict[str, Json], value: Json, payload: Json
    ) -> CanonicalAnswer:
        labels, size = parts.values_of(configuration), _size(payload)
        given = entries(value, configuration["most"])
        boxes = [_box(f"value.{n}", box, size, labels) for n, box in enumerate(given)]
        keys = {(labels.index(b["label"]), *(b[side] for side in SIDES)) for b in boxes}
        if len(keys) < configuration["fewest"]:
            raise InvalidAnswer("value", f"must hold at least {configuration['fewest']} boxes")
        return CanonicalAnswer(
            [
                {**dict(zip(SIDES, sides, strict=True)), "label": labels[code]}
                for code, *sides in sorted(keys)
            ]
        )

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:
        apart = disagreement(value, known, least=configuration["overlap"])
        return apart <= float(configuration["tolerance"])

    def from_text(self, configuration: dict[str, Json], text: str) -> Json:  # noqa: ARG002
        return json_from(text)

    def from_form(
        self,
        configuration: dict[str, Json],  # noqa: ARG002
        fields: Mapping[str, Sequence[str]],
    ) -> Json:
        return rows_of(fields, ["label"], SIDES)


def _size(payload: Json) -> tuple[float, float]:
    """Width and height of the picture."""
    image = payload.get("image") if isinstance(payload, Mapping) else None
    width, height = [
        image.get(side) if isinstance(image, Mapping) else None for side in ("width", "height")
    ]
    if type(width) is int and type(height) is int and min(width, height) > 0:
        return width, height
    return LARGEST_SIDE, LARGEST_SIDE


def _box(path: str, value: Json, size: tuple[float, float], labels: Sequence[str]) -> Box:
    fields = fields_of(path, value, {*SIDES, "label"}, {"rotation"})
    if finite(f"{path}.rotation", fields.get("rotation", 0)) != 0:
        raise InvalidAnswer(f"{path}.rotation", "must be 0")
    box = {name: _pixels(f"{path}.{name}", fields[name]) for name in SIDES}
    for place, length, whole in (("x", "width", size[0]), ("y", "height", size[1])):
        if not 0 <= box[place] < whole:
            raise InvalidAnswer(f"{path}.{place}", f"is outside the picture ({whole} pixels)")
        if not 0 < box[length] <= whole - box[place] + SLACK:
            raise InvalidAnswer(
                f"{path}.{length}", f"must be above 0 and within the picture ({whole} pixels)"
            )
    return {**box, "label": one_of(f"{path}.label", fields["label"], labels)}


def _pixels(path: str, value: Json) -> float:
    return parts.plain_number(round(finite(path, value), DIGITS))


label_type = Boxes()
