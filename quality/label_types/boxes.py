"""Boxes: drawn boxes grouped by the object they mean, for each label."""

from labeling.label_types.boxes import DIGITS, SIDES
from labeling.label_types.configuration import plain_number, values_of
from quality.inference.box_geometry import Box
from quality.inference.boxes import BoxesConsensus
from quality.inference.typed_answers import TypedAnswers
from quality.label_types.base import Json
from quality.label_types.by_label import split


class BoxesMerge:
    method = "matched and merged boxes"

    def values(self, configuration: dict[str, Json], answers: TypedAnswers[Json]) -> list[Json]:
        labels = values_of(configuration)
        found: list[set[tuple[float, ...]]] = [set() for _ in range(answers.n_items)]
        for label, said in split(configuration, answers, _corners).items():
            for drawn, boxes in zip(found, BoxesConsensus().fit(said).value_, strict=True):
                drawn |= {(labels.index(label), *_sides(*box)) for box in boxes.tolist()}
        return [
            [
                {**dict(zip(SIDES, sides, strict=True)), "label": labels[int(code)]}
                for code, *sides in sorted(drawn)
            ]
            for drawn in found
        ]


def _corners(entry: dict[str, Json]) -> Box:
    x, y, width, height = (entry[side] for side in SIDES)
    return x, y, x + width, y + height


def _sides(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    sides = (left, top, right - left, bottom - top)
    return tuple(plain_number(round(side, DIGITS)) for side in sides)


merge = BoxesMerge()
