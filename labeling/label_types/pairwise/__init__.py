"""Pairwise comparison: which of two things in the payload is it?

Configuration: ``{"left": "a", "right": "b", "ties": true}``. ``left`` and ``right`` name the fields of the
payload that hold the two things (default: ``left`` and ``right``); with ``ties`` neither may win (default:
one must). Answer: ``"left"``, ``"right"`` or ``"tie"``; the field's name and the thing itself are not
answers, because the same pair may be shown the other way round.
"""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from labeling.label_types.answer_parts import one_of
from labeling.label_types.base import CanonicalAnswer, InvalidConfiguration, Json, LabelType
from labeling.label_types.configuration import flag, known_fields, name_of_field

LEFT, RIGHT, TIE = "left", "right", "tie"


class Pairwise(LabelType):
    name = "pairwise"
    titles: ClassVar[Mapping[str, Promise]] = {
        LEFT: gettext_lazy("Left"),
        RIGHT: gettext_lazy("Right"),
        TIE: gettext_lazy("Neither"),
    }

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        given = known_fields(configuration, {"left", "right", "ties"})
        left = name_of_field(given, "left", LEFT)
        right = name_of_field(given, "right", RIGHT)
        if left == right:
            raise InvalidConfiguration("right", "must be another field than left")
        return {"left": left, "right": right, "ties": flag(given, "ties", default=False)}

    def label_values(self, configuration: dict[str, Json]) -> list[str]:
        return [LEFT, RIGHT, TIE] if configuration["ties"] else [LEFT, RIGHT]

    def canonical(
        self,
        configuration: dict[str, Json],
        value: Json,
        payload: Json,  # noqa: ARG002
    ) -> CanonicalAnswer:
        values = self.label_values(configuration)
        chosen = one_of("value", value, values)
        return CanonicalAnswer(chosen, values.index(chosen))

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:  # noqa: ARG002
        return bool(value == known)


label_type = Pairwise()
