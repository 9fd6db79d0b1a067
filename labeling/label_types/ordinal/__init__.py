"""Ordinal rating: one of several steps in an order.

Configuration: ``{"labels": ["bad", "fair", "good"], "tolerance": 1}``. Labels as for single choice, from
the lowest to the highest; an answer agrees with gold if it is at most ``tolerance`` steps away (default:
one step on a scale of five or more, else none). Answer: the value, as a string.
"""

from labeling.label_types.answer_parts import one_of
from labeling.label_types.base import CanonicalAnswer, Json, LabelType
from labeling.label_types.configuration import known_fields, label_list, values_of, whole

LONG_SCALE = 5  # steps; neighbours on a scale of so many are hard to tell apart


class Ordinal(LabelType):
    name = "ordinal"

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        given = known_fields(configuration, {"labels", "tolerance"})
        labels = label_list(given.get("labels"))
        usual = int(len(labels) >= LONG_SCALE)
        return {
            "labels": labels,
            "tolerance": whole(given, "tolerance", 0, len(labels) - 1, usual),
        }

    def label_values(self, configuration: dict[str, Json]) -> list[str]:
        return values_of(configuration)

    def canonical(
        self,
        configuration: dict[str, Json],
        value: Json,
        payload: Json,  # noqa: ARG002
    ) -> CanonicalAnswer:
        values = self.label_values(configuration)
        chosen = one_of("value", value, values)
        return CanonicalAnswer(chosen, values.index(chosen))

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:
        values = self.label_values(configuration)
        apart = abs(values.index(value) - values.index(known))
        return apart <= int(configuration["tolerance"])


label_type = Ordinal()
